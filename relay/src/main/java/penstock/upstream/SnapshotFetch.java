package penstock.upstream;

import java.net.URI;
import java.util.function.Consumer;

/** Fetches snapshots of order books. Tests replace HTTP by their own implementation. */
public interface SnapshotFetch {
    /** Rejects every fetch. */
    SnapshotFetch NONE = (address, timeoutMs, maxBytes, answer) -> {
        answer.accept(Fetched.failed("snapshots cannot be fetched here"));
        return () -> { };
    };

    /**
     * Starts a fetch and returns immediately.
     *
     * @param maxBytes a longer response is a failure
     * @param answer   called once, on any thread
     * @return cancels the fetch
     */
    Runnable fetch(URI address, long timeoutMs, int maxBytes, Consumer<Fetched> answer);

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
