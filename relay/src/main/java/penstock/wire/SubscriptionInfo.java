package penstock.wire;

import java.util.List;

/** A subscription in acks and lists, with all options resolved. Immutable. */
public record SubscriptionInfo(String sub, String channel, SubscriptionOptions options, List<String> symbols,
        int matched, List<String> unknown, long p) {
}
