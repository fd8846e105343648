package penstock.server.auth;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.Principal;

/**
 * The sessions of each principal on all io threads together, and what happens to one beyond the limit. An evicted
 * session has no seat any more, so never more than the limit have one. Any thread.
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

    /** The oldest first. */
    private final ConcurrentMap<String, Set<Seat>> seats = new ConcurrentHashMap<>();
    private volatile OnExcess onExcess;

    /** {@code onExcess} applies to principals of which nothing else is said. */
    PrincipalSessions(final OnExcess onExcess) {
        this.onExcess = onExcess;
    }

    /** From the next session on. */
    void follow(final OnExcess next) {
        onExcess = next;
    }

    /** A session of the principal is about to begin. */
    Taken take(final Principal principal) {
        final Seat seat = new Seat(this, principal.id());
        final int max = principal.maxSessions();
        if (max == 0) {
            return new Taken(seat, null);
        }
        final OnExcess policy = principal.onExcess() == null ? onExcess : principal.onExcess();
        final List<Seat> evicted = new ArrayList<>();
        final boolean[] isExcess = new boolean[1];
        seats.compute(principal.id(), (id, held) -> {
            final Set<Seat> taken = held == null ? new LinkedHashSet<>() : held;
            isExcess[0] = taken.size() >= max;
            if (isExcess[0] && policy == OnExcess.EVICT_OLDEST) {
                evict(taken, max - 1, evicted);
            }
            if (!isExcess[0] || policy != OnExcess.DENY_NEW) {
                taken.add(seat);
            }
            return taken;
        });
        evicted.forEach(Seat::evict);
        if (!isExcess[0]) {
            return new Taken(seat, null);
        }
        return new Taken(policy == OnExcess.DENY_NEW ? null : seat, policy);
    }

    void giveBack(final String principal, final Seat seat) {
        seats.computeIfPresent(principal, (id, taken) -> {
            taken.remove(seat);
            return taken.isEmpty() ? null : taken;
        });
    }

    /** Sessions of the principal now. */
    int of(final String principal) {
        final int[] count = new int[1];
        seats.computeIfPresent(principal, (id, taken) -> {
            count[0] = taken.size();
            return taken;
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
