package penstock.link;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.feed.report.FeedReport;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.text.Version;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;
import penstock.upstream.ProxyRoutes;
import penstock.upstream.UpstreamConnector;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamSettings;

/**
 * The crossing from any thread to the feed thread: {@code x()} here lands as {@code onX()} on the link. The readings
 * are snapshots. Any thread.
 */
public final class LinkProxy {
    private static final Logger LOG = LoggerFactory.getLogger(LinkProxy.class);
    /** Whose counters are those of the link. */
    private static final String OWNER = "feed";
    private static final String SUBPROTOCOL = "penstock.v1.bin";
    private static final int MAX_FRAME_BYTES = 16 << 20;
    /** An address that does not answer must not keep the next one waiting. */
    private static final long CONNECT_TIMEOUT_MS = 2_000;

    private final Link link;
    private final FeedClock clock;

    private LinkProxy(final Link link, final FeedClock clock) {
        this.link = link;
        this.clock = clock;
    }

    /**
     * How another relay is reached.
     *
     * @param headers of the upgrade request, beside those of the relay; secrets
     * @param proxies which proxy leads to which host
     * @param tls     null = the trust store of the JVM
     */
    public record Access(Map<String, String> headers, ProxyRoutes proxies, SSLContext tls) {
        /** With a copy of the headers. */
        public Access {
            headers = Map.copyOf(headers);
        }

        /** Without the values of headers. */
        @Override
        public String toString() {
            return "headers " + headers.keySet();
        }
    }

    /** Another link with its own clock, which counts in {@link #counters}. */
    public static LinkProxy of(final Link link, final FeedClock clock) {
        return new LinkProxy(link, clock);
    }

    /** A link over connections of its own, with its own clock. */
    public static LinkProxy of(final LinkPlan plan, final UpstreamFactory upstreams, final FeedClock clock,
            final RandomGenerator random, final LinkTarget target, final Telemetry telemetry) {
        return of(new LinkConnection(plan, upstreams, clock, random, target, counters(telemetry)), clock);
    }

    /** Where links count. */
    public static Counters counters(final Telemetry telemetry) {
        return telemetry.counters(OWNER);
    }

    /** The clock of links of an io thread. */
    public static FeedClock clock(final XnioIoThread thread, final Telemetry telemetry) {
        return new IoThreadClock(thread,
            failure -> telemetry.errors().record("link: a task of the feed thread failed", failure));
    }

    /**
     * A link over the network.
     *
     * @param thread the only io thread of the feed's own worker
     */
    public static LinkProxy over(final XnioIoThread thread, final LinkPlan plan, final Access access,
            final LinkTarget target, final Telemetry telemetry) {
        final FeedClock clock = clock(thread, telemetry);
        final Map<String, String> headers = new java.util.LinkedHashMap<>();
        headers.put("User-Agent", "penstock/" + Version.TEXT);
        headers.putAll(access.headers);
        final UpstreamSettings settings = new UpstreamSettings(headers, SUBPROTOCOL, false, MAX_FRAME_BYTES,
            MAX_FRAME_BYTES, CONNECT_TIMEOUT_MS, access.tls);
        return of(plan, new UpstreamConnector(thread, clock, settings, access.proxies), clock, new SecureRandom(),
            target, telemetry);
    }

    /** Connects. */
    public void start() {
        clock.execute(link::onStart);
    }

    /** Closes the connection; done when the socket is closed. The state of the topics stays as it is. */
    public CompletableFuture<Void> stop() {
        try {
            clock.execute(link::onStop);
        } catch (final RejectedExecutionException e) {
            link.onThreadEnded();
        }
        return link.status().stopped();
    }

    /** Closes the connection at once, and opens none before {@link #resume}; done when it is closed. */
    public CompletableFuture<Void> suspend(final String why) {
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            clock.execute(() -> {
                link.onSuspend(why);
                closed.complete(null);
            });
        } catch (final RejectedExecutionException e) {
            // the feed thread has ended, and with it the connection
            closed.complete(null);
        }
        return closed;
    }

    /** The connection may be opened again. */
    public void resume() {
        execute(() -> link.onSuspend(null));
    }

    /** One more subscriber of these symbols. Without effect on a feed that is not on demand. */
    public void addInterest(final int channel, final List<String> symbols) {
        execute(() -> link.onAddInterest(channel, symbols));
    }

    /** One subscriber of these symbols less. */
    public void removeInterest(final int channel, final List<String> symbols) {
        execute(() -> link.onRemoveInterest(channel, symbols));
    }

    /** What the operator sees of the link, asked of the feed thread; never done if that hangs or has ended. */
    public CompletableFuture<FeedReport> report() {
        final CompletableFuture<FeedReport> report = new CompletableFuture<>();
        execute(() -> report.complete(link.onReport()));
        return report;
    }

    /** Live while the connection is, and all has come that was missed. */
    public SessionState state() {
        return link.status().state();
    }

    /** Where it is. */
    public LinkReading reading() {
        return link.status().reading();
    }

    /** The last event, in words for the operator; without secrets. */
    public String detail() {
        return link.status().detail();
    }

    /** The number of names with interest, lingering ones included. */
    public int interestCount() {
        return link.status().interestCount();
    }

    /**
     * The ids of the relays from the one with the vendor's connection to the one that answered last; empty before the
     * first one.
     */
    public List<String> hops() {
        return link.status().hops();
    }

    private void execute(final Runnable task) {
        try {
            clock.execute(task);
        } catch (final RejectedExecutionException e) {
            LOG.debug("link: a change of interest arrived after the feed thread had ended");
        }
    }
}
