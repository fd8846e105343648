package penstock.server;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the sessions of all io threads and says whether another one may be opened. Any thread. */
final class SessionAdmission {
    private final int maxSessions;
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean isDraining;

    SessionAdmission(final int maxSessions) {
        this.maxSessions = maxSessions;
    }

    boolean isFull() {
        return sessions.get() >= maxSessions;
    }

    int maxSessions() {
        return maxSessions;
    }

    void onOpened() {
        sessions.incrementAndGet();
    }

    void onClosed() {
        sessions.decrementAndGet();
    }

    void drain() {
        isDraining = true;
    }

    boolean isDraining() {
        return isDraining;
    }
}
