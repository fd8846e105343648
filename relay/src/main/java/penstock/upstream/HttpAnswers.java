package penstock.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeoutException;
import penstock.text.Address;
import penstock.tls.TlsFailure;

/** Answers to requests of the JVM's client, and why there is none: in plain words and without secrets. Stateless. */
final class HttpAnswers {
    private static final int MAX_DIGITS = 9;

    private HttpAnswers() {
    }

    /** {@code proxy}: null = none. */
    static String explain(final String method, final URI address, final HttpProxy proxy, final Throwable failure) {
        return method + " " + new Address(address.getScheme() + "://" + address.getAuthority() + address.getPath())
            + (proxy == null ? "" : " through the proxy " + proxy) + ": " + what(failure);
    }

    /** The cause alone. */
    static String what(final Throwable failure) {
        final boolean isWrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        final Throwable cause = isWrapped && failure.getCause() != null ? failure.getCause() : failure;
        final String ofTls = TlsFailure.explain(cause, "feed.tls");
        return cause instanceof TimeoutException ? "no answer in time"
            : ofTls == null ? cause.toString() : "TLS failed: " + ofTls;
    }

    /** The delay that the answer asks for in ms, -1 = none. */
    static long retryAfterMs(final HttpResponse<?> answer) {
        return answer.headers().firstValue("Retry-After").map(HttpAnswers::milliseconds).orElse(-1L);
    }

    /** Reads seconds. A date is not understood; no venue sends one. */
    private static long milliseconds(final String seconds) {
        final String trimmed = seconds.trim();
        return trimmed.matches("[0-9]{1," + MAX_DIGITS + "}") ? Long.parseLong(trimmed) * 1_000 : -1;
    }

    /** Collects a body up to a limit. Owned by a thread of the client. */
    static final class Body implements HttpResponse.BodySubscriber<byte[]> {
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
