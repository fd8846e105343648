package penstock.server;

import java.util.ArrayList;
import java.util.List;
import penstock.fanout.ShardThread;

/**
 * The connections that are in the middle of a message. Whoever does not finish in time is told; looked at ten times
 * within that time, and only while there are any. Owned by the io thread.
 */
final class ReadTimeouts {
    /** A connection that may be in the middle of a message. */
    interface Reader {
        /** When the message began; {@link #NONE} between messages. */
        long halfReadSinceNs();

        /** It is looked after no longer: it has finished, or took too long. */
        void onUnlisted(boolean tookTooLong);
    }

    /** Nothing is half-read. */
    static final long NONE = Long.MIN_VALUE;

    private final ShardThread thread;
    private final long withinNs;
    private final long everyMs;
    private final List<Reader> readers = new ArrayList<>();
    private final Runnable look = this::look;
    private boolean isWaiting;

    ReadTimeouts(final ShardThread thread, final long withinMs) {
        this.thread = thread;
        withinNs = withinMs * 1_000_000;
        everyMs = Math.max(1, withinMs / 10);
    }

    long nowNs() {
        return thread.nowNs();
    }

    /** Until {@link Reader#halfReadSinceNs} is {@link #NONE}; not to be added twice. */
    void add(final Reader reader) {
        readers.add(reader);
        waitForLook();
    }

    int size() {
        return readers.size();
    }

    private void look() {
        isWaiting = false;
        final long nowNs = thread.nowNs();
        int kept = 0;
        for (int i = 0; i < readers.size(); i++) {
            final Reader reader = readers.get(i);
            final long sinceNs = reader.halfReadSinceNs();
            if (sinceNs != NONE && nowNs - sinceNs < withinNs) {
                readers.set(kept++, reader);
            } else {
                reader.onUnlisted(sinceNs != NONE);
            }
        }
        readers.subList(kept, readers.size()).clear();
        waitForLook();
    }

    private void waitForLook() {
        if (!isWaiting && !readers.isEmpty()) {
            isWaiting = true;
            thread.executeAfter(look, everyMs);
        }
    }
}
