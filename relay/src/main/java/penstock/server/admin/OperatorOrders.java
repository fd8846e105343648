package penstock.server.admin;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.harm.InspectedSession;
import penstock.server.IoThreadContexts;
import penstock.text.PrintableText;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;

/**
 * What the operator says to sessions: a sentence, or that they end. It goes to the sessions of this relay, and to the
 * edges behind it, which do the same.
 *
 * <p>Begun by any thread; runs on the io threads.
 */
public final class OperatorOrders {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorOrders.class);
    private static final String REASON = "closed by the operator";
    private static final String PRODUCT = "product";
    private static final long RETURN_AFTER_MS = 100;
    /** Many that are closed together do not return together. */
    private static final long RETURN_EVERY_MS = 2;
    private static final int RETURNING = 45;
    /** Ends a stream of server-sent events, see {@code ControlMessages}. */
    private static final String END = "closed: ";
    /** A session that reads nothing holds some of them at most, until its replies are over their limit. */
    private static final int MAX_CHARS = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final IoThreadContexts contexts;

    /**
     * A sentence for clients.
     *
     * @param to      which sessions
     * @param product of clients with this product; null = of all
     * @param level   how serious it is
     */
    record Notice(SessionFilter to, String product, String level, String text) {
    }

    /**
     * An order of the operator at the first relay.
     *
     * @param id    no other order has it
     * @param ageMs how long ago it was given; 0 = just now
     */
    public record Given(String id, long ageMs) {
        private static final String ID = "[0-9a-z]{1,32}";

        /** What another relay says; one of an earlier release says neither. */
        public static Given of(final String id, final long ageMs) {
            return id != null && id.matches(ID) ? new Given(id, ageMs) : now();
        }

        static Given now() {
            return new Given(Long.toHexString(RANDOM.nextLong()), 0);
        }

        long ageNs() {
            return TimeUnit.MILLISECONDS.toNanos(ageMs);
        }
    }

    /** To the sessions of {@code contexts}. */
    public OperatorOrders(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    /** What is wrong with the text of a notice, as the end of a sentence; null if it is right. */
    static String problemOf(final String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_CHARS || PrintableText.firstUnprintable(text) >= 0) {
            return "is what clients are to read: 1 to " + MAX_CHARS + " characters, none of them a control character";
        }
        return text.startsWith(END)
            ? "does not begin with '" + END + "', which ends a stream of server-sent events" : null;
    }

    /** Sends a notice to those sessions of a shard that it is for. */
    SessionAction send(final Shard shard, final Notice notice) {
        return send(shard, notice, 0);
    }

    private static SessionAction send(final Shard shard, final Notice notice, final long ageNs) {
        final long nowNs = shard.clock().nowNs();
        final MessageBuffer message = new MessageBuffer(128 + 2 * notice.text().length());
        MessageEncoder.notice(message, notice.level(), notice.text(), shard.clock().epochUs(nowNs - ageNs));
        return new SessionAction(shard, session -> {
            final boolean isMeant = isMeant(session, notice) && isOlder(session, nowNs, ageNs);
            if (isMeant) {
                session.send(message);
            }
            return isMeant;
        });
    }

    /** Sends it to the edges, too; returns to how many. */
    int pass(final Notice notice, final long epochUs) {
        return pass(notice, epochUs, Given.now());
    }

    private int pass(final Notice notice, final long epochUs, final Given given) {
        final MessageBuffer message = new MessageBuffer(256 + 2 * notice.text().length());
        message.put("{\"type\":\"notice\",\"level\":").putString(notice.level()).put(",\"text\":")
            .putString(notice.text()).put(",\"ts\":").put(epochUs);
        to(message, notice.to(), notice.product());
        return contexts.edges().order(given.id, given.ageNs(), message);
    }

    /** Closes those sessions of a shard that are meant. */
    SessionAction close(final Shard shard, final SessionFilter filter, final boolean mayReturn) {
        return close(shard, filter, mayReturn, 0);
    }

    private static SessionAction close(final Shard shard, final SessionFilter filter, final boolean mayReturn,
            final long ageNs) {
        final long nowNs = shard.clock().nowNs();
        final long[] returnAfterMs = {RETURN_AFTER_MS};
        return new SessionAction(shard, session -> {
            final InspectedSession parts = session.inspected();
            if (!filter.matches(parts) || isEdge(parts) && !filter.isOfName() || !isOlder(session, nowNs, ageNs)) {
                return false;
            }
            close(session, mayReturn, returnAfterMs[0]);
            returnAfterMs[0] += RETURN_EVERY_MS;
            return true;
        });
    }

    /** Has edges close theirs, too; returns how many edges there are. */
    int pass(final SessionFilter filter, final boolean mayReturn) {
        return pass(filter, mayReturn, Given.now());
    }

    private int pass(final SessionFilter filter, final boolean mayReturn, final Given given) {
        final MessageBuffer message = new MessageBuffer(256).put("{\"type\":\"revoke\"");
        to(message, filter, null);
        final CloseStatus status = mayReturn ? CloseStatus.DRAINING : CloseStatus.FORBIDDEN;
        return contexts.edges().order(given.id, given.ageNs(), message.put(",\"code\":").put(status.code())
            .put(",\"reason\":").putString(REASON));
    }

    /**
     * This relay is an edge, and its ingest passes a notice on; {@code to} has the names of its parameters. Sessions
     * that have begun since it was given are not meant.
     */
    public void onNotice(final Map<String, String> to, final String level, final String text, final long epochUs,
            final Given given) {
        final SessionFilter filter = filter(to);
        if (filter == null || problemOf(text) != null) {
            LOG.warn("a notice of the ingest is not as it should be, and is not sent");
            return;
        }
        final Notice notice = new Notice(filter, to.get(PRODUCT), level, text);
        if (pass(notice, epochUs, given) >= 0) {
            LOG.info("link: the operator of the ingest says: {}", PrintableText.excerpt(text));
            onEachShard(shard -> send(shard, notice, given.ageNs()));
        }
    }

    /** This relay is an edge, and its ingest has sessions closed with that code; not those that have begun since. */
    public void onClose(final Map<String, String> to, final int code, final Given given) {
        final SessionFilter filter = filter(to);
        if (filter == null || filter.isOfAll()) {
            LOG.warn("the ingest does not say which sessions are to be closed, and none is");
            return;
        }
        final boolean mayReturn = code / 100 == RETURNING;
        if (pass(filter, mayReturn, given) >= 0) {
            onEachShard(shard -> close(shard, filter, mayReturn, given.ageNs()));
        }
    }

    private interface Order {
        SessionAction of(Shard shard);
    }

    private void onEachShard(final Order order) {
        contexts.all().forEach(context -> context.execute(() -> context.work().addLater(order.of(context.shard()))));
    }

    private static SessionFilter filter(final Map<String, String> to) {
        try {
            return SessionFilter.of(to::get);
        } catch (final RequestException e) {
            return null;
        }
    }

    private static void to(final MessageBuffer out, final SessionFilter filter, final String product) {
        out.put(",\"to\":{");
        String separator = "";
        for (final Map.Entry<String, String> each : filter.named().entrySet()) {
            out.put(separator).putString(each.getKey()).put(':').putString(each.getValue());
            separator = ",";
        }
        if (product != null) {
            out.put(separator).putString(PRODUCT).put(':').putString(product);
        }
        out.put('}');
    }

    /** A session of raw payloads has no messages; one that reads nothing is not sent more. */
    private static boolean isMeant(final Session session, final Notice notice) {
        final InspectedSession parts = session.inspected();
        return parts.profile().hasMessages() && !parts.queue().isOverLimit() && !isEdge(parts)
            && notice.to().matches(parts) && (notice.product() == null
            || parts.profile().access().identity().principal().products().contains(notice.product()));
    }

    /** One that has begun since an order was given is not meant; an order that comes at once is for all. */
    private static boolean isOlder(final Session session, final long nowNs, final long ageNs) {
        return ageNs == 0 || session.inspected().record().openedNs() - (nowNs - ageNs) <= 0;
    }

    private static boolean isEdge(final InspectedSession session) {
        return session.profile().access().isEdge();
    }

    private static void close(final Session session, final boolean mayReturn, final long returnAfterMs) {
        if (mayReturn) {
            session.close(Termination.KICKED, CloseStatus.DRAINING.code(), "retryAfter=" + returnAfterMs);
        } else {
            session.close(Termination.KICKED, CloseStatus.FORBIDDEN.code(), REASON);
        }
    }
}
