package penstock.feed.request;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * The venue's answers to the subscriptions of one line. While another line of the same connection sends, a rejection on
 * this one closes nothing: it counts once this line sends alone. Owned by the feed thread.
 */
public final class LineOutcomes implements SubscriptionListener {
    private final SubscriptionListener listener;
    private final Consumer<Item> begin;
    /** Items that the venue does not send on this line, with its words. */
    private final Map<Item, String> rejected = new LinkedHashMap<>();
    private boolean isAlone;

    /**
     * Nothing has been requested.
     *
     * @param isAlone no other line sends for the same connection
     * @param begin   what the line sends of an item next is of a new subscription
     */
    public LineOutcomes(final SubscriptionListener listener, final boolean isAlone, final Consumer<Item> begin) {
        this.listener = listener;
        this.begin = begin;
        this.isAlone = isAlone;
    }

    /** No other line sends any more: what the venue rejected on this one is closed, though another may have sent it. */
    public void onAlone() {
        isAlone = true;
        Map.copyOf(rejected).forEach((item, words) -> listener.onRejected(List.of(item), words));
    }

    /** Whether the venue rejected the item on this line. */
    public boolean isRejected(final Item item) {
        return rejected.containsKey(item);
    }

    /** These are not subscribed to any more. */
    public void forget(final Collection<Item> items) {
        items.forEach(rejected::remove);
    }

    @Override
    public void onRequested(final Collection<Item> items) {
        items.forEach(begin);
    }

    @Override
    public void onAccepted(final Collection<Item> items) {
        forget(items);
        listener.onAccepted(items);
    }

    @Override
    public void onRejected(final Collection<Item> items, final String words) {
        items.forEach(item -> rejected.put(item, words));
        if (isAlone) {
            listener.onRejected(items, words);
        }
    }

    @Override
    public void onNoRoom(final Collection<Item> items, final String words) {
        forget(items);
        listener.onNoRoom(items, words);
    }
}
