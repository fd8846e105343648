package penstock.bus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.finding.FindingSeverity;
import penstock.finding.OperatorFinding;

/** What is wrong with the bus, in words. Any thread; its methods take one lock for a moment. */
final class BusHealth {
    private static final Logger LOG = LoggerFactory.getLogger(BusHealth.class);
    private static final String SUBJECT = "bus";
    private static final int MAX_WORDS = 300;
    /** Subjects that a user may not use: more are counted with these. */
    private static final int MAX_SUBJECTS = 32;
    /** A reconnect to another server takes less. */
    private static final long SLOW_US = 2_000_000;
    /** Partitions are published to four times a second at least. */
    private static final long REFUSED_FOR_US = 10_000_000;

    private final LongSupplier epochUs;
    private boolean isConnected;
    private String problem = "not connected yet";
    private boolean isRefused;
    private long sinceUs;
    /** The words of the last line of the log; null while there is a connection. */
    private String logged;
    /** When each was refused first and last, by what the server said. */
    private final Map<String, long[]> refusals = new LinkedHashMap<>();

    /** {@code epochUs}: microseconds since 1970. */
    BusHealth(final LongSupplier epochUs) {
        this.epochUs = epochUs;
        sinceUs = epochUs.getAsLong();
    }

    /** There is a connection, to the server of that address. */
    synchronized void onConnected(final String server) {
        LOG.info("bus: connected to {}", withoutLogin(server));
        isConnected = true;
        isRefused = false;
        problem = null;
        logged = null;
        sinceUs = epochUs.getAsLong();
    }

    /** There is no connection, and it is not the login. */
    synchronized void onLost(final String why) {
        onAway(why, false);
    }

    /** The connection was lost, if there was one. */
    synchronized void onDisconnected() {
        if (isConnected) {
            onAway("the connection was lost", false);
        }
    }

    /** The servers refuse the login, or a file for it is of no use. */
    synchronized void onRefused(final String why) {
        onAway(why, true);
    }

    /** Something failed, which may be why there is no connection. */
    synchronized void onProblem(final String what) {
        if (!isConnected) {
            isRefused |= isOfLogin(what);
            problem = shorten(what);
        }
    }

    /** The server said that. */
    synchronized void onError(final String error) {
        if (isOfLogin(error)) {
            onAway(error, true);
        } else if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
            final String words = shorten(error);
            final long[] seen = refusals.get(words);
            final long nowUs = epochUs.getAsLong();
            if (seen != null) {
                seen[1] = nowUs;
            } else if (refusals.size() < MAX_SUBJECTS) {
                if (refusals.isEmpty()) {
                    LOG.warn("bus: the server refuses a subject ({}): {}", words, remedyOfRefusal());
                }
                refusals.put(words, new long[] {nowUs, nowUs});
            }
        } else {
            LOG.warn("bus: the server said: {}", shorten(error));
        }
    }

    /** What the operator is to know. */
    synchronized List<OperatorFinding> find() {
        final List<OperatorFinding> found = new ArrayList<>();
        final long nowUs = epochUs.getAsLong();
        if (!isConnected && nowUs - sinceUs >= SLOW_US) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT,
                "it is not connected: its readers are sent nothing, and what they miss is conflated", problem,
                sinceUs, remedy()));
        }
        refusals.values().removeIf(seen -> nowUs - seen[1] > REFUSED_FOR_US);
        if (!refusals.isEmpty()) {
            final Map.Entry<String, long[]> first = refusals.entrySet().iterator().next();
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT,
                "the server refuses " + (refusals.size() < MAX_SUBJECTS ? "" : "at least ") + refusals.size()
                + " of its subjects", first.getKey(), first.getValue()[0], remedyOfRefusal()));
        }
        return found;
    }

    /** An exception in words, with that of its cause if it has none of its own. */
    static String words(final Throwable failure) {
        final Throwable cause = failure.getCause();
        final String own = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return cause == null || cause.getMessage() == null || own.contains(cause.getMessage()) ? own
            : own + ": " + cause.getMessage();
    }

    private void onAway(final String why, final boolean isOfLogin) {
        final String words = shorten(why);
        final boolean isNews = !words.equals(logged);
        if (isConnected) {
            sinceUs = epochUs.getAsLong();
        }
        isConnected = false;
        isRefused = isOfLogin || isOfLogin(why);
        problem = words;
        if (isNews) {
            logged = words;
            LOG.warn("bus: not connected ({}): {}", words, remedy());
        }
    }

    private String remedy() {
        return isRefused ? "look at bus.nats.credentials-file, user, password-file or token-file, and at the users in "
            + "the configuration of the server" : problem.toLowerCase(Locale.ROOT).contains("tls")
            || problem.toLowerCase(Locale.ROOT).contains("certificate")
            ? "look at bus.nats.tls, and whether bus.nats.url begins with tls:// as the server wants it"
            : "look at the servers in bus.nats.url, and at the network between; it connects again by itself";
    }

    private static String remedyOfRefusal() {
        return "give the user of the relay the permissions of the page \"the feeds on a NATS bus\"";
    }

    private static boolean isOfLogin(final String words) {
        final String lower = words.toLowerCase(Locale.ROOT);
        return lower.contains("authori") && !lower.contains("authorit") || lower.contains("authentication");
    }

    private static String shorten(final String words) {
        final String printable = String.valueOf(words).replaceAll("[^ -~]", "?");
        return withoutLogin(printable.substring(0, Math.min(MAX_WORDS, printable.length())));
    }

    private static String withoutLogin(final String words) {
        return words.replaceAll("//[^/@ ]*@", "//");
    }
}
