package penstock.server.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import penstock.fanout.ShardThread;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.thread.ThreadOwner;

/**
 * The memory of half messages of one io thread. When there is none left, the connection with the oldest half message is
 * closed: messages of honest clients are complete within moments.
 *
 * <p>Its arrays are powers of two. One that is given back serves the next half message of its size: a flood of half
 * messages would otherwise leave garbage that is old when it dies, and only a collection of the whole heap, which stops
 * all sessions, removes that. A second later it lets go of those that no message uses.
 *
 * <p>Owned by the io thread.
 */
public final class PartialMessages {
    private static final int MIN_BYTES = 256;
    private static final long KEEP_MS = 1_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final MemoryShare memory;
    private final ReadTimeouts readers;
    private final ShardThread thread;
    /** Arrays of 2^n bytes that are accounted and not in use. */
    private final List<Deque<byte[]>> spare = new ArrayList<>();
    private final Runnable expire = this::expire;
    private boolean isExpiring;

    /** In {@code memory}; {@code readers} has the connections that hold half messages. */
    public PartialMessages(final MemoryShare memory, final ReadTimeouts readers, final ShardThread thread) {
        this.memory = memory;
        this.readers = readers;
        this.thread = thread;
        for (int power = 0; power < Integer.SIZE; power++) {
            spare.add(new ArrayDeque<>());
        }
    }

    /** An array for a message of {@code asking}; null if that message is the oldest, or the only one. */
    public byte[] take(final int bytes, final ReadTimeouts.Reader asking) {
        assert owner.check();
        final int power = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(MIN_BYTES, bytes) - 1);
        final Deque<byte[]> fitting = spare.get(power);
        boolean hasRoom = true;
        while (hasRoom && fitting.isEmpty() && !memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, 1L << power)) {
            hasRoom = makeRoom(asking);
        }
        if (!hasRoom) {
            return null;
        }
        final byte[] array = fitting.poll();
        return array == null ? new byte[1 << power] : array;
    }

    /** Takes an array back. */
    public void giveBack(final byte[] array) {
        assert owner.check();
        spare.get(Integer.numberOfTrailingZeros(array.length)).push(array);
        if (!isExpiring) {
            isExpiring = true;
            thread.executeAfter(expire, KEEP_MS);
        }
    }

    /** Reserves memory that is no array; false if the message of {@code asking} is the oldest, or the only one. */
    public boolean tryReserve(final long bytes, final ReadTimeouts.Reader asking) {
        assert owner.check();
        boolean isReserved = memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, bytes);
        while (!isReserved && makeRoom(asking)) {
            isReserved = memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, bytes);
        }
        return isReserved;
    }

    /** Whether an array is not in use, or a half message began before {@code sinceNs}. */
    public boolean canMakeRoom(final long sinceNs) {
        final ReadTimeouts.Reader oldest = readers.oldest();
        return spare.stream().anyMatch(arrays -> !arrays.isEmpty())
            || oldest != null && oldest.messageStartNs() - sinceNs < 0;
    }

    /** The clock of the io thread. */
    public long nowNs() {
        return readers.nowNs();
    }

    private boolean makeRoom(final ReadTimeouts.Reader asking) {
        if (letGo()) {
            return true;
        }
        final ReadTimeouts.Reader oldest = readers.oldest();
        if (oldest == null || oldest == asking) {
            return false;
        }
        oldest.onMemoryNeeded();
        return true;
    }

    private void expire() {
        isExpiring = false;
        letGo();
    }

    /** Lets go of all arrays that are not in use; false if there are none. */
    private boolean letGo() {
        long bytes = 0;
        for (final Deque<byte[]> arrays : spare) {
            for (final byte[] array : arrays) {
                bytes += array.length;
            }
            arrays.clear();
        }
        memory.release(MemoryUse.PARTIAL_MESSAGES, bytes);
        return bytes > 0;
    }
}
