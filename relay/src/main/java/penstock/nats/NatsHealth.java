package penstock.nats;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.finding.FindingSeverity;
import penstock.finding.OperatorFinding;

/** What is wrong with a connection to NATS, in words. Any thread; its methods take one lock for a moment. */
public final class NatsHealth {
    private static final Logger LOG = LoggerFactory.getLogger(NatsHealth.class);
    private static final int MAX_WORDS = 300;
    /** Without a connection in between. */
    private static final int MAX_LOGGED = 16;
    /** Subjects that a user may not use: more are counted with these. */
    private static final int MAX_SUBJECTS = 32;
    /** A reconnect to another server takes less. */
    private static final long SLOW_US = 2_000_000;
    /** Partitions are published to four times a second at least. */
    private static final long REFUSED_FOR_US = 10_000_000;

    /**
     * What differs by the use of a connection.
     *
     * @param subject   of findings, and of lines of the log
     * @param away      what follows while there is no connection
     * @param login     what to do if the servers refuse the login
     * @param tls       what to do if TLS fails
     * @param servers   what to do if no server answers
     * @param subjects  what to do if the servers refuse a subject
     */
    public record Words(String subject, String away, String login, String tls, String servers, String subjects) {
    }

    private final Words words;
    private final LongSupplier epochUs;
    private boolean isConnected;
    private String problem = "not connected yet";
    private boolean isRefused;
    /** What failed since the last attempt to connect; null = nothing is known. */
    private String failure;
    private long sinceUs;
    /** What the log has since there was a connection: one failure may have several words in turn. */
    private final Set<String> logged = new HashSet<>();
    /** When each was refused first and last, by what the server said. */
    private final Map<String, long[]> refusals = new LinkedHashMap<>();

    /** {@code epochUs}: microseconds since 1970. */
    public NatsHealth(final Words words, final LongSupplier epochUs) {
        this.words = words;
        this.epochUs = epochUs;
        sinceUs = epochUs.getAsLong();
    }

    /** There is a connection, to the server of that address. */
    synchronized void onConnected(final String server) {
        LOG.info("{}: connected to {}", words.subject, withoutLogin(server));
        isConnected = true;
        isRefused = false;
        failure = null;
        refusals.clear();
        problem = null;
        logged.clear();
        sinceUs = epochUs.getAsLong();
    }

    /** There is no connection, and it is not the login. */
    synchronized void onLost(final String why) {
        onAway(failure == null || why.contains(failure) ? why : why + ": " + failure, false);
        failure = null;
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
            // a time that is over, or an end, may follow what they come of
            failure = failure != null && isOfTls(failure) && !isOfTls(what) ? failure : shorten(what);
            problem = failure;
        }
    }

    /** The server said that. */
    synchronized void onError(final String error) {
        if (isOfLogin(error)) {
            onAway(error, true);
        } else if (error.toLowerCase(Locale.ROOT).contains("permissions violation")) {
            final String refusal = shorten(error);
            final long[] seen = refusals.get(refusal);
            final long nowUs = epochUs.getAsLong();
            if (seen != null) {
                seen[1] = nowUs;
            } else if (refusals.size() < MAX_SUBJECTS) {
                if (refusals.isEmpty()) {
                    LOG.warn("{}: the server refuses a subject ({}): {}", words.subject, refusal, words.subjects);
                }
                refusals.put(refusal, new long[] {nowUs, nowUs});
            }
        } else {
            LOG.warn("{}: the server said: {}", words.subject, shorten(error));
        }
    }

    /** What the operator is to know. */
    public synchronized List<OperatorFinding> find() {
        final List<OperatorFinding> found = new ArrayList<>();
        final long nowUs = epochUs.getAsLong();
        if (!isConnected && nowUs - sinceUs >= SLOW_US) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, words.subject, words.away, problem, sinceUs,
                remedy()));
        }
        forget(nowUs);
        if (!refusals.isEmpty()) {
            final Map.Entry<String, long[]> first = refusals.entrySet().iterator().next();
            found.add(new OperatorFinding(FindingSeverity.WARNING, words.subject,
                "the server refuses " + (refusals.size() < MAX_SUBJECTS ? "" : "at least ") + refusals.size()
                + " of its subjects", first.getKey(), first.getValue()[0], words.subjects));
        }
        return found;
    }

    /** What is wrong, and what to do, in words; null if nothing is known to be. */
    public synchronized String problem() {
        forget(epochUs.getAsLong());
        return !isConnected ? problem + "; " + remedy() : refusals.isEmpty() ? null
            : "the server refuses a subject, " + refusals.keySet().iterator().next() + "; " + words.subjects;
    }

    /** Of a subscription the servers say only once that it is refused. */
    private void forget(final long nowUs) {
        refusals.entrySet().removeIf(each -> each.getKey().toLowerCase(Locale.ROOT).contains("publish")
            && nowUs - each.getValue()[1] > REFUSED_FOR_US);
    }

    /** An exception in words, with that of its cause if it has none of its own. */
    static String words(final Throwable failure) {
        final Throwable cause = failure.getCause();
        final String own = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return cause == null || cause.getMessage() == null || own.contains(cause.getMessage()) ? own
            : own + ": " + cause.getMessage();
    }

    private void onAway(final String why, final boolean isOfLogin) {
        final String shown = shorten(why);
        if (isConnected) {
            sinceUs = epochUs.getAsLong();
        }
        isConnected = false;
        isRefused = isOfLogin || isOfLogin(why);
        problem = shown;
        if (logged.size() < MAX_LOGGED && logged.add(shown)) {
            LOG.warn("{}: not connected ({}): {}", words.subject, shown, remedy());
        }
    }

    private String remedy() {
        return isRefused ? words.login : isOfTls(problem) ? words.tls : words.servers;
    }

    private static boolean isOfTls(final String what) {
        final String lower = what.toLowerCase(Locale.ROOT).replace("tls://", "");
        return Stream.of("tls", "ssl", "certif").anyMatch(lower::contains);
    }

    private static boolean isOfLogin(final String what) {
        final String lower = what.toLowerCase(Locale.ROOT);
        return lower.contains("authori") && !lower.contains("authorit") || lower.contains("authentication");
    }

    private static String shorten(final String what) {
        final String printable = String.valueOf(what).replaceAll("[^ -~]", "?");
        return withoutLogin(printable.substring(0, Math.min(MAX_WORDS, printable.length())));
    }

    private static String withoutLogin(final String what) {
        return what.replaceAll("//[^/@ ]*@", "//");
    }
}
