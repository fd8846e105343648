package penstock.server.auth;

import java.util.concurrent.atomic.AtomicInteger;
import penstock.identity.AccessControl;

/** What all edges share: who their clients are, how their sessions count, how many there are. Any thread. */
final class EdgeClients {
    /** Of all edges together. */
    static final int MAX_SESSIONS = 100_000;

    private final AccessControl access;
    private final PrincipalSessions sessions;
    private final EdgeOrders orders = new EdgeOrders(System::nanoTime);
    private volatile SessionWatch watch = SessionWatch.NONE;
    private final AtomicInteger reported = new AtomicInteger();

    EdgeClients(final AccessControl access, final PrincipalSessions sessions) {
        this.access = access;
        this.sessions = sessions;
    }

    AccessControl access() {
        return access;
    }

    PrincipalSessions sessions() {
        return sessions;
    }

    /** What the operator has said. */
    EdgeOrders orders() {
        return orders;
    }

    /** Who learns of all sessions. */
    SessionWatch watch() {
        return watch;
    }

    void watch(final SessionWatch next) {
        watch = next;
    }

    /** Sessions that edges report. */
    int count() {
        return reported.get();
    }

    /** Room for further sessions; false if there is none. */
    boolean reserve(final int count) {
        if (reported.addAndGet(count) > MAX_SESSIONS) {
            reported.addAndGet(-count);
            return false;
        }
        return true;
    }

    void release(final int count) {
        reported.addAndGet(-count);
    }
}
