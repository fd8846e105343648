package penstock.venue.book;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;

/**
 * The orders of a book, added up by price. A level is published with the sum of its orders, exact; the price keeps its
 * bytes. A change of a known order makes no garbage, a new order keeps about 130 B. Owned by the feed thread.
 */
public final class OrderBook {
    /** About 30 MB: beyond it an order is a bad level, and the book begins again. */
    static final int MAX_ORDERS = 200_000;
    private static final int MAX_BYTES = 255;

    private final ByteTable<Order> orders = new ByteTable<>();
    private final List<Map<ExactNumber, Level>> sides = List.of(new HashMap<>(), new HashMap<>());
    /** Levels whose sum may differ from what was written last. */
    private final List<Level> changed = new ArrayList<>();
    private final OrderRows rows = new OrderRows();
    private final ExactNumber number = new ExactNumber();
    private final ExactNumber left = new ExactNumber();
    private final byte[] text = new byte[MAX_BYTES];

    private static final class Order {
        private Level level;
        private final ExactNumber size = new ExactNumber();
    }

    /** The orders of one price. */
    private static final class Level {
        private final int side;
        private final ExactNumber number;
        private final byte[] price;
        private final ExactNumber sum = new ExactNumber();
        private int count;
        private boolean isChanged;

        Level(final int side, final ExactNumber number, final byte[] price) {
            this.side = side;
            this.number = number;
            this.price = price;
        }
    }

    /** No orders. */
    public OrderBook() {
    }

    /**
     * Applies rows of orders, and writes the levels that they change in their place. Returns the number of rows that
     * lack something, or have a number with too many places.
     */
    public int apply(final UpdateKind kind, final LevelBuffer levels) {
        if (kind != UpdateKind.DELTA) {
            orders.clear();
            sides.forEach(Map::clear);
        }
        int bad = 0;
        rows.open(levels);
        while (rows.next()) {
            bad += applyRow() ? 0 : 1;
        }
        levels.clear();
        for (int i = 0; i < changed.size(); i++) {
            write(changed.get(i), levels);
        }
        changed.clear();
        return bad;
    }

    private boolean applyRow() {
        final Order order = orders.get(rows.id());
        return switch (rows.action()) {
            case OrderRows.SET -> set(order);
            case OrderRows.REDUCE -> reduce(order);
            default -> cancel(order);
        };
    }

    /** An order is new or differs; what the row does not say is as before. */
    private boolean set(final Order known) {
        final ByteSlice price = rows.price();
        final ByteSlice size = rows.size();
        final boolean isComplete = rows.side() >= 0 && price != null && size != null;
        if (known == null && (!isComplete || orders.size() >= MAX_ORDERS) || size != null && !left.read(size)
                || price != null && !number.read(price)) {
            return false;
        }
        final Order order = known == null ? new Order() : known;
        if (known == null) {
            orders.put(rows.id(), order);
        } else {
            remove(order);
        }
        if (size != null) {
            order.size.set(left);
        }
        if (price != null) {
            order.level = level(rows.side() < 0 ? order.level.side : rows.side(), price);
        }
        order.level.sum.add(order.size);
        order.level.count++;
        change(order.level);
        return true;
    }

    /** An order has less left; an order that is not known is of no level here. */
    private boolean reduce(final Order order) {
        if (!left.read(rows.size())) {
            return false;
        }
        if (order != null) {
            order.size.subtract(left);
            if (order.size.signum() > 0) {
                order.level.sum.subtract(left);
                change(order.level);
            } else {
                order.size.add(left);
                cancel(order);
            }
        }
        return true;
    }

    private boolean cancel(final Order order) {
        if (order != null) {
            remove(order);
            orders.remove(rows.id());
        }
        return true;
    }

    /** From its level. */
    private void remove(final Order order) {
        order.level.sum.subtract(order.size);
        order.level.count--;
        change(order.level);
    }

    private void change(final Level level) {
        if (!level.isChanged) {
            level.isChanged = true;
            changed.add(level);
        }
    }

    private void write(final Level level, final LevelBuffer target) {
        level.isChanged = false;
        final int length = level.count == 0 ? 0 : level.sum.write(text);
        target.add(level.side, level.price, 0, level.price.length, text, 0, length);
        if (level.count == 0) {
            sides.get(level.side).remove(level.number);
        }
    }

    /** The level of the price that was read last. */
    private Level level(final int side, final ByteSlice price) {
        number.strip();
        final Map<ExactNumber, Level> levels = sides.get(side);
        Level level = levels.get(number);
        if (level == null) {
            level = new Level(side, new ExactNumber(number), price.copy());
            levels.put(level.number, level);
        }
        return level;
    }
}
