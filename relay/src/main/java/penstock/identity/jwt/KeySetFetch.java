package penstock.identity.jwt;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import penstock.identity.BoundedFetch;
import penstock.text.PrintableText;

/** Fetches a document of keys and waits for it. Owned by the thread that fetches. */
final class KeySetFetch {
    private final BoundedFetch http;
    private final HttpRequest request;
    private final long withinMs;

    /** The whole fetch takes at most {@code withinMs}. */
    KeySetFetch(final URI address, final long withinMs) {
        http = new BoundedFetch(KeySet.MAX_BYTES, withinMs);
        request = HttpRequest.newBuilder(address).header("Accept", "application/jwk-set+json, application/json")
            .build();
        this.withinMs = withinMs;
    }

    /** The body of a response 200; throws {@link UnusableKeyException} with the reason of a failure. */
    byte[] fetch() throws UnusableKeyException {
        final CompletableFuture<HttpResponse<byte[]>> answer = http.send(request);
        try {
            final HttpResponse<byte[]> response = answer.get();
            if (response.statusCode() != 200) {
                throw new UnusableKeyException("answers with status " + response.statusCode() + " instead of 200",
                    null);
            }
            return response.body();
        } catch (final ExecutionException e) {
            throw new UnusableKeyException(e.getCause() instanceof TimeoutException
                ? "did not answer in full within " + withinMs + " ms"
                : "cannot be fetched: " + PrintableText.excerpt(e.getCause().toString()), e.getCause());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnusableKeyException("the relay stops", e);
        }
    }
}
