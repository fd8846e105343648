package penstock.feed.book;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.venue.Venue;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * The books of one line that are asked for with their first change. A market that does not move has no change: its book
 * is asked for {@link #DELAY_MS} after its subscription was sent; later, while the venue has not answered all
 * subscriptions, or sends nothing at all. A snapshot from before the subscription would not be followed by all changes.
 * Owned by the feed thread.
 */
public final class QuietBooks {
    /** Venues send changes each 100 ms, or each second: after this long there was none. */
    static final long DELAY_MS = 5_000;

    private final Venue rules;
    private final FeedClock clock;
    private final Subscriptions subscriptions;
    private final BooleanSupplier isLive;
    private final SingleTimer timer;
    private final Deque<Due> waiting = new ArrayDeque<>();
    private boolean isStopped;

    /** What the line knows of its subscriptions. */
    public interface Subscriptions {
        /** The topic needs the item, which is wanted, and which the venue has not rejected. */
        boolean isPossible(Item item, int channel, String symbol);

        /** The venue has accepted or rejected all items. */
        boolean isSettled();

        /** Asks for a book of which nothing has come. */
        void ask(int channel, String symbol);
    }

    private record Due(Item item, int channel, String symbol, long atNs) {
    }

    /** {@code isLive}: the line sends data. */
    public QuietBooks(final Venue rules, final FeedClock clock, final Subscriptions subscriptions,
            final BooleanSupplier isLive) {
        this.rules = rules;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.isLive = isLive;
        timer = new SingleTimer(clock);
    }

    /** The message that subscribes to the item is sent. */
    public void onRequested(final Item item) {
        for (int channel = 0; channel < rules.channels().size() && !isStopped; channel++) {
            final String symbol = rules.quietSnapshot(channel) == null ? null
                : rules.subscribe().symbol(item, rules.channels().get(channel).name());
            if (symbol != null) {
                await(item, channel, symbol);
            }
        }
        arm();
    }

    /** The line has ended. */
    public void stop() {
        isStopped = true;
        waiting.clear();
        timer.cancel();
    }

    private void await(final Item item, final int channel, final String symbol) {
        waiting.add(new Due(item, channel, symbol, clock.nowNs() + DELAY_MS * 1_000_000));
    }

    private void arm() {
        if (!timer.isSet() && !waiting.isEmpty()) {
            timer.set(this::onTimer, Math.max(1, (waiting.peek().atNs() - clock.nowNs()) / 1_000_000));
        }
    }

    private void onTimer() {
        final long nowNs = clock.nowNs();
        while (!waiting.isEmpty() && waiting.peek().atNs() <= nowNs) {
            final Due due = waiting.poll();
            if (!subscriptions.isPossible(due.item(), due.channel(), due.symbol())) {
                continue;
            }
            if (isLive.getAsBoolean() && subscriptions.isSettled()) {
                subscriptions.ask(due.channel(), due.symbol());
            } else {
                await(due.item(), due.channel(), due.symbol());
            }
        }
        arm();
    }
}
