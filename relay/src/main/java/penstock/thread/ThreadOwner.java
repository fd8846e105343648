package penstock.thread;

/**
 * The one thread that may call an object. The first caller becomes the owner, so an object that is built on one
 * thread and used on another belongs to the thread that uses it.
 *
 * <p>Written as {@code assert owner.check();} at the top of every entry point that another thread could call by
 * mistake: it costs nothing without {@code -ea}, and fails the first test that breaks the rule. The field is plain on
 * purpose: a foreign thread that reads a stale null becomes an owner that the next check of the true owner refuses.
 */
public final class ThreadOwner {
    private Thread owner;

    /**
     * Binds the current thread if there is no owner yet.
     *
     * @return true
     * @throws AssertionError if another thread is the owner
     */
    public boolean check() {
        final Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        }
        if (owner != current) {
            throw new AssertionError("owned by thread " + owner.getName() + ", called by thread " + current.getName());
        }
        return true;
    }

    /** Makes the next caller the owner; called by the owner when it hands the object over. */
    public void release() {
        assert check();
        owner = null;
    }
}
