package penstock.venue.book;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.ring.LevelBuffer;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;

/**
 * The orders of a book, added up by price. A level is published with the sum of its orders, exact; the price keeps its
 * bytes. A change of an order makes some 200 B of garbage. Owned by the feed thread.
 */
final class OrderBook {
    /** About 50 MB: beyond it an order is a bad level, and the book begins again. */
    static final int MAX_ORDERS = 200_000;
    private static final int MAX_PLACES = 100;
    private static final byte[] NO_SIZE = {};

    private final ByteTable<Order> orders = new ByteTable<>();
    private final List<Map<BigDecimal, Level>> sides = List.of(new HashMap<>(), new HashMap<>());
    /** Levels whose sum may differ from what was written last. */
    private final Set<Level> changed = new LinkedHashSet<>();

    private record Order(Level level, BigDecimal size) {
    }

    /** The orders of one price. */
    private static final class Level {
        private final int side;
        private final BigDecimal number;
        private final byte[] price;
        private BigDecimal sum = BigDecimal.ZERO;
        private int count;

        Level(final int side, final BigDecimal number, final byte[] price) {
            this.side = side;
            this.number = number;
            this.price = price;
        }
    }

    void clear() {
        orders.clear();
        sides.forEach(Map::clear);
        changed.clear();
    }

    /**
     * An order is new or differs; null or a side below 0: as before. False if it lacks something, or if a number has
     * too many places.
     */
    boolean set(final ByteSlice id, final int side, final ByteSlice price, final ByteSlice size) {
        final Order before = orders.get(id);
        if (before == null && (side < 0 || price == null || size == null || orders.size() >= MAX_ORDERS)) {
            return false;
        }
        final BigDecimal left = size == null ? before.size() : number(size);
        final BigDecimal at = price == null ? before.level().number : number(price);
        if (left == null || at == null) {
            return false;
        }
        final Level level = price == null ? before.level() : level(side < 0 ? before.level().side : side, at, price);
        remove(before);
        put(id, new Order(level, left));
        return true;
    }

    /** An order has less left; an order that is not known is of no level here. False without a size. */
    boolean reduce(final ByteSlice id, final ByteSlice size) {
        final Order before = orders.get(id);
        final BigDecimal taken = size == null ? null : number(size);
        if (before == null || taken == null) {
            return taken != null;
        }
        final BigDecimal left = before.size().subtract(taken);
        remove(before);
        if (left.signum() > 0) {
            put(id, new Order(before.level(), left));
        } else {
            orders.remove(id);
        }
        return true;
    }

    /** An order is gone; always true. */
    boolean cancel(final ByteSlice id) {
        remove(orders.get(id));
        orders.remove(id);
        return true;
    }

    /** Writes the levels that have changed since the last call. */
    void writeChanges(final LevelBuffer target) {
        final List<Level> empty = new ArrayList<>();
        for (final Level level : changed) {
            final boolean isGone = level.count == 0;
            final byte[] size = isGone ? NO_SIZE : level.sum.toPlainString().getBytes(StandardCharsets.US_ASCII);
            target.add(level.side, level.price, 0, level.price.length, size, 0, size.length);
            if (isGone) {
                empty.add(level);
            }
        }
        empty.forEach(level -> sides.get(level.side).remove(level.number));
        changed.clear();
    }

    private void put(final ByteSlice id, final Order order) {
        orders.put(id, order);
        order.level().sum = order.level().sum.add(order.size());
        order.level().count++;
        changed.add(order.level());
    }

    private void remove(final Order order) {
        if (order != null) {
            order.level().sum = order.level().sum.subtract(order.size());
            order.level().count--;
            changed.add(order.level());
        }
    }

    private Level level(final int side, final BigDecimal number, final ByteSlice price) {
        return sides.get(side).computeIfAbsent(number.stripTrailingZeros(),
            each -> new Level(side, each, price.copy()));
    }

    /** Of a JSON number, which may be in quotes; its form has been checked. Null if sums of it would be endless. */
    private static BigDecimal number(final ByteSlice json) {
        final int quote = json.charAt(0) == '"' ? 1 : 0;
        final BigDecimal number = new BigDecimal(json.subSequence(quote, json.length() - quote).toString());
        return Math.abs((long) number.scale()) > MAX_PLACES ? null : number;
    }
}
