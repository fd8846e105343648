package penstock.identity.jwt;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import penstock.text.PrintableText;

/**
 * Fetches a document over HTTP: in bounded time, with bounded size, without following redirects, which could lead from
 * https to http. Owned by the thread that fetches.
 */
final class KeySetFetch {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT)
        .followRedirects(HttpClient.Redirect.NEVER).build();
    private final HttpRequest request;
    private final long withinMs;

    /** The whole fetch, from the connect to the last byte, takes at most {@code withinMs}. */
    KeySetFetch(final URI address, final long withinMs) {
        request = HttpRequest.newBuilder(address).header("Accept", "application/jwk-set+json, application/json")
            .build();
        this.withinMs = withinMs;
    }

    /** The body of a response 200; throws {@link UnusableKeyException} with the reason of a failure. */
    byte[] fetch() throws UnusableKeyException {
        final CompletableFuture<HttpResponse<byte[]>> answer =
            client.sendAsync(request, head -> new Bounded(KeySet.MAX_BYTES));
        try {
            final HttpResponse<byte[]> response = answer.get(withinMs, TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new UnusableKeyException("answers with status " + response.statusCode() + " instead of 200",
                    null);
            }
            return response.body();
        } catch (final ExecutionException e) {
            throw new UnusableKeyException("cannot be fetched: " + PrintableText.excerpt(e.getCause().toString()),
                e.getCause());
        } catch (final TimeoutException e) {
            throw new UnusableKeyException("did not answer in full within " + withinMs + " ms", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableKeyException("the relay stops", e);
        } finally {
            answer.cancel(true);
        }
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
                    body.completeExceptionally(new IllegalStateException("more than " + max + " bytes"));
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
