package penstock.identity;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * HTTP requests for small documents: in bounded time, with bounded size, without following redirects, which could lead
 * from https to http. Any thread.
 */
public final class BoundedFetch {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final int maxBytes;
    private final long withinMs;

    /** From the connect to the last byte, a fetch takes at most {@code withinMs}. */
    public BoundedFetch(final int maxBytes, final long withinMs) {
        this(maxBytes, withinMs, null);
    }

    /** The same; {@code tls}: whom to trust, and what to show; null = the trust store of the JVM, and nothing. */
    public BoundedFetch(final int maxBytes, final long withinMs, final SSLContext tls) {
        final HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
        client = (tls == null ? builder : builder.sslContext(tls)).build();
        this.maxBytes = maxBytes;
        this.withinMs = withinMs;
    }

    /**
     * Sends a request. The future fails with the reason: an {@link IOException}, or a {@link
     * java.util.concurrent.TimeoutException}. It completes on a thread of the HTTP client or of the JDK's timer.
     */
    public CompletableFuture<HttpResponse<byte[]>> send(final HttpRequest request) {
        final CompletableFuture<HttpResponse<byte[]>> exchange =
            client.sendAsync(request, head -> new Bounded(maxBytes));
        final CompletableFuture<HttpResponse<byte[]>> answer = exchange.copy()
            .orTimeout(withinMs, TimeUnit.MILLISECONDS);
        answer.whenComplete((response, failure) -> exchange.cancel(true));
        return answer;
    }

    /** Collects a body, and fails when it is too long. Its callbacks follow one another. */
    private static final class Bounded implements HttpResponse.BodySubscriber<byte[]> {
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final int max;
        private Flow.Subscription subscription;

        Bounded(final int max) {
            this.max = max;
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(final Flow.Subscription next) {
            subscription = next;
            next.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(final List<ByteBuffer> parts) {
            for (final ByteBuffer part : parts) {
                if (bytes.size() + part.remaining() > max) {
                    subscription.cancel();
                    body.completeExceptionally(new IOException("more than " + max + " bytes"));
                    return;
                }
                final byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bytes.writeBytes(copy);
            }
        }

        @Override
        public void onError(final Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
