package penstock.server.auth;

/**
 * One of the sessions that a principal may have at once. It is taken before the session begins, and given back when its
 * connection closes. Any thread.
 */
public final class Seat {
    private final PrincipalSessions sessions;
    private final String principal;
    private Runnable end;
    private Runnable last = () -> { };
    private boolean isEvicted;

    Seat(final PrincipalSessions sessions, final String principal) {
        this.sessions = sessions;
        this.principal = principal;
    }

    /** The session has begun; {@code then} ends it when a newer one takes its place. Any thread may run it, once. */
    public void onEviction(final Runnable then) {
        synchronized (this) {
            end = then;
            if (!isEvicted) {
                return;
            }
        }
        then.run();
    }

    /** The connection has closed; more than once is the same. */
    public void giveBack() {
        sessions.giveBack(principal, this);
        last.run();
    }

    /** {@code then} runs when the seat is given back, each time. Before it is passed on. */
    void onEnd(final Runnable then) {
        last = then;
    }

    /** A newer session takes its place. */
    void evict() {
        final Runnable then;
        synchronized (this) {
            isEvicted = true;
            then = end;
        }
        if (then != null) {
            then.run();
        }
    }
}
