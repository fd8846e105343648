package penstock.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Since which position of the feed each client has had the rights that it has. A client that returns with an earlier
 * position may hold values that it may not see any more, and lack others that have not changed since: it cannot resume.
 * What is forgotten here is as if it had changed. Any thread.
 */
final class RightsHistory {
    /** Clients that are remembered: some 5 MB at most. The one that began or changed least recently is forgotten. */
    static final int MAX_CLIENTS = 20_000;

    private record Held(Entitlement entitlement, long sinceP) {
    }

    private final Map<String, Held> byId = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Held> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    /**
     * A client begins a session with these rights. {@code position} is asked for the position of the newest update if
     * it has not had them so far.
     *
     * @return the first position from which it may resume
     */
    long begin(final String id, final Entitlement rights, final LongSupplier position) {
        final Held held = get(id);
        if (held != null && held.entitlement.equals(rights)) {
            return held.sinceP;
        }
        // without a history, a position that the client names later is of this session or a later one
        final long p = position.getAsLong();
        return put(id, rights, held == null ? p : p + 1);
    }

    /** A session of a client has these rights behind position {@code p}; the result is as of {@link #begin}. */
    long change(final String id, final Entitlement rights, final long p) {
        return put(id, rights, p + 1);
    }

    private synchronized Held get(final String id) {
        return byId.get(id);
    }

    private synchronized long put(final String id, final Entitlement rights, final long sinceP) {
        final Held held = byId.get(id);
        final boolean isLater = held != null && held.entitlement.equals(rights) && held.sinceP > sinceP;
        if (!isLater) {
            byId.put(id, new Held(rights, sinceP));
        }
        return isLater ? held.sinceP : sinceP;
    }
}
