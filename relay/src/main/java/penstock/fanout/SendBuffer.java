package penstock.fanout;

/**
 * How much the kernel may hold for a session that has been slower than what it was sent. What lies there can't be folded any more: 64 KiB
 * are 3 s of a reader that takes 20 KB/s. So it is what the reader takes in a sixth of a second, measured while it was blocked; the kernel
 * makes half as much again of it, a quarter of a second. Messages and writes are cut to match. A quarter of a second is longer than a
 * round trip: a reader that is only far away keeps all of it. Owned by the shard.
 */
final class SendBuffer {
    static final int LEAST_BYTES = 2 * 1024;
    private static final int PER_SECOND = 6;
    private static final int LEAST_MESSAGE_BYTES = 1024;
    private static final int MESSAGES = 4;
    /** So long it must have been blocked, or so often, before its pace is taken for known. */
    private static final long MEASURED_NS = 500_000_000;
    private static final int MEASURED_BLOCKS = 64;
    private static final double NS_PER_SECOND = 1e9;

    private final Outbound outbound;
    private final int fullBytes;
    private int bytes;
    private long takenBytes;
    private long blockedNs;
    private int blocks;

    SendBuffer(final Outbound outbound) {
        this.outbound = outbound;
        fullBytes = outbound.sendBufferBytes();
        bytes = fullBytes;
    }

    /** Where a message ends, so that what is behind it in the write can still be folded soon. */
    int messageBytes() {
        return bytes == fullBytes ? Encoder.MAX_BYTES : Math.max(LEAST_MESSAGE_BYTES, bytes / MESSAGES);
    }

    /** What is worth to be built at once. */
    int writeBytes() {
        return bytes == fullBytes ? Integer.MAX_VALUE : bytes;
    }

    /** The socket took bytes. */
    void onTaken(final int count) {
        takenBytes += count;
    }

    /** The socket is clear again. */
    void onCleared(final long blockedForNs) {
        blockedNs += blockedForNs;
        if (++blocks < MEASURED_BLOCKS && blockedNs < MEASURED_NS) {
            return;
        }
        final double perSecond = takenBytes * NS_PER_SECOND / Math.max(1, blockedNs);
        final int wanted = (int) Math.max(Math.min(LEAST_BYTES, fullBytes), Math.min(fullBytes, perSecond / PER_SECOND));
        if (wanted < bytes - bytes / 4 || wanted > bytes + bytes / 4 || wanted == fullBytes && bytes < fullBytes) {
            bytes = wanted;
            outbound.sendBufferBytes(bytes);
        }
        takenBytes = 0;
        blockedNs = 0;
        blocks = 0;
    }
}
