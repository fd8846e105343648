package penstock.server.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import penstock.identity.Identity;

/**
 * One-time tickets: the bearer of one is the client that it was issued to, once and for 30 s. They may be part of a
 * URL, because one in a log is of no use to anyone. Bounded for each principal and in sum. Any thread.
 */
final class Tickets {
    static final long VALID_MS = 30_000;
    static final int MAX_PER_PRINCIPAL = 1_000;
    static final int MAX = 10_000;
    private static final int RANDOM_BYTES = 32;

    private record Ticket(Identity identity, long endNs) {
    }

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nowNs;
    /** The first one ends first. */
    private final Map<String, Ticket> tickets = new LinkedHashMap<>();
    private final Map<String, Integer> perPrincipal = new HashMap<>();

    /** {@code nowNs} is a monotonic clock in nanoseconds. */
    Tickets(final LongSupplier nowNs) {
        this.nowNs = nowNs;
    }

    /** A new ticket; null if too many, of the principal or of all, are unused. */
    synchronized String issue(final Identity identity) {
        final long now = nowNs.getAsLong();
        removeEnded(now);
        final String id = identity.principal().id();
        if (tickets.size() >= MAX || perPrincipal.getOrDefault(id, 0) >= MAX_PER_PRINCIPAL) {
            return null;
        }
        final byte[] bits = new byte[RANDOM_BYTES];
        random.nextBytes(bits);
        final String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        tickets.put(text, new Ticket(identity, now + TimeUnit.MILLISECONDS.toNanos(VALID_MS)));
        perPrincipal.merge(id, 1, Integer::sum);
        return text;
    }

    /** Who a ticket was issued to; it is used up. Null if there is no such ticket. */
    synchronized Identity redeem(final String text) {
        removeEnded(nowNs.getAsLong());
        final Ticket ticket = tickets.remove(text);
        if (ticket == null) {
            return null;
        }
        count(ticket);
        return ticket.identity;
    }

    private void removeEnded(final long now) {
        final Iterator<Ticket> each = tickets.values().iterator();
        while (each.hasNext()) {
            final Ticket first = each.next();
            if (first.endNs - now > 0) {
                return;
            }
            each.remove();
            count(first);
        }
    }

    /** One less. */
    private void count(final Ticket gone) {
        perPrincipal.computeIfPresent(gone.identity.principal().id(), (id, count) -> count == 1 ? null : count - 1);
    }
}
