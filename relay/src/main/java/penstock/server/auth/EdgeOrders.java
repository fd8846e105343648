package penstock.server.auth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import penstock.wire.MessageBuffer;

/**
 * What the operator has said to sessions, for edges that were cut off: the latest orders, for some minutes. An edge is
 * sent all of them when it connects, and knows by their ids which ones it has. Any thread, under one lock.
 */
final class EdgeOrders {
    /** As many as the operator gives in ten seconds are sent to an edge that connects. */
    static final int MAX = 100;
    /** This number is remembered: an edge with orders of its own still knows those of the relay in front of it. */
    static final int MAX_KNOWN = 4 * MAX;
    /** Longer than a machine takes to start. */
    static final long KEPT_NS = TimeUnit.MINUTES.toNanos(10);
    /** A longer one goes to the edges that are connected, and is not kept. */
    static final int MAX_BYTES = 8 << 10;

    private record Order(MessageBuffer message, long givenNs) {
    }

    private final LongSupplier clock;
    private final Map<String, Order> byId = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Order> eldest) {
            return size() > MAX_KNOWN;
        }
    };

    EdgeOrders(final LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Keeps an order.
     *
     * @param id      no other one has it
     * @param ageNs   how long ago it was given
     * @param message without its end
     * @return the message for edges that are connected; null if the order is known
     */
    synchronized MessageBuffer add(final String id, final long ageNs, final MessageBuffer message) {
        expire();
        if (byId.containsKey(id)) {
            return null;
        }
        final Order order = new Order(message, clock.getAsLong() - ageNs);
        if (message.length() <= MAX_BYTES && ageNs < KEPT_NS) {
            byId.put(id, order);
        }
        return text(id, order);
    }

    /** The messages for an edge that connects, the oldest one first. */
    synchronized List<MessageBuffer> all() {
        expire();
        final List<MessageBuffer> all = new ArrayList<>();
        byId.forEach((id, order) -> all.add(text(id, order)));
        return all.subList(Math.max(0, all.size() - MAX), all.size());
    }

    private void expire() {
        final long nowNs = clock.getAsLong();
        byId.values().removeIf(order -> nowNs - order.givenNs >= KEPT_NS);
    }

    private MessageBuffer text(final String id, final Order order) {
        final MessageBuffer out = new MessageBuffer(order.message.length() + 64);
        out.put(order.message.bytes(), 0, order.message.length()).put(",\"order\":").putString(id);
        return out.put(",\"age\":").put(TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - order.givenNs)).put('}');
    }
}
