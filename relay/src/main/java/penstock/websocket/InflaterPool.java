package penstock.websocket;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The inflaters of a thread's connections. A connection uses one only while a compressed message is incomplete; what
 * the message may refer to is in the connection's {@link InflateHistory}. Owned by one thread.
 */
public final class InflaterPool {
    /** Most messages arrive whole and need an inflater for a moment, so a few idle ones are enough. */
    private static final int MAX_IDLE = 4;

    private final Deque<MessageInflater> idle = new ArrayDeque<>(MAX_IDLE);
    private final int inflatedBytes;

    /** {@code inflatedBytes}: the largest message; one byte more ends the connection with 1009. */
    public InflaterPool(final int inflatedBytes) {
        this.inflatedBytes = inflatedBytes;
    }

    /** An inflater for a message that may refer to {@code history}; null if it refers to nothing. */
    MessageInflater take(final InflateHistory history) {
        final MessageInflater pooled = idle.poll();
        final MessageInflater inflater = pooled == null ? new MessageInflater(false, inflatedBytes) : pooled;
        if (history != null) {
            inflater.continueAfter(history.bytes(), history.length());
        }
        return inflater;
    }

    void release(final MessageInflater inflater) {
        inflater.end();
        if (idle.size() < MAX_IDLE) {
            idle.push(inflater);
        } else {
            inflater.close();
        }
    }

    /** Number of idle inflaters. For tests. */
    int idle() {
        return idle.size();
    }
}
