package penstock.telemetry;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lines on their way to a writer that may be slow or hang. To add one never blocks: a thread of its own passes the
 * lines on, at most 1 MiB of them wait, and lines beyond that are dropped and counted. The next line that is passed on
 * says how many are missing before it. A line that cannot be written is dropped and counted, too. Any thread.
 *
 * @param <T> a line, immutable
 */
public final class LineQueue<T> {
    static final int MAX_WAITING_BYTES = 1 << 20;

    /**
     * What becomes of lines.
     *
     * @param <T> a line
     */
    public interface Writer<T> {
        /** The memory that a line takes while it waits, in bytes. Any thread; it takes no time. */
        int bytes(T line);

        /** A line that says how many are missing in its place. */
        T missing(long lines);

        /** Writes a line. On the thread of the queue. */
        void write(T line);
    }

    private final Writer<T> writer;
    private final LongAdder dropped;
    private final Thread thread;
    private final Queue<T> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long droppedHere;
    private boolean isWriting;
    private long writingSinceNs;

    /** Passes lines to {@code writer} on a new daemon thread, and counts those that it drops in {@code dropped}. */
    public LineQueue(final String name, final Writer<T> writer, final LongAdder dropped) {
        this.writer = writer;
        this.dropped = dropped;
        thread = new Thread(this::writeAll, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A line is to be written, unless too many wait. */
    public synchronized void add(final T line) {
        if (waitingBytes + writer.bytes(line) > MAX_WAITING_BYTES) {
            droppedHere++;
            dropped.increment();
            return;
        }
        if (droppedHere > 0) {
            append(writer.missing(droppedHere));
            droppedHere = 0;
        }
        append(line);
        notifyAll();
    }

    /** True once everything was written; false if that takes longer. */
    synchronized boolean awaitWritten(final long withinMs) throws InterruptedException {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
        long leftNs = endNs - System.nanoTime();
        while ((isWriting || !waiting.isEmpty()) && leftNs > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            leftNs = endNs - System.nanoTime();
        }
        return !isWriting && waiting.isEmpty();
    }

    /** For how long the writer has had one line; 0 while it has none. */
    synchronized long writingForNs() {
        return isWriting ? System.nanoTime() - writingSinceNs : 0;
    }

    /** Writes what it can within a time, then ends its thread. */
    public void end(final long withinMs) {
        try {
            awaitWritten(withinMs);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    private void append(final T line) {
        waiting.add(line);
        waitingBytes += writer.bytes(line);
    }

    private void writeAll() {
        try {
            while (true) {
                write(take());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next lines are written, even if this one cannot be. */
    private void write(final T line) {
        try {
            writer.write(line);
        } catch (final RuntimeException e) {
            dropped.increment();
        }
    }

    private synchronized T take() throws InterruptedException {
        isWriting = false;
        notifyAll();
        while (waiting.isEmpty()) {
            wait();
        }
        isWriting = true;
        writingSinceNs = System.nanoTime();
        final T line = waiting.remove();
        waitingBytes -= writer.bytes(line);
        return line;
    }
}
