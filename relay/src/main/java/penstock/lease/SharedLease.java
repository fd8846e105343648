package penstock.lease;

import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that several relays share by one key of a store. Runs the {@link LeaseMachine} on a thread of its own, so
 * that a deadline passes while a request waits. Any thread; the listener is called on the thread {@code lease}.
 */
public final class SharedLease implements LeaseProvider {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLease.class);
    private static final long MOST_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final LeaseKey key;
    private final LeaseMachine machine;
    private final Runnable heartbeat;
    private LeaseListener listener;
    private boolean isEnded;

    /**
     * Not started.
     *
     * @param name      of this relay, for people
     * @param heartbeat called at least once a second while the thread is well
     */
    public SharedLease(final LeaseKey key, final LeaseTerms terms, final String name, final Runnable heartbeat) {
        this.key = key;
        this.heartbeat = heartbeat;
        machine = new LeaseMachine(terms, name, UUID.randomUUID().toString(), System::currentTimeMillis,
            new Actions());
    }

    @Override
    public void start(final LeaseListener hearing) {
        listener = hearing;
        tasks.add(() -> machine.onStart(System.nanoTime()));
        final Thread thread = new Thread(this::run, "lease");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void doubt() {
        tasks.add(() -> machine.onDoubt(System.nanoTime()));
    }

    @Override
    public void handOver() {
        tasks.add(() -> machine.onHandOver(System.nanoTime()));
    }

    private void run() {
        try {
            while (!isEnded) {
                final long waitNs = Math.min(MOST_NS, machine.nextNs() - System.nanoTime());
                final Runnable task = tasks.poll(Math.max(0, waitNs), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (!isEnded) {
                    machine.onTick(System.nanoTime());
                }
                heartbeat.run();
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final RuntimeException | Error e) {
            LOG.error("the thread of the lease failed, so that nothing fences the feeds", e);
            listener.onOverdue();
        } finally {
            key.close();
        }
    }

    /** What the machine wants. On the lease thread. */
    private final class Actions implements LeaseActions {
        @Override
        public void read(final long request) {
            key.read(answer -> tasks.add(() -> machine.onAnswer(request, answer, System.nanoTime())));
        }

        @Override
        public void swap(final long request, final long revision, final String value) {
            key.swap(revision, value,
                answer -> tasks.add(() -> machine.onAnswer(request, answer, System.nanoTime())));
        }

        @Override
        public void held(final long epoch) {
            listener.onHeld(epoch);
        }

        @Override
        public void confirmed() {
            listener.onConfirmed();
        }

        @Override
        public void lost(final String why) {
            listener.onLost(why, () -> tasks.add(() -> machine.onClosed(System.nanoTime())));
        }

        @Override
        public void overdue() {
            listener.onOverdue();
        }

        @Override
        public void status(final LeaseStatus status) {
            listener.onStatus(status);
        }

        @Override
        public void ended() {
            isEnded = true;
            listener.onEnded();
        }
    }
}
