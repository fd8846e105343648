package penstock.wire;

import java.util.List;

/** A subscription in acks and lists, with all options resolved. Immutable. */
public record SubscriptionInfo(ChannelName channel, String sub, SubscriptionOptions options, List<String> symbols,
        int matched, List<String> unknown, long p) {

    /** Of the only feed. */
    public SubscriptionInfo(final String sub, final String channel, final SubscriptionOptions options,
            final List<String> symbols, final int matched, final List<String> unknown, final long p) {
        this(new ChannelName(null, channel), sub, options, symbols, matched, unknown, p);
    }
}
