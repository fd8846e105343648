package penstock;

import java.util.concurrent.locks.LockSupport;

/**
 * Ends the process on SIGTERM and Ctrl-C: drains a relay that is up, and ends at once while there is none.
 *
 * <p>Installed by the main thread; runs on the JVM's shutdown thread.
 */
final class RelayShutdown implements AutoCloseable {
    private final Thread hook = new Thread(this::end, "drain");
    private volatile Runnable drain = () -> Runtime.getRuntime().halt(ExitCode.DONE.code());

    private RelayShutdown() {
    }

    /** From now on SIGTERM and Ctrl-C end the process with 0, and SIGHUP and SIGUSR1 do not end it. */
    static RelayShutdown install() {
        ProcessSignals.ignore();
        final RelayShutdown shutdown = new RelayShutdown();
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    /** A relay is up: {@code task} drains it and ends the process. */
    void onUp(final Runnable task) {
        drain = task;
    }

    /** The command ends by itself. Does not return if a signal came first: then the signal decides the exit code. */
    @Override
    public void close() {
        try {
            // false, and without effect, the second time
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException ending) {
            while (true) {
                LockSupport.park();
            }
        }
    }

    /** At a second signal the process does not wait for the drain. */
    private void end() {
        ProcessSignals.onTermination(() -> Runtime.getRuntime().halt(ExitCode.DONE.code()));
        drain.run();
    }
}
