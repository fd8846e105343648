package penstock.upstream.login;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import penstock.text.PrintableText;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.login.LoginCall;
import penstock.venue.login.LoginException;
import penstock.venue.login.LoginValues;
import penstock.venue.plugin.FatalPluginException;
import penstock.venue.spec.UpstreamUrl;

/**
 * A connection that needs values of a login: from files, commands, requests or plugins. They are read on a thread of
 * their own; then the connection is opened with them. The feed thread never waits for them. Owned by the feed thread.
 */
public final class LoginConnector implements Upstream {
    /** Maximum number of threads at the same time. The limit only matters for plugins that ignore an interrupt. */
    private static final int MAX_CALLS = 8;
    private static final AtomicInteger CALLS = new AtomicInteger();

    private final ThreadOwner owner = new ThreadOwner();
    private final LoginValues login;
    private final Set<String> names;
    private final FeedClock clock;
    private final UpstreamUrl url;
    private final UpstreamFactory upstreams;
    private final UpstreamListener listener;
    private final Thread thread = new Thread(this::call, "login");
    private FeedClock.Timer timer;
    private Upstream upstream;
    private boolean isEnded;

    private LoginConnector(final LoginValues login, final Set<String> names, final FeedClock clock,
            final UpstreamUrl url, final UpstreamFactory upstreams, final UpstreamListener listener) {
        this.login = login;
        this.names = names;
        this.clock = clock;
        this.url = url;
        this.upstreams = upstreams;
        this.listener = listener;
        thread.setDaemon(true);
    }

    /** Connects immediately if no value of a login is needed. */
    public static Upstream connect(final LoginValues login, final FeedClock clock, final UpstreamUrl url,
            final UpstreamFactory upstreams, final UpstreamListener listener) {
        final List<String> texts = new ArrayList<>(upstreams.headers());
        texts.add(url.text());
        final Set<String> names = login.names(texts);
        if (url.kind() == UpstreamUrl.Kind.RECORDING) {
            // a recording asks for no keys: what is sent to it goes nowhere
            login.take(names.stream().collect(Collectors.toMap(name -> name, name -> "-")));
            return upstreams.connect(url, listener);
        }
        if (login.isEmpty() && names.isEmpty()) {
            return upstreams.connect(url, listener);
        }
        final LoginConnector connector = new LoginConnector(login, names, clock, url, upstreams, listener);
        connector.start();
        return connector;
    }

    private void start() {
        assert owner.check();
        final long timeoutMs = login.timeoutMs(names);
        timer = clock.executeAfter(
            () -> fail("the values of the login were not there within " + timeoutMs + " ms"), timeoutMs);
        if (CALLS.get() >= MAX_CALLS) {
            // later: the caller of connect must not learn of the loss before connect has returned
            clock.execute(() -> fail(MAX_CALLS + " logins are still waiting for their values"));
            return;
        }
        CALLS.incrementAndGet();
        thread.start();
    }

    /** Runs on the thread of the login. */
    private void call() {
        try {
            final LoginCall call = new LoginCall(url.text(), clock.epochUs() / 1000, clock.nowNs());
            final Map<String, String> values = login.read(names, call, upstreams.exchange());
            runOnFeedThread(() -> onValues(values));
        } catch (final FatalPluginException e) {
            runOnFeedThread(() -> refuse(e.getMessage()));
        } catch (final LoginException e) {
            runOnFeedThread(() -> fail(new UpstreamLoss(LossReason.LOGIN_FAILED, PrintableText.excerpt(e.getMessage()),
                false, e.status(), e.retryAfterMs())));
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
        login.take(new LinkedHashMap<>(values));
        try {
            upstream = upstreams.connect(url.filled(values), values, listener);
        } catch (final IllegalArgumentException e) {
            if (login.isOfPluginsAlone(names)) {
                refuse("the plugins supplied unusable values: " + e.getMessage());
            } else {
                // a file may be half written
                fail("unusable values: " + e.getMessage());
            }
        }
    }

    private void fail(final String what) {
        fail(UpstreamLoss.of(LossReason.LOGIN_FAILED, PrintableText.excerpt(what), false));
    }

    private void fail(final UpstreamLoss loss) {
        assert owner.check();
        if (!isEnded && upstream == null) {
            end();
            listener.onClosed(loss);
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
    public void sendPing() {
        assert owner.check();
        if (upstream != null) {
            upstream.sendPing();
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
