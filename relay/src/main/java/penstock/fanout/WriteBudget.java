package penstock.fanout;

/**
 * What one subscription may add to the write under construction, and what of it is gone. Without a pace there is no end
 * to it. Owned by the shard; one for all its subscriptions.
 */
final class WriteBudget {
    /** Lets a message grow to something worth a write: what is too much is a debt. */
    private static final int LEAST_MESSAGE_BYTES = 1_024;

    private int updates;
    private long bytes;
    private int mostMessageBytes;
    private boolean isSpent;

    /** {@code mostBytes}: where a message ends whatever the pace. */
    void begin(final RateLimit pace, final int mostBytes, final long nowNs) {
        isSpent = false;
        mostMessageBytes = mostBytes;
        updates = Integer.MAX_VALUE;
        bytes = Long.MAX_VALUE;
        if (pace != null) {
            pace.refill(nowNs);
            updates = pace.updates();
            bytes = pace.bytes();
        }
    }

    /** How many updates may be added. */
    int updates() {
        return updates;
    }

    /** Whether something may be added at all; if not, that is why something is left out. */
    boolean allowsBytes() {
        return bytes > 0 || !refuse();
    }

    /** Something is left out because there is no more of it. */
    boolean refuse() {
        isSpent = true;
        return true;
    }

    /** Where a message ends. */
    int messageBytes() {
        return (int) Math.min(mostMessageBytes, Math.max(LEAST_MESSAGE_BYTES, bytes));
    }

    void spend(final int sentUpdates, final int sentBytes) {
        updates -= sentUpdates;
        bytes -= sentBytes;
    }

    /** Whether something was left out because of it. */
    boolean isSpent() {
        return isSpent;
    }
}
