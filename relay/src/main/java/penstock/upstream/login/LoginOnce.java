package penstock.upstream.login;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import penstock.upstream.UpstreamSettings;
import penstock.venue.login.HttpExchange;
import penstock.venue.login.LoginCall;
import penstock.venue.login.LoginValues;
import penstock.venue.spec.UpstreamUrl;

/** The values of one login for a command that waits for them. Owned by the thread that waits. */
public final class LoginOnce {
    private LoginOnce() {
    }

    /**
     * Reads the values that an address and the headers of {@code settings} need, and those of the venue file, which
     * takes them.
     *
     * @throws IllegalStateException with the reason if one cannot be read
     */
    public static Map<String, String> read(final LoginValues login, final UpstreamUrl url,
            final UpstreamSettings settings, final HttpExchange exchange) throws InterruptedException {
        final Set<String> names = login.names(settings.headers().values());
        names.addAll(login.names(Set.of(url.text())));
        if (login.isEmpty() && names.isEmpty()) {
            return Map.of();
        }
        final LoginCall call = new LoginCall(url.text(), System.currentTimeMillis(), System.nanoTime());
        final FutureTask<Map<String, String>> task = new FutureTask<>(() -> login.read(names, call, exchange));
        final Thread thread = new Thread(task, "login");
        thread.setDaemon(true);
        thread.start();
        final long timeoutMs = login.timeoutMs(names);
        try {
            final Map<String, String> values = task.get(timeoutMs, TimeUnit.MILLISECONDS);
            login.take(values);
            return values;
        } catch (final ExecutionException e) {
            final Throwable cause = e.getCause();
            throw new IllegalStateException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), e);
        } catch (final TimeoutException e) {
            task.cancel(true);
            throw new IllegalStateException("the values of the login were not there within " + timeoutMs + " ms", e);
        }
    }
}
