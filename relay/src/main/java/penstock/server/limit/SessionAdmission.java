package penstock.server.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Counts the connections and sessions of all io threads and says whether there is room for more. Any thread. */
public final class SessionAdmission {
    private volatile ConnectionLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean isDraining;
    private volatile String self = "";
    private volatile BooleanSupplier isSource = () -> true;

    /** Within {@code limits}. */
    public SessionAdmission(final ConnectionLimits limits) {
        this.limits = limits;
    }

    /** Whether no further session may be opened. */
    public boolean isFull() {
        return sessions.get() >= limits.sessions();
    }

    /** Whether requests are refused: only few more connections fit. */
    public boolean isOverloaded() {
        return connections.get() > limits.served();
    }

    /** Whether a connection must be closed before another one is let in. */
    public boolean isAtLimit() {
        return connections.get() >= limits.connections();
    }

    /** What is admitted at most. */
    public ConnectionLimits limits() {
        return limits;
    }

    /** From the next connection on. */
    public void limits(final ConnectionLimits next) {
        limits = next;
    }

    /** A connection was let in. */
    public void onConnected() {
        connections.incrementAndGet();
    }

    /** It closed. */
    public void onDisconnected() {
        connections.decrementAndGet();
    }

    /** A session was opened. */
    public void onOpened() {
        sessions.incrementAndGet();
    }

    /** It ended. */
    public void onClosed() {
        sessions.decrementAndGet();
    }

    /** The id of this relay among others, and whether they may be behind it, now; before the first request. */
    public void links(final String id, final BooleanSupplier source) {
        self = id;
        isSource = source;
    }

    /** Whether other relays may be behind this one: it has the numbers of the one with the venue's connection. */
    public boolean isSource() {
        return isSource.getAsBoolean();
    }

    /** Whether that is the id of this relay. */
    public boolean isSelf(final String id) {
        return self.equals(id);
    }

    /** No further session is opened from now on; or sessions are opened again. */
    public void drain(final boolean isOn) {
        isDraining = isOn;
    }

    /** Whether the relay is about to stop, or is drained. */
    public boolean isDraining() {
        return isDraining;
    }
}
