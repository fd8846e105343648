package penstock.websocket;

import java.util.function.LongConsumer;

/**
 * Bounds the memory of the {@link InflateHistory}s of a thread's connections. Beyond the bound, the server asks new
 * clients to compress each message by itself. Owned by one thread.
 */
public final class HistoryMemory {
    private final long maxBytes;
    private final LongConsumer onChange;
    private long bytes;

    /** At most {@code maxBytes}; {@code onChange} is notified of each change, by a negative number of bytes removed. */
    public HistoryMemory(final long maxBytes, final LongConsumer onChange) {
        this.maxBytes = maxBytes;
        this.onChange = onChange;
    }

    /** Whether another window fits. */
    public boolean hasRoom(final int windowBytes) {
        return windowBytes <= maxBytes - bytes;
    }

    void add(final int windowBytes) {
        bytes += windowBytes;
        onChange.accept(windowBytes);
    }

    void remove(final int windowBytes) {
        bytes -= windowBytes;
        onChange.accept(-windowBytes);
    }
}
