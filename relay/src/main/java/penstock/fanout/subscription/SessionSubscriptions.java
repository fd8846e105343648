package penstock.fanout.subscription;

import java.util.Arrays;
import java.util.List;
import penstock.quota.SessionQuota;
import penstock.topic.Feed;

/** The subscriptions of one session, in the order in which they were made. Owned by the shard's io thread. */
public final class SessionSubscriptions {
    private final SessionProfile session;
    private Subscription[] subscriptions = new Subscription[1];
    private int size;
    private int first;
    private boolean isEnded;
    private long delivered;
    private long conflated;
    private long sentPosition;
    private long missed;
    /** The feeds of the subscriptions that it has or had, one bit each. */
    private long feeds;

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
        return Arrays.asList(subscriptions).subList(0, size);
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** The one at that place. */
    public Subscription get(final int i) {
        return subscriptions[i];
    }

    /** The running subscription of that name, or the one of mode once that has not ended yet; null if there is none. */
    public Subscription find(final String name, final boolean once) {
        for (final Subscription subscription : all()) {
            if (subscription.isOnce() == once && subscription.name().equals(name)) {
                return subscription;
            }
        }
        return null;
    }

    /** Whether the session has ended, so that it gets no further subscription. */
    public boolean isEnded() {
        return isEnded;
    }

    /** The socket began to take {@code updates} more. */
    public void onDelivered(final long updates) {
        delivered += updates;
    }

    /** The position up to which the relay behind the session knows that it has everything. */
    public long sentPosition() {
        return sentPosition;
    }

    /** The socket began to take the message that says so. */
    public void onPositionSent(final long p) {
        sentPosition = p;
    }

    /** Updates of which the socket took a byte. */
    public long delivered() {
        return delivered;
    }

    /** {@code updates} more were left out for later ones. */
    public void onConflated(final long updates) {
        conflated += updates;
    }

    /** Updates that were left out for later ones. */
    public long conflated() {
        return conflated;
    }

    /** {@code updates} more are missing, in mode all. */
    public void onMissed(final long updates) {
        missed += updates;
    }

    /** Updates that are missing, in mode all. */
    public long missed() {
        return missed;
    }

    /** A request was handled: counts what the session has for the quotas of its client. */
    public void account() {
        final SessionQuota quota = session.access().quota();
        if (quota.isCounted()) {
            int symbols = 0;
            for (int i = 0; i < size; i++) {
                symbols += subscriptions[i].topics().named() + subscriptions[i].interest().size();
            }
            quota.hold(size, symbols);
        }
    }

    /** Whether the state of a feed is for the session: the first, or one that it has subscribed to. */
    public boolean concerns(final Feed feed) {
        return feed.number() == 0 || (feeds & 1L << feed.number()) != 0;
    }

    void end() {
        isEnded = true;
        session.access().quota().close();
    }

    /** Takes the place of the subscription that is encoded first in this write; the next write begins at 0. */
    public int takeFirst() {
        final int taken = first < size ? first : 0;
        first = 0;
        return taken;
    }

    /** The subscription at this place is encoded first in the next write. */
    public void beginAt(final int place) {
        first = place;
    }

    void add(final Subscription subscription) {
        if (size == subscriptions.length) {
            subscriptions = Arrays.copyOf(subscriptions, size * 2);
        }
        subscriptions[size++] = subscription;
        feeds |= 1L << subscription.channel().feed().number();
    }

    void remove(final Subscription subscription) {
        final int place = all().indexOf(subscription);
        System.arraycopy(subscriptions, place + 1, subscriptions, place, --size - place);
        subscriptions[size] = null;
    }
}
