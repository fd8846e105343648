package penstock.lease;

import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lease that several relays share by one key of a store. Runs the {@link LeaseDriver} on a thread of its own, so
 * that a deadline passes while a request waits. Any thread; the listener is called on the thread {@code lease}.
 */
public final class SharedLease implements LeaseProvider {
    private static final Logger LOG = LoggerFactory.getLogger(SharedLease.class);
    private static final long MOST_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final LeaseKey key;
    private final LeaseDriver driver;
    private final Runnable heartbeat;
    private LeaseListener listener;

    /**
     * Not started.
     *
     * @param name      of this relay, for people
     * @param heartbeat called at least once a second while the thread is well
     */
    public SharedLease(final LeaseKey key, final LeaseTerms terms, final String name, final Runnable heartbeat) {
        this.key = key;
        this.heartbeat = heartbeat;
        driver = new LeaseDriver(key, terms, name, UUID.randomUUID().toString(), System::currentTimeMillis,
            System::nanoTime, tasks::add);
    }

    @Override
    public void start(final LeaseListener hearing) {
        listener = hearing;
        driver.start(hearing);
        final Thread thread = new Thread(this::run, "lease");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void doubt() {
        driver.doubt();
    }

    @Override
    public void handOver() {
        driver.handOver();
    }

    private void run() {
        try {
            while (!driver.isEnded()) {
                final long waitNs = Math.min(MOST_NS, driver.nextNs() - System.nanoTime());
                final Runnable task = tasks.poll(Math.max(0, waitNs), TimeUnit.NANOSECONDS);
                if (task != null) {
                    task.run();
                }
                if (!driver.isEnded()) {
                    driver.tick();
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
}
