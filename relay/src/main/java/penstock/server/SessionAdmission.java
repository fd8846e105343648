package penstock.server;

import java.util.concurrent.atomic.AtomicInteger;
import penstock.server.limit.ConnectionLimits;

/** Counts the connections and sessions of all io threads and says whether there is room for more. Any thread. */
final class SessionAdmission {
    private final ConnectionLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean isDraining;

    SessionAdmission(final ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Whether no further session may be opened. */
    boolean isFull() {
        return sessions.get() >= limits.sessions();
    }

    /** Whether requests are refused: only few more connections fit. */
    boolean isOverloaded() {
        return connections.get() > limits.served();
    }

    /** Whether a connection must be closed before another one is let in. */
    boolean isAtLimit() {
        return connections.get() >= limits.connections();
    }

    ConnectionLimits limits() {
        return limits;
    }

    void onConnected() {
        connections.incrementAndGet();
    }

    void onDisconnected() {
        connections.decrementAndGet();
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
