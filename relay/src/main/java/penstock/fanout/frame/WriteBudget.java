package penstock.fanout.frame;

import penstock.fanout.schedule.RateLimit;

/**
 * How much one subscription may still add to the write under construction; unlimited without a rate limit. Owned by the
 * shard's io thread; one for all its subscriptions.
 */
final class WriteBudget {
    /** A message grows to a size worth a write; bytes over the limit become a debt. */
    private static final int MIN_MESSAGE_BYTES = 1_024;

    private int updates;
    private long bytes;
    private int maxMessageBytes;
    private boolean isSpent;

    /** {@code maxBytes}: where a message ends at the latest. */
    void begin(final RateLimit limit, final int maxBytes, final long nowNs) {
        isSpent = false;
        maxMessageBytes = maxBytes;
        updates = Integer.MAX_VALUE;
        bytes = Long.MAX_VALUE;
        if (limit != null) {
            limit.refill(nowNs);
            updates = limit.updates();
            bytes = limit.bytes();
        }
    }

    /** How many updates may be added. */
    int updates() {
        return updates;
    }

    /** Whether anything may be added; if not, the budget is the reason that data is left out. */
    boolean allowsBytes() {
        return bytes > 0 || !refuse();
    }

    /** Data is left out because the budget is spent; true. */
    boolean refuse() {
        isSpent = true;
        return true;
    }

    /** Where a message ends. */
    int messageBytes() {
        return (int) Math.min(maxMessageBytes, Math.max(MIN_MESSAGE_BYTES, bytes));
    }

    void spend(final int sentUpdates, final int sentBytes) {
        updates -= sentUpdates;
        bytes -= sentBytes;
    }

    /** Whether data was left out because the budget was spent. */
    boolean isSpent() {
        return isSpent;
    }
}
