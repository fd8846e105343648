package penstock.fanout;

/**
 * How much the kernel may hold for a session that has been slower than what it was sent. What lies there can't be
 * folded any more: 64 KiB are 3 s of a reader that takes 20 KB/s. So it is what the reader takes in a sixth of a
 * second, measured while it was blocked; the kernel makes half as much again of it, a quarter of a second. Messages and
 * writes are cut to match.
 *
 * <p>A reader that is only far away is slow because the buffer is small for its round trip: with less it takes less,
 * with more more. So each change is a trial; who reacts to it like that has all of the buffer from then on. Owned by
 * the shard.
 */
final class SendBuffer {
    static final int LEAST_BYTES = 2 * 1024;
    /** A sixth of a second. */
    private static final int PER_SECOND = 6;
    private static final int LEAST_MESSAGE_BYTES = 1024;
    private static final int MESSAGES = 4;
    /** So long, and not in one stall, or so often it must have been blocked before its pace is taken for known. */
    private static final long MEASURED_NS = 500_000_000;
    private static final int LEAST_BLOCKS = 3;
    private static final int MANY_BLOCKS = 64;
    /** So many measurements lie between trials of twice the size. */
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
    /** What the kernel still holds from before a change distorts the next measurement. */
    private boolean isDistorted;
    private boolean wasShrunk;
    private boolean wasTried;
    private boolean isFarAway;

    SendBuffer(final Transport outbound) {
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
        if (++blocks >= MANY_BLOCKS || blocks >= LEAST_BLOCKS && blockedNs >= MEASURED_NS) {
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
        final int wanted =
            (int) Math.max(Math.min(LEAST_BYTES, fullBytes), Math.min(fullBytes, newPerSecond / PER_SECOND));
        if (wasShrunk && newPerSecond < SLOWED_BY_LESS * before || wasTried
                && newPerSecond > SPED_UP_BY_MORE * before) {
            isFarAway = true;
            change(fullBytes);
        } else if (wanted < bytes - bytes / 4) {
            change(wanted);
            wasShrunk = !wasTried;
            wasTried = false;
        } else if (wanted > bytes + bytes / 4 || wanted == fullBytes) {
            change(wanted);
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
