package penstock.feed.request;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongArrayList;
import penstock.time.FeedClock;
import penstock.venue.spec.SubscribeSpec;

/**
 * One message that subscribes to items or unsubscribes from them, until the venue has answered for each of them. Owned
 * by the feed thread.
 */
final class VenueRequest {
    /** A message that was not answered, and how many of its halves were. */
    private static final class Halved {
        private final int itemCount;
        private int answered;

        private Halved(final int itemCount) {
            this.itemCount = itemCount;
        }
    }

    private long id;
    private final boolean isUnsubscribe;
    private final List<SubscribeSpec.Item> items;
    private final LongArrayList earlierIds = new LongArrayList();
    private boolean isShrunk;
    private int timesSent;
    private int itemsSent;
    /** The message that this one is a half of, or null. */
    private Halved whole;
    private FeedClock.Timer timer;

    VenueRequest(final long id, final boolean isUnsubscribe, final List<SubscribeSpec.Item> items) {
        this.id = id;
        this.isUnsubscribe = isUnsubscribe;
        this.items = new ArrayList<>(items);
    }

    /** These are the halves of an unanswered message: its items were requested as often. */
    void halve(final VenueRequest first, final VenueRequest second) {
        first.whole = new Halved(first.items.size() + second.items.size());
        second.whole = first.whole;
        first.timesSent = timesSent;
        second.timesSent = timesSent;
    }

    /** All of its items are answered: the size of the message that is known to be too long now; 0 if there is none. */
    int onAnswered() {
        return whole != null && ++whole.answered == 2 ? whole.itemCount : 0;
    }

    /** Items of the message that was sent last. */
    int itemsSent() {
        return itemsSent;
    }

    long id() {
        return id;
    }

    /** Sent again, the message gets another number. */
    void renumber(final long next) {
        earlierIds.addLong(id);
        id = next;
    }

    /** Whether the same message, with the same items, had this number when it was sent before. */
    boolean hadId(final String text) {
        return !isShrunk && earlierIds.longStream().anyMatch(earlier -> Long.toString(earlier).equals(text));
    }

    boolean isUnsubscribe() {
        return isUnsubscribe;
    }

    /** The items without an answer. */
    List<SubscribeSpec.Item> items() {
        return List.copyOf(items);
    }

    boolean isSent() {
        return timesSent > 0;
    }

    int timesSent() {
        return timesSent;
    }

    boolean hasAny(final List<String> names) {
        return names != null && names.stream().anyMatch(name -> item(name) != null);
    }

    /** The item of that topic or, if there is none, the first of that symbol; null if there is neither. */
    SubscribeSpec.Item item(final String name) {
        SubscribeSpec.Item ofSymbol = null;
        for (final SubscribeSpec.Item item : items) {
            if (item.topic().equals(name)) {
                return item;
            }
            if (ofSymbol == null && item.symbol().equals(name)) {
                ofSymbol = item;
            }
        }
        return ofSymbol;
    }

    String message(final SubscribeSpec spec) {
        return isUnsubscribe ? spec.unsubscribeMessage(items, id) : spec.message(items, id);
    }

    /** {@code timeout}: null if no answer is expected. */
    void onSent(final FeedClock.Timer timeout) {
        timesSent++;
        itemsSent = items.size();
        cancelTimer();
        timer = timeout;
    }

    void remove(final List<SubscribeSpec.Item> settled) {
        isShrunk |= !settled.isEmpty();
        if (settled.size() == items.size()) {
            items.clear();
        } else {
            items.removeAll(settled);
        }
        if (items.isEmpty()) {
            cancelTimer();
        }
    }

    void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
