package penstock.websocket;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Inflaters of a thread's connections, which hold one only while a compressed message is half-read: with
 * {@code client_no_context_takeover} nothing is kept between messages. Owned by one thread.
 */
public final class InflaterPool {
    /** Idle ones kept: most messages come whole, and need one for a moment. */
    private static final int KEPT = 4;

    private final Deque<MessageInflater> idle = new ArrayDeque<>(KEPT);
    private final int inflatedBytes;

    /** {@code inflatedBytes}: the largest message; one byte more ends the connection with 1009. */
    public InflaterPool(final int inflatedBytes) {
        this.inflatedBytes = inflatedBytes;
    }

    MessageInflater take() {
        final MessageInflater inflater = idle.poll();
        return inflater == null ? new MessageInflater(false, inflatedBytes) : inflater;
    }

    void giveBack(final MessageInflater inflater) {
        inflater.end();
        if (idle.size() < KEPT) {
            idle.push(inflater);
        } else {
            inflater.close();
        }
    }

    /** How many wait for use. For tests. */
    int idle() {
        return idle.size();
    }
}
