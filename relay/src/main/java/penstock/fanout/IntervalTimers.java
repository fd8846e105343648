package penstock.fanout;

import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The subscriptions that hold until a deadline. Those of one interval wait in one line, which is in the order of their
 * deadlines by itself; the lines stand in a heap by their first. No timer per subscription, no garbage. Owned by the
 * shard.
 */
final class IntervalTimers {
    /**
     * Where more than so many hold for one interval, they are looked after together, in about so many turns an
     * interval, and a hold lasts up to this part of it longer: 1,000 deadlines in 100 ms would be as many turns.
     */
    private static final int LOOKS = 32;
    private static final long LONGEST_REST_NS = 10_000_000;

    private final Map<Long, Line> lines = new HashMap<>();
    private final PriorityQueue<Line> byDeadline = new PriorityQueue<>();

    /** The line for an interval. Give it back with {@link #leave}. */
    Line join(final long intervalNs) {
        final Line line = lines.computeIfAbsent(intervalNs, Line::new);
        line.members++;
        return line;
    }

    /** A subscription that will not hold in this line any more. */
    void leave(final Line line) {
        if (--line.members == 0) {
            lines.remove(line.intervalNs);
        }
    }

    /** Holds {@code subscription} for the interval of {@code line}, from {@code nowNs}. */
    void hold(final Subscription subscription, final Line line, final long nowNs) {
        subscription.heldIn = line;
        subscription.deadlineNs = nowNs + line.intervalNs;
        line.append(subscription);
        if (!line.inHeap) {
            line.inHeap = true;
            line.deadlineNs = subscription.deadlineNs + line.restNs();
            byDeadline.add(line);
        }
    }

    /** Takes a subscription out of its line before its time. */
    void cancel(final Subscription subscription) {
        subscription.heldIn.unlink(subscription);
    }

    /** Hands out everyone whose deadline has come. */
    void expire(final long nowNs, final Consumer<Subscription> expired) {
        Line line = byDeadline.peek();
        while (line != null && line.deadlineNs - nowNs <= 0) {
            byDeadline.poll();
            while (line.first != null && line.first.deadlineNs - nowNs <= 0) {
                final Subscription subscription = line.first;
                line.unlink(subscription);
                expired.accept(subscription);
            }
            line.inHeap = line.first != null;
            if (line.inHeap) {
                line.deadlineNs = line.first.deadlineNs + line.restNs();
                byDeadline.add(line);
            }
            line = byDeadline.peek();
        }
    }

    /** When to look again, or {@link Long#MAX_VALUE}. May be early, never later than a rest. */
    long nextDeadlineNs() {
        final Line line = byDeadline.peek();
        return line == null ? Long.MAX_VALUE : line.deadlineNs;
    }

    /** The subscriptions of one interval, first deadline first. */
    static final class Line implements Comparable<Line> {
        final long intervalNs;
        private int members;
        private Subscription first;
        private Subscription last;
        /**
         * When it is looked at: at the first deadline there was when it was put into the heap, or a rest later. It can
         * be early.
         */
        private long deadlineNs;
        private boolean inHeap;

        private Line(final long intervalNs) {
            this.intervalNs = intervalNs;
        }

        @Override
        public int compareTo(final Line other) {
            return Long.signum(deadlineNs - other.deadlineNs);
        }

        private long restNs() {
            return members > LOOKS ? Math.min(LONGEST_REST_NS, intervalNs / LOOKS) : 0;
        }

        private void append(final Subscription subscription) {
            subscription.previous = last;
            subscription.next = null;
            if (last == null) {
                first = subscription;
            } else {
                last.next = subscription;
            }
            last = subscription;
        }

        private void unlink(final Subscription subscription) {
            if (subscription.previous == null) {
                first = subscription.next;
            } else {
                subscription.previous.next = subscription.next;
            }
            if (subscription.next == null) {
                last = subscription.previous;
            } else {
                subscription.next.previous = subscription.previous;
            }
            subscription.previous = null;
            subscription.next = null;
        }
    }
}
