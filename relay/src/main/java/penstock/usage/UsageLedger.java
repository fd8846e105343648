package penstock.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.usage.ledger.LedgerDisk;

/**
 * The usage ledger of a relay: an append-only, hash-chained record of who used what. The thread {@code usage} writes;
 * no other thread waits for the disk. Any thread.
 */
public final class UsageLedger {
    private static final Logger LOG = LoggerFactory.getLogger(UsageLedger.class);

    private final List<UsageRecorder> recorders = new CopyOnWriteArrayList<>();
    private final ConcurrentSessions sessions = new ConcurrentSessions();
    private final Thread thread = new Thread(this::run, "usage");
    private final UsageSettings settings;
    private final Clock clock;
    private final FileChannel lock;
    private final LedgerWriter writer;
    private final EntitlementJournal journal;
    private Runnable before = () -> { };
    private volatile long failures;
    private volatile int waiting;
    private boolean isFailing;
    private boolean isStopping;
    private boolean isComplete;

    private UsageLedger(final UsageSettings settings, final Clock clock, final FileChannel lock,
            final LedgerWriter writer) {
        this.settings = settings;
        this.clock = clock;
        this.lock = lock;
        this.writer = writer;
        journal = new EntitlementJournal(writer.active());
        thread.setDaemon(true);
    }

    /**
     * Opens the ledger of a directory, which is created if it is missing; cuts off a line that a crash tore.
     *
     * @throws IOException if another relay writes there, or the directory cannot be read or written
     */
    public static UsageLedger open(final Path directory, final UsageSettings settings, final Clock clock)
            throws IOException {
        return open(directory, LedgerDisk.LOCAL, settings, clock);
    }

    static UsageLedger open(final Path directory, final LedgerDisk disk, final UsageSettings settings,
            final Clock clock) throws IOException {
        Files.createDirectories(directory);
        final FileChannel lock = lock(directory);
        try {
            return new UsageLedger(settings, clock, lock, new LedgerWriter(directory, disk, settings, clock));
        } catch (final IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** A recorder for one more io thread. */
    public UsageRecorder newRecorder() {
        final UsageRecorder recorder = new UsageRecorder(settings, sessions);
        recorders.add(recorder);
        return recorder;
    }

    /** The journal of entitlements. */
    public EntitlementJournal journal() {
        return journal;
    }

    /** {@code task} runs on the thread {@code usage} before each append. Before the start. */
    public void beforeWriting(final Runnable task) {
        before = task;
    }

    /** Starts to write. */
    public void start() {
        thread.start();
    }

    /**
     * Writes everything that was handed over, then ends the thread. A ledger that was not started is closed too.
     *
     * @param withinMs how long to wait for that
     * @return true if everything was written
     */
    public boolean close(final long withinMs) throws InterruptedException {
        synchronized (this) {
            isStopping = true;
            notifyAll();
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }
        thread.join(Math.max(1, withinMs));
        synchronized (this) {
            return isComplete;
        }
    }

    /** Appends that the disk refused. */
    public long failures() {
        return failures;
    }

    /** Records of use that wait to be written. */
    public int waitingRecords() {
        return waiting;
    }

    /** Sessions that use a product now, each once for each product. */
    public int openUses() {
        return sessions.total();
    }

    /** Updates in the records that were written since the start. */
    public long writtenUpdates() {
        return writer.writtenUpdates();
    }

    /** The hash of the last line: with it, {@code relay usage verify --expect} finds whether lines are missing. */
    public String lastHash() {
        return writer.lastHash();
    }

    private void run() {
        try {
            while (awaitTick()) {
                attempt(writer::write);
            }
            final boolean isWritten = attempt(writer::writeLast);
            if (!isWritten) {
                LOG.error("usage ledger: the relay ends, and {} records of use are lost: the disk does not take them",
                    waiting);
            }
            synchronized (this) {
                isComplete = isWritten;
            }
            writer.close();
            lock.close();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            LOG.warn("usage ledger: cannot close it: {}", e.toString());
        }
    }

    /** Half an interval after the io threads begin to hand over, also at the end of a month. False: stop. */
    private synchronized boolean awaitTick() throws InterruptedException {
        final long intervalMs = settings.intervalMs();
        final long leftMs = intervalMs - Math.floorMod(clock.millis() - intervalMs / 2, intervalMs);
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(leftMs);
        for (long ns = endNs - System.nanoTime(); !isStopping && ns > 0; ns = endNs - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, ns);
        }
        return !isStopping;
    }

    /** Reports the first of a row of failures, and its end. */
    private boolean attempt(final Attempt append) {
        try {
            before.run();
            writer.collect(recorders, journal);
            append.run();
            if (isFailing) {
                isFailing = false;
                LOG.info("usage ledger: the disk takes records again; nothing is missing");
            }
            return true;
        } catch (final IOException | RuntimeException e) {
            failures++;
            if (!isFailing) {
                isFailing = true;
                LOG.error("usage ledger: cannot write: {}; usage is kept in memory and written as soon as the disk "
                    + "takes it; free space, or make usage.dir writable", e.toString(), e);
            }
            return false;
        } finally {
            waiting = writer.waitingCount();
        }
    }

    /** What may fail for the disk's sake. */
    private interface Attempt {
        void run() throws IOException;
    }

    private static FileChannel lock(final Path directory) throws IOException {
        final Path file = directory.resolve("usage.lock");
        final FileChannel channel = LedgerDisk.LOCAL.open(file);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (final OverlappingFileLockException ofThisProcess) {
            LOG.debug("usage ledger: locked by this process", ofThisProcess);
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new IOException(directory + ": another relay writes its usage ledger here; give each its own usage.dir");
    }
}
