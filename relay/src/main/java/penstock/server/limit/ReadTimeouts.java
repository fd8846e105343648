package penstock.server.limit;

import java.util.ArrayList;
import java.util.List;
import penstock.fanout.ShardThread;

/**
 * The connections that have received part of a message. A timer checks them ten times per timeout, and only while
 * there are any.
 *
 * <p>Owned by the io thread.
 */
public final class ReadTimeouts {
    /** A connection that may have received part of a message. */
    public interface Reader {
        /** When the message started; {@link #NONE} between messages. */
        long messageStartNs();

        /** What the incomplete message takes. */
        long heldBytes();

        /** There is no memory for other messages: ends the connection, and so releases its memory. */
        void onMemoryNeeded();

        /** The connection is no longer watched: its message is complete, or timed out. */
        void onWatchEnded(boolean isTimedOut);
    }

    /** No message is incomplete. */
    public static final long NONE = Long.MIN_VALUE;

    private static final int CHECKS_PER_TIMEOUT = 10;

    private final ShardThread thread;
    private final long timeoutNs;
    private final long checkEveryMs;
    private final List<Reader> readers = new ArrayList<>();
    private final Runnable check = this::check;
    private boolean isScheduled;

    /** A message must be complete within {@code timeoutMs} of its first byte. */
    public ReadTimeouts(final ShardThread thread, final long timeoutMs) {
        this.thread = thread;
        timeoutNs = timeoutMs * 1_000_000;
        checkEveryMs = Math.max(1, timeoutMs / CHECKS_PER_TIMEOUT);
    }

    /** The clock of the io thread. */
    public long nowNs() {
        return thread.nowNs();
    }

    /** Watches until {@link Reader#messageStartNs} is {@link #NONE}; a reader must not be added twice. */
    public void add(final Reader reader) {
        readers.add(reader);
        schedule();
    }

    int size() {
        return readers.size();
    }

    /** The reader with memory whose message started first; null if there is none. */
    Reader oldest() {
        Reader oldest = null;
        for (final Reader reader : readers) {
            if (reader.heldBytes() > 0
                    && (oldest == null || reader.messageStartNs() - oldest.messageStartNs() < 0)) {
                oldest = reader;
            }
        }
        return oldest;
    }

    private void check() {
        isScheduled = false;
        final long nowNs = thread.nowNs();
        int kept = 0;
        for (int i = 0; i < readers.size(); i++) {
            final Reader reader = readers.get(i);
            final long startNs = reader.messageStartNs();
            if (startNs != NONE && nowNs - startNs < timeoutNs) {
                readers.set(kept++, reader);
            } else {
                reader.onWatchEnded(startNs != NONE);
            }
        }
        readers.subList(kept, readers.size()).clear();
        schedule();
    }

    private void schedule() {
        if (!isScheduled && !readers.isEmpty()) {
            isScheduled = true;
            thread.executeAfter(check, checkEveryMs);
        }
    }
}
