package penstock.server.auth;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.Principal;

/**
 * The sessions of each principal on all io threads and at all edges together, and what happens to one beyond the limit.
 * An evicted session has no seat any more, so never more than the limit have one. Any thread.
 */
final class PrincipalSessions {
    /**
     * What became of a session.
     *
     * @param seat   null if it is refused
     * @param excess what was done because the principal had as many as it may have; null if it had fewer
     */
    record Taken(Seat seat, OnExcess excess) {
    }

    /** Those of one principal. */
    private static final class Held {
        /** The oldest first. */
        private final Set<Seat> seats = new LinkedHashSet<>();
        private int max;
        private boolean isDenying;
    }

    private final ConcurrentMap<String, Held> held = new ConcurrentHashMap<>();
    /** Sessions that other relays have, as far as this one knows. */
    private final Map<String, Integer> elsewhere = new ConcurrentHashMap<>();
    /** Principals that are denied one more session. */
    private final Set<String> full = ConcurrentHashMap.newKeySet();
    private volatile OnExcess onExcess;
    private volatile Consumer<String> watch = principal -> { };

    /** {@code onExcess} applies to principals of which nothing else is said. */
    PrincipalSessions(final OnExcess onExcess) {
        this.onExcess = onExcess;
    }

    /** From the next session on. */
    void follow(final OnExcess next) {
        onExcess = next;
    }

    /** {@code next} learns whose number of sessions has changed, if that matters to edges. Before the first session. */
    void watch(final Consumer<String> next) {
        watch = next;
    }

    /** Other relays have that many sessions of a principal: of those this one denies, they count. */
    void elsewhere(final String principal, final int count) {
        if (count == 0) {
            elsewhere.remove(principal);
        } else {
            elsewhere.put(principal, count);
        }
        held.computeIfPresent(principal, this::kept);
        watch.accept(principal);
    }

    /** Nothing is known any more of other relays. */
    void forgetElsewhere() {
        elsewhere.keySet().forEach(principal -> elsewhere(principal, 0));
    }

    /** A session of the principal is about to begin at this relay. */
    Taken take(final Principal principal) {
        return take(principal, null);
    }

    /** The same at {@code edge}; null is this relay. */
    Taken take(final Principal principal, final Object edge) {
        final Seat seat = new Seat(this, principal.id(), edge);
        final int max = principal.maxSessions();
        if (max == 0) {
            return new Taken(seat, null);
        }
        final OnExcess policy = principal.onExcess() == null ? onExcess : principal.onExcess();
        final List<Seat> evicted = new ArrayList<>();
        final boolean[] isExcess = new boolean[1];
        held.compute(principal.id(), (id, before) -> {
            final Held now = before == null ? new Held() : before;
            now.max = max;
            now.isDenying = policy == OnExcess.DENY_NEW;
            isExcess[0] = now.seats.size() + (now.isDenying ? elsewhere.getOrDefault(id, 0) : 0) >= max;
            if (isExcess[0] && policy == OnExcess.EVICT_OLDEST) {
                evict(now.seats, max - 1, evicted);
            }
            if (!isExcess[0] || policy != OnExcess.DENY_NEW) {
                now.seats.add(seat);
            }
            return kept(id, now);
        });
        evicted.forEach(Seat::evict);
        if (!isExcess[0]) {
            watch.accept(principal.id());
            return new Taken(seat, null);
        }
        return new Taken(policy == OnExcess.DENY_NEW ? null : seat, policy);
    }

    void giveBack(final String principal, final Seat seat) {
        held.computeIfPresent(principal, (id, now) -> {
            now.seats.remove(seat);
            return kept(id, now);
        });
        watch.accept(principal);
    }

    /**
     * How many sessions of a principal are not at {@code edge}, if it is denied one more there for that; 0 if it is
     * not.
     */
    int elsewhereThan(final Object edge, final String principal) {
        final int[] count = new int[1];
        held.computeIfPresent(principal, (id, now) -> {
            if (isFull(id, now)) {
                count[0] = elsewhere.getOrDefault(id, 0)
                    + (int) now.seats.stream().filter(seat -> seat.edge() != edge).count();
            }
            return now;
        });
        return count[0];
    }

    private boolean isFull(final String principal, final Held now) {
        return now.isDenying && now.seats.size() + elsewhere.getOrDefault(principal, 0) >= now.max;
    }

    /** The same after a change; null if there is no session any more. */
    private Held kept(final String principal, final Held now) {
        if (!now.seats.isEmpty() && isFull(principal, now)) {
            full.add(principal);
        } else {
            full.remove(principal);
        }
        return now.seats.isEmpty() ? null : now;
    }

    /** Principals that are denied one more session, here or elsewhere. */
    Set<String> full() {
        return full;
    }

    /** Sessions of the principal now. */
    int of(final String principal) {
        final int[] count = new int[1];
        held.computeIfPresent(principal, (id, now) -> {
            count[0] = now.seats.size();
            return now;
        });
        return count[0];
    }

    private static void evict(final Set<Seat> taken, final int left, final List<Seat> evicted) {
        final Iterator<Seat> oldest = taken.iterator();
        while (taken.size() > left) {
            evicted.add(oldest.next());
            oldest.remove();
        }
    }
}
