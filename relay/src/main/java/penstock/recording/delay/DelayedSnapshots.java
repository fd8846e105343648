package penstock.recording.delay;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.upstream.SnapshotFetch;

/**
 * Answers requests for snapshots with what the venue answered to the same ones when it was recorded: never with the
 * venue's present values, which are younger than the lag. Keeps at most 4 MiB of answers for requests that come later.
 *
 * <p>Owned by the feed thread.
 */
final class DelayedSnapshots implements SnapshotFetch {
    private static final int KEPT_BYTES = 4 << 20;
    private static final int OK = 200;

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private final Map<Long, byte[]> kept = new LinkedHashMap<>();
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private int keptBytes;

    private record Waiting(Consumer<Fetched> answer, FeedClock.Timer timeout) {
    }

    DelayedSnapshots(final FeedClock clock) {
        this.clock = clock;
    }

    @Override
    public Runnable fetch(final Request request, final Consumer<Fetched> answer) {
        assert owner.check();
        final long key = request.key();
        final byte[] body = kept.get(key);
        if (body != null) {
            // later: the caller must not have its answer before its own call has returned
            clock.execute(() -> answer.accept(new Fetched(OK, -1, body, null)));
            return () -> { };
        }
        final FeedClock.Timer timeout = clock.executeAfter(() -> {
            waiting.remove(key);
            answer.accept(Fetched.failed("the recording has no answer to this request at this time"));
        }, request.timeoutMs());
        waiting.put(key, new Waiting(answer, timeout));
        return () -> {
            timeout.cancel();
            waiting.remove(key);
        };
    }

    /** The recording has an answer here. */
    void onFetched(final long key, final byte[] body) {
        assert owner.check();
        final byte[] before = kept.remove(key);
        keptBytes += body.length - (before == null ? 0 : before.length);
        kept.put(key, body);
        final var oldest = kept.entrySet().iterator();
        while (keptBytes > KEPT_BYTES) {
            keptBytes -= oldest.next().getValue().length;
            oldest.remove();
        }
        final Waiting asked = waiting.remove(key);
        if (asked != null) {
            asked.timeout.cancel();
            asked.answer.accept(new Fetched(OK, -1, body, null));
        }
    }
}
