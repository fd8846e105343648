package penstock.feed;

import java.util.Collection;
import java.util.function.Consumer;
import penstock.feed.request.SubscriptionReconciler;
import penstock.venue.spec.SubscribeSpec;

/** Passes on what one connection learns of what it asked for. Owned by the feed thread. */
record RequestOutcomes(FeedContext.Asked asked, ConnectionGroup share, Consumer<String> onSilent)
        implements SubscriptionReconciler.Owner {
    @Override
    public void onUnanswered(final String what) {
        onSilent.accept(what);
    }

    @Override
    public void onRefused(final Collection<SubscribeSpec.Item> items, final String words) {
        asked.onRefused(share, items, words);
    }

    @Override
    public void onAccepted(final Collection<SubscribeSpec.Item> items) {
        asked.onAccepted(share, items);
    }

    @Override
    public void onNoRoom(final Collection<SubscribeSpec.Item> items, final String words) {
        asked.onNoRoom(share, items, words);
    }
}
