package penstock.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import penstock.text.Address;
import penstock.thread.ThreadOwner;

/**
 * Fetches snapshots over HTTP with the JVM's own client. The client's threads do the work, never the feed thread. The
 * client is created with the first request. Owned by the feed thread.
 */
public final class HttpSnapshotFetch implements SnapshotFetch {
    private static final int MAX_DIGITS = 9;

    private final ThreadOwner owner = new ThreadOwner();
    private final SSLContext tls;
    private final String userAgent;
    private final ProxyRoutes proxies;
    private HttpClient client;

    /** {@code tls}: null = the trust store of the JVM; {@code userAgent}: null = that of the JVM's client. */
    public HttpSnapshotFetch(final SSLContext tls, final String userAgent, final ProxyRoutes proxies) {
        this.tls = tls;
        this.userAgent = userAgent;
        this.proxies = proxies;
    }

    @Override
    public Runnable fetch(final URI address, final long timeoutMs, final int maxBytes, final Consumer<Fetched> answer) {
        assert owner.check();
        final Duration timeout = Duration.ofMillis(timeoutMs);
        final HttpProxy proxy = proxies.to(address);
        final CompletableFuture<HttpResponse<byte[]>> sent = client(timeout)
            .sendAsync(request(address, timeout, proxy), head -> new Body(maxBytes));
        // the request's own timeout covers only the head of the response
        sent.copy().orTimeout(timeoutMs, TimeUnit.MILLISECONDS).whenComplete((response, failure) -> {
            if (failure != null) {
                sent.cancel(true);
                answer.accept(Fetched.failed(explain(address, proxy, failure)));
            } else if (proxy != null && response.statusCode() == 407) {
                answer.accept(Fetched.failed(proxy.explain(407, "407", address.getAuthority())));
            } else {
                final long retryAfterMs = response.headers().firstValue("Retry-After")
                    .map(HttpSnapshotFetch::milliseconds).orElse(-1L);
                answer.accept(new Fetched(response.statusCode(), retryAfterMs, response.body(), null));
            }
        });
        return () -> sent.cancel(true);
    }

    private HttpRequest request(final URI address, final Duration timeout, final HttpProxy proxy) {
        final HttpRequest.Builder request =
            HttpRequest.newBuilder(address).timeout(timeout).header("Accept", "application/json");
        if (userAgent != null) {
            request.header("User-Agent", userAgent);
        }
        if (proxy != null && proxy.authorization() != null) {
            request.header("Proxy-Authorization", proxy.authorization());
        }
        return request.build();
    }

    private HttpClient client(final Duration timeout) {
        if (client == null) {
            final HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout).proxy(proxies.selector())
                .followRedirects(HttpClient.Redirect.NORMAL);
            client = (tls == null ? builder : builder.sslContext(tls)).build();
        }
        return client;
    }

    /** Reads seconds. A date is not understood; no venue sends one. */
    private static long milliseconds(final String seconds) {
        final String trimmed = seconds.trim();
        return trimmed.matches("[0-9]{1," + MAX_DIGITS + "}") ? Long.parseLong(trimmed) * 1_000 : -1;
    }

    private static String explain(final URI address, final HttpProxy proxy, final Throwable failure) {
        final Throwable cause = failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause() : failure;
        final String ofTls = TlsFailure.explain(cause);
        final String what = cause instanceof TimeoutException ? "no answer in time"
            : ofTls == null ? cause.toString() : "TLS failed: " + ofTls;
        return "GET " + new Address(address.getScheme() + "://" + address.getAuthority() + address.getPath())
            + (proxy == null ? "" : " through the proxy " + proxy) + ": " + what;
    }

    /** Collects a body up to a limit. Owned by a thread of the client. */
    private static final class Body implements HttpResponse.BodySubscriber<byte[]> {
        private final HttpResponse.BodySubscriber<byte[]> delegate = HttpResponse.BodySubscribers.ofByteArray();
        private final int maxBytes;
        private Flow.Subscription subscription;
        private long taken;

        Body(final int maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return delegate.getBody();
        }

        @Override
        public void onSubscribe(final Flow.Subscription begun) {
            subscription = begun;
            delegate.onSubscribe(begun);
        }

        @Override
        public void onNext(final List<ByteBuffer> parts) {
            for (final ByteBuffer part : parts) {
                taken += part.remaining();
            }
            if (taken > maxBytes) {
                subscription.cancel();
                delegate.onError(new IOException("more than " + maxBytes + " bytes (max-body)"));
            } else {
                delegate.onNext(parts);
            }
        }

        @Override
        public void onError(final Throwable failure) {
            delegate.onError(failure);
        }

        @Override
        public void onComplete() {
            delegate.onComplete();
        }
    }
}
