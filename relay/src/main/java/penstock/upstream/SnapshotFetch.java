package penstock.upstream;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.function.Consumer;
import penstock.venue.spec.InstrumentsSpec;

/** Fetches snapshots of order books and lists of instruments. Tests replace HTTP by their own implementation. */
public interface SnapshotFetch {
    /** Rejects every fetch. */
    SnapshotFetch NONE = (request, answer) -> {
        answer.accept(Fetched.failed("snapshots cannot be fetched here"));
        return () -> { };
    };

    /**
     * Starts a fetch and returns immediately.
     *
     * @param answer called once, on any thread
     * @return cancels the fetch
     */
    Runnable fetch(Request request, Consumer<Fetched> answer);

    /**
     * What is asked for.
     *
     * @param body        of a POST, null = a GET
     * @param contentType of the body, null = none
     * @param timeoutMs   for the whole response
     * @param maxBytes    a longer response is a failure
     */
    record Request(URI address, String body, String contentType, long timeoutMs, int maxBytes) {
        public static Request get(final URI address, final long timeoutMs, final int maxBytes) {
            return new Request(address, null, null, timeoutMs, maxBytes);
        }

        /**
         * For a part of a list of instruments.
         *
         * @throws IllegalArgumentException if its address is invalid
         */
        public static Request of(final InstrumentsSpec list, final int part) {
            return new Request(list.uri(part), list.body(part), list.contentType(part), list.limits().timeoutMs(),
                list.limits().maxBytes());
        }

        /** The same for equal requests, and hardly for others; it says nothing of what is in the request. */
        public long key() {
            final String text = method() + " " + address + " " + body;
            try {
                return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(
                    text.getBytes(StandardCharsets.UTF_8))).getLong();
            } catch (final NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        String method() {
            return body == null ? "GET" : "POST";
        }
    }

    /**
     * The result of a fetch.
     *
     * @param status       HTTP status, 0 = no response
     * @param retryAfterMs delay that the server asks for, -1 = none
     * @param body         null if the fetch failed
     * @param problem      null if there is a response
     */
    record Fetched(int status, long retryAfterMs, byte[] body, String problem) {
        public static Fetched failed(final String problem) {
            return new Fetched(0, -1, null, problem);
        }

        /** True if we exceeded the rate limit. Binance sends 418 to clients that ignored a 429. */
        public boolean isRateLimited() {
            return status == 429 || status == 418;
        }
    }
}
