package penstock.feed.request;

import java.util.ArrayList;
import java.util.List;
import penstock.time.FeedClock;
import penstock.venue.spec.SubscribeSpec;

/**
 * One message that asks for items or takes them back, until it is settled: then it has none left.
 * Owned by the feed thread.
 */
final class VenueRequest {
    private long id;
    private final boolean isUnsubscribe;
    private final List<SubscribeSpec.Item> items;
    private int timesSent;
    private int itemsSent;
    private FeedClock.Timer timer;

    VenueRequest(final long id, final boolean isUnsubscribe, final List<SubscribeSpec.Item> items) {
        this.id = id;
        this.isUnsubscribe = isUnsubscribe;
        this.items = new ArrayList<>(items);
    }

    long id() {
        return id;
    }

    /** Less is left of it than was sent: what was sent may still be answered, and that is no answer to what is left. */
    boolean isShrunk() {
        return isSent() && items.size() < itemsSent;
    }

    void renumber(final long next) {
        id = next;
    }

    boolean isUnsubscribe() {
        return isUnsubscribe;
    }

    /** What is not settled yet. */
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

    void onSent(final FeedClock.Timer answerDue) {
        timesSent++;
        itemsSent = items.size();
        cancel();
        timer = answerDue;
    }

    void remove(final List<SubscribeSpec.Item> settled) {
        if (settled.size() == items.size()) {
            items.clear();
        } else {
            items.removeAll(settled);
        }
        if (items.isEmpty()) {
            cancel();
        }
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
