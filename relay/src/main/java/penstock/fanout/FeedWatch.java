package penstock.fanout;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.ring.FeedPulse;

/**
 * Notices that the feed thread has given no sign of life for a second: then no loss of the feed is reported,
 * and old values would pass for live ones. Time counts only as far as this thread itself was awake, so a pause of the
 * whole process, such as a suspended machine, is no silence. Owned by the shard's io thread.
 */
final class FeedWatch {
    static final long EVERY_MS = 100;
    static final long SILENT_NS = 1_000_000_000L;
    private static final long MAX_STEP_NS = 2 * EVERY_MS * 1_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);

    /** Receives each beginning and end of a silence once. */
    interface Listener {
        /** The feed thread gives no sign of life; or it does again. */
        void onFeedThread(boolean isAlive);
    }

    private final ShardThread thread;
    private final FeedPulse pulse;
    private final Listener listener;
    private final Runnable task = this::run;
    private long beats;
    private long lookedNs;
    private long silentNs;
    private boolean isSilent;

    FeedWatch(final ShardThread thread, final FeedPulse pulse, final Listener listener) {
        this.thread = thread;
        this.pulse = pulse;
        this.listener = listener;
        lookedNs = thread.nowNs();
    }

    /** Looks at the pulse, and again every 100 ms. */
    void run() {
        thread.executeAfter(task, EVERY_MS);
        final long nowNs = thread.nowNs();
        if (pulse.beats() != beats) {
            beats = pulse.beats();
            silentNs = 0;
        } else {
            silentNs += Math.min(nowNs - lookedNs, MAX_STEP_NS);
        }
        lookedNs = nowNs;
        if (isSilent != silentNs >= SILENT_NS) {
            isSilent = !isSilent;
            if (isSilent) {
                LOG.error("the feed thread gives no sign of life: subscribers are sent stale until it does");
            } else {
                LOG.warn("the feed thread runs again");
            }
            listener.onFeedThread(!isSilent);
        }
    }
}
