package penstock.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.text.PrintableText;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.venue.plugin.FatalPluginException;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.spec.UpstreamUrl;

/**
 * A connection whose venue needs values from plugins. The plugins run on a thread of their own; then the connection is
 * opened with their values. The feed thread never waits for them. Owned by the feed thread.
 */
public final class PluginConnector implements Upstream {
    /**
     * Maximum number of plugin calls that run at the same time. The limit only matters for plugins that ignore an
     * interrupt.
     */
    private static final int MAX_CALLS = 8;
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final ThreadOwner owner = new ThreadOwner();
    private final VenuePlugins plugins;
    private final FeedClock clock;
    private final UpstreamUrl url;
    private final UpstreamFactory upstreams;
    private final UpstreamListener listener;
    private final Thread thread = new Thread(this::call, "plugins");
    private FeedClock.Timer timer;
    private Upstream upstream;
    private boolean isEnded;

    private PluginConnector(final VenuePlugins plugins, final FeedClock clock, final UpstreamUrl url,
            final UpstreamFactory upstreams, final UpstreamListener listener) {
        this.plugins = plugins;
        this.clock = clock;
        this.url = url;
        this.upstreams = upstreams;
        this.listener = listener;
        thread.setDaemon(true);
    }

    /** Connects immediately if the venue has no plugins. */
    public static Upstream connect(final VenuePlugins plugins, final FeedClock clock, final UpstreamUrl url,
            final UpstreamFactory upstreams, final UpstreamListener listener) {
        if (plugins.isEmpty()) {
            return upstreams.connect(url, listener);
        }
        final PluginConnector connector = new PluginConnector(plugins, clock, url, upstreams, listener);
        connector.start();
        return connector;
    }

    private void start() {
        assert owner.check();
        timer = clock.executeAfter(() -> fail("the plugins did not answer within " + plugins.timeoutMs() + " ms"),
            plugins.timeoutMs());
        if (CALLS.get() >= MAX_CALLS) {
            // later: the caller of connect must not learn of the loss before connect has returned
            clock.execute(() -> fail(MAX_CALLS + " plugin calls are still running"));
            return;
        }
        CALLS.incrementAndGet();
        thread.start();
    }

    /** Runs on the plugins' thread. */
    private void call() {
        try {
            final Map<String, String> values = plugins.call(url.text(), clock.epochUs() / 1000);
            runOnFeedThread(() -> onValues(values));
        } catch (final FatalPluginException e) {
            runOnFeedThread(() -> refuse(e.getMessage()));
        } catch (final Exception | LinkageError e) {
            runOnFeedThread(() -> fail(e.getMessage() == null ? e.toString() : e.getMessage()));
        } finally {
            CALLS.decrementAndGet();
        }
    }

    private void runOnFeedThread(final Runnable task) {
        try {
            clock.execute(task);
        } catch (final RejectedExecutionException e) {
            // the feed thread has ended: the result has no receiver
        }
    }

    private void onValues(final Map<String, String> values) {
        assert owner.check();
        if (isEnded) {
            return;
        }
        timer.cancel();
        plugins.take(new LinkedHashMap<>(values));
        try {
            upstream = upstreams.connect(url.filled(values), values, listener);
        } catch (final IllegalArgumentException e) {
            refuse("the plugins supplied unusable values: " + e.getMessage());
        }
    }

    private void fail(final String what) {
        assert owner.check();
        if (!isEnded && upstream == null) {
            end();
            listener.onClosed(UpstreamLoss.of(LossReason.LOGIN_FAILED, PrintableText.excerpt(what), false));
        }
    }

    private void refuse(final String what) {
        assert owner.check();
        if (!isEnded) {
            end();
            listener.onRefused(PrintableText.excerpt(what));
        }
    }

    private void end() {
        isEnded = true;
        timer.cancel();
        thread.interrupt();
    }

    @Override
    public void sendText(final byte[] utf8) {
        assert owner.check();
        if (upstream != null) {
            upstream.sendText(utf8);
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        assert owner.check();
        if (upstream != null) {
            upstream.sendPong(payload, offset, length);
        }
    }

    @Override
    public void close(final int code, final String reason) {
        assert owner.check();
        if (upstream != null) {
            upstream.close(code, reason);
        } else if (!isEnded) {
            end();
            listener.onClosed(UpstreamLoss.of(LossReason.STOPPED, reason, false));
        }
    }

    @Override
    public void abort() {
        assert owner.check();
        if (upstream != null) {
            upstream.abort();
        } else if (!isEnded) {
            end();
        }
    }
}
