package penstock.fanout;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import penstock.testkit.ParsedJson;
import penstock.wire.SubscriptionOptions;

/**
 * What the protocol says a subscription is shown of a value: wanted fields, best levels. A shown value is a map of what
 * can change by itself, fields or levels, or anything else as it is. Immutable.
 */
record ReferenceView(List<String> fields, boolean delta, int depth, boolean isEventChannel) {
    static ReferenceView of(final SubscriptionOptions terms, final ReferenceChannel channel) {
        return new ReferenceView(terms.content().fields(), terms.content().delta() && !channel.isBook(),
            terms.content().depth(), channel.isEventChannel());
    }

    boolean isFull() {
        return fields.isEmpty() && !delta && depth == 0;
    }

    /** Two sides of a reference book become levels by side and price. */
    Object shown(final Object value) {
        if (value instanceof List<?> list && list.size() == 2 && list.get(0) instanceof TreeMap) {
            final Map<String, Object> levels = new TreeMap<>();
            for (int side = 0; side < 2; side++) {
                int n = 0;
                for (final Map.Entry<?, ?> level : ParsedJson.object(list.get(side)).entrySet()) {
                    if (depth == 0 || n++ < depth) {
                        levels.put(level(side, (BigDecimal) level.getKey()), level.getValue());
                    }
                }
            }
            return levels;
        }
        if (value instanceof Map<?, ?> map) {
            final Map<String, Object> kept = new TreeMap<>();
            map.forEach((name, field) -> {
                if (fields.isEmpty() || fields.contains(name)) {
                    kept.put((String) name, field);
                }
            });
            return kept;
        }
        return value;
    }

    static String level(final int side, final BigDecimal price) {
        return (side == 0 ? "bid " : "ask ") + (price.signum() == 0 ? "0" : price.stripTrailingZeros().toPlainString());
    }

    /** Whether the step from one value to the next must be sent; the first comes from null. */
    boolean mustShow(final Object before, final Object after) {
        if (isFull() || !isKeyed(after)) {
            return true;
        }
        final Object now = shown(after);
        if (isEventChannel || !isKeyed(before)) {
            return !((Map<?, ?>) now).isEmpty();
        }
        return !now.equals(shown(before));
    }

    /** Whether it may be sent. */
    boolean mayShow(final Object before, final Object after) {
        return mustShow(before, after) || !isEventChannel && !isKeyed(before);
    }

    static boolean isKeyed(final Object value) {
        return value instanceof Map || value instanceof List<?> list && list.size() == 2
            && list.get(0) instanceof TreeMap;
    }
}
