package penstock.upstream;

import java.net.URI;
import java.util.function.Consumer;

/** Fetches snapshots of order books; a test puts its own in place of HTTP. */
public interface SnapshotFetch {
    /** Nothing can be fetched here. */
    SnapshotFetch NONE = (address, timeoutMs, maxBytes, answer) -> {
        answer.accept(Fetched.failed("snapshots can't be fetched here"));
        return () -> { };
    };

    /**
     * Begins, and returns at once.
     *
     * @param maxBytes an answer that is longer has failed
     * @param answer   called once, on any thread
     * @return gives up
     */
    Runnable fetch(URI address, long timeoutMs, int maxBytes, Consumer<Fetched> answer);

    /**
     * What came of it.
     *
     * @param status       HTTP status, 0 when there was no answer
     * @param retryAfterMs the server's wish, -1 without one
     * @param body         null when it failed
     * @param problem      null when there is an answer
     */
    record Fetched(int status, long retryAfterMs, byte[] body, String problem) {
        public static Fetched failed(final String problem) {
            return new Fetched(0, -1, null, problem);
        }

        /** We ask too often: 418 is Binance's word for those who did not listen to 429. */
        public boolean isRateLimited() {
            return status == 429 || status == 418;
        }
    }
}
