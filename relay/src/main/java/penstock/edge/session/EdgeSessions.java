package penstock.edge.session;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.edge.EdgeFeeds;
import penstock.edge.EdgeWords;
import penstock.identity.AccessControl;
import penstock.link.message.MessageFields;
import penstock.server.IoThreadContexts;
import penstock.server.admin.OperatorOrders;
import penstock.server.auth.Edges;
import penstock.telemetry.ErrorLog;
import penstock.text.PrintableText;
import penstock.wire.MessageBuffer;

/**
 * What an edge says to its ingest of its sessions, and what it does of what the ingest says: sessions that end, rights
 * of clients, words of the operator. Owned by the feed thread.
 */
public final class EdgeSessions implements EdgeWords {
    /** From one report to the next, if something has changed. */
    public static final long EVERY_MS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(EdgeSessions.class);
    /** As long as the sessions of an edge count at its ingest after the end of its link. */
    private static final long GRACE_MS = 10_000;
    private static final long RETRY_MS = 1_000;
    private static final String ID = "report-";
    private static final String[] CHOICES = {"session", "principal", "address", "channel", "product"};

    private final String edge;
    private final BiConsumer<Runnable, Long> timer;
    private final Executor elsewhere;
    private final ReportBook book = new ReportBook();
    private final EdgeRights rights = new EdgeRights();
    private final AtomicBoolean isCheckDue = new AtomicBoolean();
    private Edges edges;
    private OperatorOrders orders;
    private Runnable checkClients;
    /** Null without a link. */
    private Consumer<byte[]> socket;
    /** Grows with each link that begins or ends. */
    private int turn;
    private int number;
    /** The report that is not answered; null without one. */
    private String awaited;
    private boolean isLast;
    private boolean isRefused;

    /**
     * Of the edge of that name.
     *
     * @param timer    runs a task on the feed thread after that many ms
     * @param longWork runs what looks at all clients
     */
    public EdgeSessions(final String edge, final BiConsumer<Runnable, Long> timer, final Executor longWork) {
        this.edge = edge;
        this.timer = timer;
        elsewhere = longWork;
    }

    /** One on that feed thread; {@code longWork} as of the constructor. */
    public static EdgeSessions on(final XnioIoThread feed, final Executor longWork, final String edge,
            final ErrorLog errors) {
        return new EdgeSessions(edge, (task, ms) -> {
            try {
                feed.executeAfter(() -> {
                    try {
                        task.run();
                    } catch (final RuntimeException | Error e) {
                        errors.record("link: a report of sessions failed", e);
                    }
                }, ms, TimeUnit.MILLISECONDS);
            } catch (final RejectedExecutionException e) {
                LOG.debug("link: the feed thread has ended");
            }
        }, longWork);
    }

    /**
     * The words of that edge are heard by the sessions of {@code contexts}. Before its first link.
     *
     * @param check    looks at all clients again
     * @param inferior follows what the ingest says of clients; null if the relay only stands by, and has the last word
     *                 itself once it takes over
     */
    public void serve(final EdgeFeeds edgeFeeds, final IoThreadContexts contexts, final Runnable check,
            final AccessControl inferior) {
        edges = contexts.edges();
        orders = new OperatorOrders(contexts);
        checkClients = check;
        edges.watch(book);
        if (inferior != null) {
            inferior.follow(rights);
        }
        edgeFeeds.words(this);
    }

    @Override
    public void onLink(final Consumer<byte[]> text) {
        turn++;
        socket = text;
        awaited = null;
        isRefused = false;
        rights.onLink();
    }

    @Override
    public void onLinkEnd() {
        turn++;
        socket = null;
        final int ended = turn;
        timer.accept(() -> {
            if (turn == ended) {
                edges.forgetElsewhere();
            }
        }, GRACE_MS);
    }

    @Override
    public boolean onMessage(final String type, final MessageFields message) {
        switch (type) {
            case "elsewhere" -> onElsewhere(message);
            case "revoke" -> onRevoke(message);
            case "rights" -> onRights(message);
            case "notice" -> {
                orders.onNotice(choice(message), message.text("level"), message.text("text"), message.number("ts", 0),
                    given(message));
            }
            case "ack" -> {
                return isReport(message) && onAck();
            }
            case "error" -> {
                return isReport(message) && onError(message);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean isReport(final MessageFields message) {
        return awaited != null && message.is("id", awaited);
    }

    private boolean onAck() {
        awaited = null;
        if (isLast) {
            isLast = false;
            if (rights.onAllSaid()) {
                check();
            }
        }
        if (book.isListing()) {
            report();
        }
        return true;
    }

    private boolean onError(final MessageFields error) {
        awaited = null;
        final boolean mayRetry = error.flag("retry");
        LOG.warn("link: the ingest does not take a report of sessions, {}: {}", mayRetry ? "and is asked again"
            : "and counts none of this edge", PrintableText.excerpt(error.text("message")));
        isRefused = true;
        if (mayRetry) {
            final int now = turn;
            timer.accept(() -> {
                if (turn == now) {
                    isRefused = false;
                    book.begin();
                }
            }, Math.max(RETRY_MS, error.number("retryAfter", 0)));
        }
        return true;
    }

    private void onElsewhere(final MessageFields message) {
        final boolean isAll = message.has("all");
        if (isAll) {
            edges.forgetElsewhere();
        }
        for (final MessageFields each : message.objects("clients")) {
            edges.elsewhere(each.text("client"), (int) Math.min(Integer.MAX_VALUE, each.number("sessions")));
        }
        if (isAll) {
            // the first word of a relay that takes reports
            book.begin();
            isLast = false;
            final int now = turn;
            report();
            every(now);
        }
    }

    private void every(final int now) {
        timer.accept(() -> {
            if (turn == now) {
                report();
                every(now);
            }
        }, EVERY_MS);
    }

    private void report() {
        if (socket == null || awaited != null || isRefused) {
            return;
        }
        final boolean isListing = book.isListing();
        final String id = ID + ++number;
        final MessageBuffer report = book.next(edge, id);
        if (report != null) {
            awaited = id;
            isLast = isListing && !book.isListing();
            socket.accept(report.toBytes());
        }
    }

    private void onRevoke(final MessageFields message) {
        final int code = (int) message.number("code");
        if (message.has("to")) {
            orders.onClose(choice(message), code, given(message));
            return;
        }
        final String reason = message.text("reason");
        message.texts("sessions").forEach(session -> book.close(session, code, reason));
    }

    private void onRights(final MessageFields message) {
        final String client = message.text("client");
        final String credential = message.text("credential");
        if (message.has("revoked")) {
            rights.put(client, credential, null);
        } else if (message.has("products")) {
            rights.put(client, credential, new HashSet<>(message.texts("products")));
        } else {
            rights.remove(client, credential);
        }
        check();
    }

    /** Many changes that come together are looked at once. */
    private void check() {
        if (!isCheckDue.getAndSet(true)) {
            elsewhere.execute(() -> {
                isCheckDue.set(false);
                checkClients.run();
            });
        }
    }

    private static OperatorOrders.Given given(final MessageFields message) {
        return OperatorOrders.Given.of(message.textOrNull("order"), message.number("age", 0));
    }

    private static Map<String, String> choice(final MessageFields message) {
        final Map<String, String> chosen = new HashMap<>();
        if (message.has("to")) {
            final MessageFields to = message.object("to");
            for (final String name : CHOICES) {
                if (to.has(name)) {
                    chosen.put(name, to.text(name));
                }
            }
        }
        return chosen;
    }
}
