package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The subscriptions of one session, in the order in which they were made. Owned by the shard's io thread. */
public final class SessionSubscriptions {
    private final SessionProfile session;
    private final List<Subscription> subscriptions = new ArrayList<>(1);
    private final List<Subscription> view = Collections.unmodifiableList(subscriptions);
    private int first;

    /** None yet. */
    public SessionSubscriptions(final SessionProfile session) {
        this.session = session;
    }

    /** Their session. */
    public SessionProfile session() {
        return session;
    }

    /** All of them; not a copy. */
    public List<Subscription> all() {
        return view;
    }

    /** How many there are. */
    public int size() {
        return subscriptions.size();
    }

    /** The one at that place. */
    public Subscription get(final int i) {
        return subscriptions.get(i);
    }

    /** The running subscription of that name, or the one of mode once that has not ended yet; null if there is none. */
    public Subscription find(final String name, final boolean once) {
        for (final Subscription subscription : subscriptions) {
            if (subscription.isOnce() == once && subscription.name().equals(name)) {
                return subscription;
            }
        }
        return null;
    }

    /** Takes the place of the subscription that is encoded first in this write; the next write begins at 0. */
    public int takeFirst() {
        final int taken = first < subscriptions.size() ? first : 0;
        first = 0;
        return taken;
    }

    /** The subscription at this place is encoded first in the next write. */
    public void beginAt(final int place) {
        first = place;
    }

    void add(final Subscription subscription) {
        subscriptions.add(subscription);
    }

    void remove(final Subscription subscription) {
        subscriptions.remove(subscription);
    }
}
