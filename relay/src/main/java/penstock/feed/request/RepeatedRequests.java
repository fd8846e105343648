package penstock.feed.request;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import penstock.time.FeedClock;
import penstock.venue.spec.SubscribeSpec.Item;

/**
 * Items of messages that were sent again, and of which the venue has answered an earlier copy: it may still work on the
 * last one. A venue that works on several requests at a time could do the next request of such an item first, and an
 * unsubscribe that it does last leaves the topic silent. So the next request waits for the answer to the last copy, if
 * numbers tell it from the others, or for the time within which the venue answers. Owned by the feed thread.
 */
final class RepeatedRequests {
    /** A message; {@code id}: the number of its last copy. */
    private record Copies(String id, Collection<Item> items, FeedClock.Timer timer) {
    }

    private final FeedClock clock;
    private final Runnable onReleased;
    private final List<Copies> unanswered = new ArrayList<>();

    /** {@code onReleased}: called when requests for some items may be sent again. */
    RepeatedRequests(final FeedClock clock, final Runnable onReleased) {
        this.clock = clock;
        this.onReleased = onReleased;
    }

    boolean isEmpty() {
        return unanswered.isEmpty();
    }

    boolean contains(final Item item) {
        for (final Copies copies : unanswered) {
            if (copies.items.contains(item)) {
                return true;
            }
        }
        return false;
    }

    /** An earlier copy of a message is answered, for these items; the answer to the last one comes in time or never. */
    void add(final VenueRequest request, final Collection<Item> items, final long timeoutMs) {
        final String id = Long.toString(request.id());
        unanswered.add(new Copies(id, items, clock.executeAfter(() -> release(id), timeoutMs)));
    }

    /** The venue has answered the message with that number; null: with an unknown one. */
    void onAnswered(final String id) {
        if (id != null) {
            release(id);
        }
    }

    void stop() {
        unanswered.forEach(copies -> copies.timer.cancel());
        unanswered.clear();
    }

    private void release(final String id) {
        final List<Copies> released = unanswered.stream().filter(copies -> copies.id.equals(id)).toList();
        if (!released.isEmpty()) {
            released.forEach(copies -> copies.timer.cancel());
            unanswered.removeAll(released);
            onReleased.run();
        }
    }
}
