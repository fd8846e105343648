package penstock.wire;

import java.util.List;

/** A subscription as its acks and lists tell it, with all of its terms. Immutable. */
public record SubscriptionInfo(String sub, String channel, SubscriptionOptions terms, List<String> symbols,
        int matched, List<String> unknown, long p) {
}
