package penstock.usage;

/** What was counted of one key and month, and not written yet. Owned by the thread that holds its batch. */
final class UsageTally {
    private long updates;
    private long images;
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;
    private int sessions;
    private int principalSessions;

    /** Adds what one session used in a time; times without data count only until there is one with data. */
    void addUse(final long newUpdates, final long newImages, final long fromMs, final long toMs) {
        final boolean hasData = newUpdates + newImages > 0;
        final boolean replaces = hasData && !hasData();
        if (replaces || hasData == hasData()) {
            firstMs = replaces ? fromMs : Math.min(firstMs, fromMs);
            lastMs = replaces ? toMs : Math.max(lastMs, toMs);
        }
        updates += newUpdates;
        images += newImages;
    }

    /** These numbers of sessions were open at one time. */
    void addSessions(final int ofDevice, final int ofPrincipal) {
        sessions = Math.max(sessions, ofDevice);
        principalSessions = Math.max(principalSessions, ofPrincipal);
    }

    void add(final UsageTally other) {
        addUse(other.updates, other.images, other.firstMs, other.lastMs);
        addSessions(other.sessions, other.principalSessions);
    }

    long updates() {
        return updates;
    }

    long images() {
        return images;
    }

    long firstMs() {
        return firstMs;
    }

    long lastMs() {
        return lastMs;
    }

    int sessions() {
        return sessions;
    }

    int principalSessions() {
        return principalSessions;
    }

    private boolean hasData() {
        return updates + images > 0;
    }
}
