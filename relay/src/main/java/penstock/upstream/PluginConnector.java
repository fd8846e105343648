package penstock.upstream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.venue.plugin.FatalPluginException;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.spec.UpstreamUrl;

/**
 * A connection whose venue wants values that a plugin must make first: asks the plugins on a thread of their own, then
 * connects with what they gave. Nobody waits for them: the feed thread goes on meanwhile. Owned by the feed thread.
 */
public final class PluginConnector implements Upstream {
    /** Plugins that do not end when they are interrupted: with so many of them no further one is begun. */
    private static final int MOST_CALLS = 8;
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final VenuePlugins plugins;
    private final FeedClock clock;
    private final UpstreamUrl url;
    private final UpstreamFactory upstreams;
    private final UpstreamListener listener;
    private final Thread thread = new Thread(this::call, "plugins");
    private FeedClock.Timer timer;
    private Upstream upstream;
    private boolean isEnded;

    private PluginConnector(
            final VenuePlugins plugins, final FeedClock clock, final UpstreamUrl url, final UpstreamFactory upstreams,
                final UpstreamListener listener) {
        this.plugins = plugins;
        this.clock = clock;
        this.url = url;
        this.upstreams = upstreams;
        this.listener = listener;
        thread.setDaemon(true);
    }

    /** Connects at once where the venue has no plugins. */
    public static Upstream connect(
            final VenuePlugins plugins, final FeedClock clock, final UpstreamUrl url, final UpstreamFactory upstreams,
                final UpstreamListener listener) {
        if (plugins.isEmpty()) {
            return upstreams.connect(url, listener);
        }
        final PluginConnector preparation = new PluginConnector(plugins, clock, url, upstreams, listener);
        preparation.start();
        return preparation;
    }

    private void start() {
        timer = clock.executeAfter(() -> lose("the plugins gave no answer within " + plugins.timeoutMs() + " ms"),
            plugins.timeoutMs());
        if (CALLS.get() >= MOST_CALLS) {
            // not at once: whoever connects must not be told of the loss before it is done with connecting
            clock.execute(() -> lose(MOST_CALLS + " calls of plugins have not ended yet"));
            return;
        }
        CALLS.incrementAndGet();
        thread.start();
    }

    /** On the thread of the plugins. */
    private void call() {
        try {
            final Map<String, String> values = plugins.call(url.text(), clock.epochUs() / 1000);
            clock.execute(() -> onValues(values));
        } catch (final RejectedExecutionException e) {
            // the feed thread has ended, and with it everything that wanted an answer
        } catch (final FatalPluginException e) {
            tell(() -> refuse(e.getMessage()));
        } catch (final Exception | LinkageError e) {
            tell(() -> lose(e.getMessage() == null ? e.toString() : e.getMessage()));
        } finally {
            CALLS.decrementAndGet();
        }
    }

    private void tell(final Runnable task) {
        try {
            clock.execute(task);
        } catch (final RejectedExecutionException e) {
            // as above
        }
    }

    private void onValues(final Map<String, String> values) {
        if (isEnded) {
            return;
        }
        timer.cancel();
        plugins.take(new LinkedHashMap<>(values));
        try {
            upstream = upstreams.connect(url.filled(values), values, listener);
        } catch (final IllegalArgumentException e) {
            refuse("what the plugins gave can't be used: " + e.getMessage());
        }
    }

    private void lose(final String what) {
        if (!isEnded && upstream == null) {
            end();
            listener.onClosed(UpstreamLoss.of(LossReason.LOGIN_FAILED, PrintableText.excerpt(what), false));
        }
    }

    private void refuse(final String what) {
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
        if (upstream != null) {
            upstream.sendText(utf8);
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        if (upstream != null) {
            upstream.sendPong(payload, offset, length);
        }
    }

    @Override
    public void close(final int code, final String reason) {
        if (upstream != null) {
            upstream.close(code, reason);
        } else if (!isEnded) {
            end();
            listener.onClosed(UpstreamLoss.of(LossReason.STOPPED, reason, false));
        }
    }

    @Override
    public void abort() {
        if (upstream != null) {
            upstream.abort();
        } else if (!isEnded) {
            end();
        }
    }
}
