package penstock.server;

import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;

/**
 * The memory of half messages of one io thread. When there is none left, the connection with the oldest half message is
 * closed: messages of honest clients are complete within moments.
 *
 * <p>Owned by the io thread.
 */
final class PartialMessages {
    private final MemoryShare memory;
    private final ReadTimeouts readers;

    PartialMessages(final MemoryShare memory, final ReadTimeouts readers) {
        this.memory = memory;
        this.readers = readers;
    }

    /** Reserves memory for {@code asking}; false if its own message is the oldest, or if nothing else holds memory. */
    boolean tryReserve(final long bytes, final ReadTimeouts.Reader asking) {
        while (!memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, bytes)) {
            final ReadTimeouts.Reader oldest = readers.oldest();
            if (oldest == null || oldest == asking) {
                return false;
            }
            oldest.onMemoryNeeded();
        }
        return true;
    }
}
