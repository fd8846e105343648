package penstock.wire;

import java.util.List;

/**
 * A subscription as its acks and lists tell it; {@code intervalMs} counts in mode {@code conflate} only, {@code overflow} in mode
 * {@code all}. Immutable.
 */
public record SubscriptionInfo(String sub, String channel, Mode mode, long intervalMs, Overflow overflow, List<String> symbols, int matched,
                               List<String> unknown, long p) {

    /** One that conflates, or ends with its images. */
    public SubscriptionInfo(final String sub, final String channel, final Mode mode, final long intervalMs, final List<String> symbols,
                            final int matched, final List<String> unknown, final long p) {
        this(sub, channel, mode, intervalMs, null, symbols, matched, unknown, p);
    }
}
