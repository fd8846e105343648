package penstock.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lines on their way to a stream whose reader may be slow or hung, or whose disk may be full. A write never blocks: a
 * thread of its own writes the lines, at most 1 MiB of them wait, and lines beyond that, or that the stream refuses,
 * are dropped and counted. The next line that is written says how many are missing before it. Any thread.
 */
public final class LineOutput extends OutputStream {
    static final int MAX_WAITING_BYTES = 1 << 20;
    /** A longer line is passed on in pieces. */
    private static final int MAX_PIECE_BYTES = 64 << 10;

    private final OutputStream target;
    private final LongAdder dropped;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(256);
    private int waitingBytes;
    private long droppedHere;
    private final Thread writer;
    private boolean isWriting;
    /** Lines that the stream has refused since the last one that it took. The writer's. */
    private long refused;

    /** Writes to {@code target} on a new daemon thread, and counts lines that it drops in {@code dropped}. */
    public LineOutput(final String name, final OutputStream target, final LongAdder dropped) {
        this.target = target;
        this.dropped = dropped;
        writer = new Thread(this::writeAll, name);
        writer.setDaemon(true);
        writer.start();
    }

    @Override
    public synchronized void write(final int b) {
        piece.write(b);
        if (b == '\n' || piece.size() >= MAX_PIECE_BYTES) {
            pass();
        }
    }

    @Override
    public synchronized void write(final byte[] bytes, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    /** True once everything was written; false if that takes longer. An unfinished line is written too. */
    synchronized boolean awaitWritten(final long withinMs) throws InterruptedException {
        if (piece.size() > 0) {
            pass();
        }
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
        long leftNs = endNs - System.nanoTime();
        while ((isWriting || !waiting.isEmpty()) && leftNs > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
            leftNs = endNs - System.nanoTime();
        }
        return !isWriting && waiting.isEmpty();
    }

    /** Writes what it can within a time, then ends its thread. */
    public void end(final long withinMs) {
        try {
            awaitWritten(withinMs);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.interrupt();
    }

    private void pass() {
        final byte[] line = piece.toByteArray();
        piece.reset();
        if (waitingBytes + line.length > MAX_WAITING_BYTES) {
            droppedHere++;
            dropped.increment();
            return;
        }
        if (droppedHere > 0) {
            add(("… " + droppedHere + " lines were dropped here: nothing read them in time\n")
                .getBytes(StandardCharsets.UTF_8));
            droppedHere = 0;
        }
        add(line);
        notifyAll();
    }

    private void add(final byte[] line) {
        waiting.add(line);
        waitingBytes += line.length;
    }

    private void writeAll() {
        try {
            while (true) {
                writeOrCount(take());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeOrCount(final byte[] line) {
        try {
            if (refused > 0) {
                final byte[] missing = ("… " + refused + " lines were dropped here: they could not be written\n")
                    .getBytes(StandardCharsets.UTF_8);
                target.write(missing, 0, missing.length);
                refused = 0;
            }
            target.write(line, 0, line.length);
            target.flush();
        } catch (final IOException e) {
            refused++;
            dropped.increment();
        }
    }

    private synchronized byte[] take() throws InterruptedException {
        isWriting = false;
        notifyAll();
        while (waiting.isEmpty()) {
            wait();
        }
        isWriting = true;
        final byte[] line = waiting.remove();
        waitingBytes -= line.length;
        return line;
    }
}
