package penstock.server.auth;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import penstock.identity.Principal;

/** How many sessions each principal has on all io threads together. Any thread. */
final class PrincipalSessions {
    private final ConcurrentMap<String, Integer> counts = new ConcurrentHashMap<>();

    /** Takes one of the principal's sessions; the result gives it back, once. Null if all are in use. */
    Runnable take(final Principal principal) {
        if (principal.maxSessions() == 0) {
            return () -> { };
        }
        final boolean[] isTaken = new boolean[1];
        counts.compute(principal.id(), (id, count) -> {
            final int used = count == null ? 0 : count;
            isTaken[0] = used < principal.maxSessions();
            return isTaken[0] ? Integer.valueOf(used + 1) : count;
        });
        if (!isTaken[0]) {
            return null;
        }
        final AtomicBoolean isBack = new AtomicBoolean();
        return () -> {
            if (isBack.compareAndSet(false, true)) {
                counts.computeIfPresent(principal.id(), (id, count) -> count == 1 ? null : count - 1);
            }
        };
    }

    /** Sessions of the principal now. */
    int of(final Principal principal) {
        return counts.getOrDefault(principal.id(), 0);
    }
}
