package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import penstock.ring.UpdateSlice;
import penstock.venue.spec.SubscribeSpec;

/**
 * What one connection is to ask the venue for, and the connection; or two of them that ask for the same, of which
 * whatever arrives first counts. A feed has more shares than one when it wants more than the venue sends over one
 * connection. Owned by the feed thread.
 */
final class ConnectionGroup {
    private final int number;
    private final boolean isIdleAllowed;
    private final Set<SubscribeSpec.Item> items = new LinkedHashSet<>();
    private final List<FeedConnection> legs = new ArrayList<>(2);
    private final Arbiter arbiter;
    private final int allowed;
    private int capacity;

    /**
     * Of nothing yet.
     *
     * @param capacity      what one connection carries
     * @param isIdleAllowed to want nothing is no fault
     * @param arbiter       of the whole feed
     */
    ConnectionGroup(final int number, final int capacity, final boolean isIdleAllowed, final Arbiter arbiter) {
        this.number = number;
        allowed = capacity;
        this.capacity = capacity;
        this.isIdleAllowed = isIdleAllowed;
        this.arbiter = arbiter;
    }

    int number() {
        return number;
    }

    /** What the venue is to be asked for now. */
    Set<SubscribeSpec.Item> items() {
        return Collections.unmodifiableSet(items);
    }

    /** Nothing is wanted, and rightly so. */
    boolean isIdle() {
        return items.isEmpty() && (isIdleAllowed || capacity < allowed);
    }

    /** How many more it can carry. */
    int room() {
        return Math.max(0, capacity - items.size());
    }

    /** To want nothing is as good as data: elsewhere it only means that another share has it all. */
    boolean isIdleAllowed() {
        return isIdleAllowed;
    }

    /** The venue says that a connection carries no more than what is left without these. */
    void full(final Collection<SubscribeSpec.Item> gone) {
        gone.forEach(items::remove);
        capacity = items.size();
        legs.forEach(leg -> leg.unwant(gone));
    }

    /** A connection of it has ended: the next one may carry more again. */
    void onDisconnected() {
        if (!items.isEmpty() || isIdleAllowed) {
            capacity = allowed;
        }
    }

    void add(final Collection<SubscribeSpec.Item> more) {
        items.addAll(more);
        legs.forEach(leg -> leg.want(more));
    }

    void remove(final Collection<SubscribeSpec.Item> gone) {
        gone.forEach(items::remove);
        legs.forEach(leg -> leg.unwant(gone));
    }

    /** A topic is wanted that was not for a while. */
    void begin(final int channel, final int topic, final byte[] symbol) {
        arbiter.renew(topic);
        legs.forEach(leg -> leg.begin(channel, topic, symbol));
    }

    /** Before it is started. */
    void add(final FeedConnection leg) {
        legs.add(leg);
    }

    List<FeedConnection> legs() {
        return legs;
    }

    /** Updates come. */
    boolean isLive() {
        for (int i = 0; i < legs.size(); i++) {
            if (legs.get(i).isLive()) {
                return true;
            }
        }
        return false;
    }

    /** Whether another connection tells what {@code leg} does not. */
    boolean isBackedUp(final FeedConnection leg) {
        return legs.stream().anyMatch(other -> other != leg && other.isLive());
    }

    /** Whether an update of {@code leg} counts; {@code number}: the venue's. */
    boolean takes(final FeedConnection leg, final int topic, final UpdateSlice slices, final long number) {
        final FeedConnection other = legs.size() == 1 ? null : leg == legs.get(0) ? legs.get(1) : legs.get(0);
        if (other != null && (other.isLive() || leg.health().mayLagBehind(other.health()))) {
            // the one that was there first has the word
            return arbiter.takesOfTwo(topic, number, !other.isLive() || leg.health().isLongerLiveThan(other.health())
                || leg == legs.get(0) && !other.health().isLongerLiveThan(leg.health()));
        }
        // a change of a book builds on the snapshot of its own connection: none may be left out, even if the venue
        // counts anew
        if (slices.levels == null && (leg.health().isYoung() || leg.isMoving() || arbiter.isRenewed(topic))) {
            return arbiter.takesOfYoung(topic, slices.update, number);
        }
        arbiter.onUpdate(topic, number);
        return true;
    }
}
