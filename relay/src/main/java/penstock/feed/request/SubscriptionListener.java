package penstock.feed.request;

import java.util.Collection;
import penstock.venue.spec.SubscribeSpec.Item;

/** The venue's answers to subscriptions. Called on the feed thread. */
public interface SubscriptionListener {
    /** The message that subscribes to them is sent: what comes of them from now on is of a new subscription. */
    default void onRequested(final Collection<Item> items) {
        // most listeners care for the answer alone
    }

    /** The venue confirmed them: earlier rejections are void. */
    void onAccepted(Collection<Item> items);

    /** The venue rejected them, for the life of the connection; {@code words}: the venue's. */
    void onRejected(Collection<Item> items, String words);

    /** The connection cannot carry them; it no longer tries to. */
    void onNoRoom(Collection<Item> items, String words);
}
