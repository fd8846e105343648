package penstock.top;

import java.io.IOException;

/**
 * Looks at a relay again and again, beside the keys. Rates are of two looks that are an interval apart, even if a key
 * asks for a look between them. A thread of its own; what it found may be read by any.
 */
final class LookTimer implements AutoCloseable {
    private static final double WHOLE = 0.8;
    private static final long NS_PER_MS = 1_000_000;

    private final RelayWatcher watcher;
    private final long intervalMs;
    private final Thread thread = new Thread(this::run, "top");
    private RelayLook.Question question;
    private boolean isAsked;
    private boolean isPaused;
    private String toKick;
    private RelayLook before;
    private RelayFigures newest;
    private String problem;
    private String kicked;
    private long version;

    /**
     * What is new.
     *
     * @param version grows with each change
     * @param figures the newest figures
     * @param problem why there are no newer ones; null if all is well
     * @param kicked  what became of the session that was to be closed last; null if that was said already
     */
    record News(long version, RelayFigures figures, String problem, String kicked) {
    }

    /** Begins after {@code first}, the look that the caller made. */
    LookTimer(final RelayWatcher watcher, final long intervalMs, final RelayLook first,
            final RelayLook.Question question) {
        this.watcher = watcher;
        this.intervalMs = intervalMs;
        this.question = question;
        before = first;
        newest = RelayFigures.of(null, first);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** From now on that is asked; {@code isNow}: at once. */
    synchronized void ask(final RelayLook.Question asked, final boolean isNow) {
        question = asked;
        isAsked |= isNow;
        notifyAll();
    }

    synchronized void pause(final boolean paused) {
        isPaused = paused;
        notifyAll();
    }

    /** Closes a session, then looks. */
    synchronized void kick(final String session) {
        toKick = session;
        isAsked = true;
        notifyAll();
    }

    synchronized News news() {
        final News news = new News(version, newest, problem, kicked);
        kicked = null;
        return news;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                awaitNext();
                kickIfAsked();
                look();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void awaitNext() throws InterruptedException {
        final long endNs = System.nanoTime() + intervalMs * NS_PER_MS;
        for (long leftMs = intervalMs; !isAsked && (isPaused || leftMs > 0);
                leftMs = (endNs - System.nanoTime()) / NS_PER_MS) {
            wait(isPaused ? 0 : leftMs);
        }
        isAsked = false;
    }

    private void look() throws InterruptedException {
        final RelayLook.Question asked;
        synchronized (this) {
            asked = question;
        }
        try {
            final RelayLook look = watcher.look(asked);
            synchronized (this) {
                newest = RelayFigures.of(before, look);
                problem = null;
                version++;
                if (look.atNs() - before.atNs() >= WHOLE * intervalMs * NS_PER_MS) {
                    before = look;
                }
            }
        } catch (final IOException e) {
            synchronized (this) {
                problem = e.getMessage();
                version++;
            }
        }
    }

    private void kickIfAsked() throws InterruptedException {
        final String session;
        synchronized (this) {
            session = toKick;
            toKick = null;
        }
        if (session == null) {
            return;
        }
        String result;
        try {
            result = watcher.api().kick(session) == 0 ? "session " + session + " was not open any more"
                : "session " + session + " is closed; its client may come back";
        } catch (final IOException e) {
            result = "session " + session + " is not closed: " + e.getMessage();
        }
        synchronized (this) {
            kicked = result;
            version++;
        }
    }
}
