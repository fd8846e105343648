package penstock.wire;

import java.util.List;

/** A subscription as its acks and lists tell it; {@code intervalMs} counts in mode {@code conflate} only. Immutable. */
public record SubscriptionInfo(String sub, String channel, Mode mode, long intervalMs, List<String> symbols, int matched,
                               List<String> unknown, long p) {
}
