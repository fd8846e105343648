package penstock.server.auth;

/**
 * One of the sessions that a principal may have at once. It is taken before the session begins, and given back when its
 * connection closes. Any thread.
 */
public final class Seat {
    private final PrincipalSessions sessions;
    private final String principal;
    private final Object edge;
    private Runnable end;
    private Runnable last = () -> { };
    private boolean isEvicted;

    /** {@code edge}: which relay has the session; null is this one. */
    Seat(final PrincipalSessions sessions, final String principal, final Object edge) {
        this.sessions = sessions;
        this.principal = principal;
        this.edge = edge;
    }

    Object edge() {
        return edge;
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

    /** {@code then} runs too when the seat is given back, each time. On the thread that gives it back. */
    public void onEnd(final Runnable then) {
        final Runnable before = last;
        last = () -> {
            before.run();
            then.run();
        };
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
