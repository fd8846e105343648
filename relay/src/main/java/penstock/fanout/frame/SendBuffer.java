package penstock.fanout.frame;

/**
 * Sizes the kernel's send buffer of a slow session. Data in that buffer can no longer be conflated: 64 KiB are 3 s of a
 * reader that takes 20 KB/s. The size is what the reader takes in a sixth of a second, measured while it was blocked;
 * the kernel adds half as much again, which makes a quarter of a second. Messages and writes are cut to match.
 *
 * <p>On a link with high latency the throughput follows the buffer size. So each change is a trial: if the throughput
 * follows it, the link is the limit, and the session keeps the full buffer for good. Owned by the shard's io thread.
 */
final class SendBuffer {
    static final int MIN_BYTES = 2 * 1024;
    /** A sixth of a second. */
    private static final int PER_SECOND = 6;
    private static final int MIN_MESSAGE_BYTES = 1024;
    private static final int MESSAGES = 4;
    /** Minimum blocked time, and number of blocks, before the measured rate is trusted; or many short blocks. */
    private static final long MEASURED_NS = 500_000_000;
    private static final int MIN_BLOCKS = 3;
    private static final int MANY_BLOCKS = 64;
    /** One measurement in this many is a trial of twice the size. */
    private static final int TRIAL_EVERY = 8;
    private static final double SLOWED_BY_LESS = 0.7;
    private static final double SPED_UP_BY_MORE = 1.4;
    private static final double NS_PER_SECOND = 1e9;

    private final Transport outbound;
    private final int fullBytes;
    private int bytes;
    private long takenBytes;
    private long blockedNs;
    private int blocks;
    private double perSecond;
    private int measurements;
    /** Data that the kernel got before a change distorts the next measurement. */
    private boolean isDistorted;
    private boolean wasShrunk;
    private boolean wasTried;
    private boolean isFarAway;

    SendBuffer(final Transport outbound) {
        this.outbound = outbound;
        fullBytes = outbound.sendBufferBytes();
        bytes = fullBytes;
    }

    /** Where a message ends, so that data behind it in the write can still be conflated. */
    int messageBytes() {
        return bytes == fullBytes ? FrameSizes.MAX_MESSAGE_BYTES : Math.max(MIN_MESSAGE_BYTES, bytes / MESSAGES);
    }

    /** How many bytes are worth building at once. */
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
        if (++blocks >= MANY_BLOCKS || blocks >= MIN_BLOCKS && blockedNs >= MEASURED_NS) {
            if (!isFarAway && !isDistorted && takenBytes > 0) {
                onMeasured(takenBytes * NS_PER_SECOND / Math.max(1, blockedNs));
            } else {
                isDistorted = false;
            }
            takenBytes = 0;
            blockedNs = 0;
            blocks = 0;
        }
    }

    private void onMeasured(final double newPerSecond) {
        final double before = perSecond;
        perSecond = newPerSecond;
        final int target =
            (int) Math.max(Math.min(MIN_BYTES, fullBytes), Math.min(fullBytes, newPerSecond / PER_SECOND));
        if (wasShrunk && newPerSecond < SLOWED_BY_LESS * before || wasTried
                && newPerSecond > SPED_UP_BY_MORE * before) {
            isFarAway = true;
            change(fullBytes);
        } else if (target < bytes - bytes / 4) {
            change(target);
            wasShrunk = !wasTried;
            wasTried = false;
        } else if (target > bytes + bytes / 4 || target == fullBytes) {
            change(target);
            wasShrunk = false;
            wasTried = false;
        } else {
            wasShrunk = false;
            wasTried = ++measurements % TRIAL_EVERY == 0 && bytes < fullBytes;
            if (wasTried) {
                change(Math.min(fullBytes, 2 * bytes));
            }
        }
    }

    private void change(final int newBytes) {
        if (newBytes != bytes) {
            bytes = newBytes;
            isDistorted = true;
            outbound.sendBufferBytes(newBytes);
        }
    }
}
