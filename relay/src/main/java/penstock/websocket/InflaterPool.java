package penstock.websocket;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The inflaters of a thread's connections. A connection uses one only while a compressed message is incomplete, because
 * {@code client_no_context_takeover} keeps nothing between messages. Owned by one thread.
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

    MessageInflater take() {
        final MessageInflater inflater = idle.poll();
        return inflater == null ? new MessageInflater(false, inflatedBytes) : inflater;
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
