package penstock.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * A stream whose reader may be slow or hung, or whose disk may be full. A write never blocks: its lines go through a
 * {@link LineQueue}. Lines that the stream refuses are dropped and counted, too. Any thread.
 */
final class LineOutput extends OutputStream {
    /** A longer line is passed on in pieces. */
    private static final int MAX_PIECE_BYTES = 64 << 10;

    private final LineQueue<byte[]> lines;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream(256);

    /**
     * Writes to {@code target} on a new daemon thread, and counts lines that it drops in {@code dropped}; those of them
     * that the stream refused in {@code refusals}, too.
     */
    LineOutput(final String name, final OutputStream target, final LongAdder dropped, final LongAdder refusals) {
        lines = new LineQueue<>(name, new LineQueue.Writer<>() {
            /** Lines that the stream has refused since the last one that it took. The queue's thread's. */
            private long refused;

            @Override
            public int bytes(final byte[] line) {
                return line.length;
            }

            @Override
            public byte[] missing(final long count) {
                return missingLine(count, "nothing read them in time");
            }

            @Override
            public void write(final byte[] line) {
                try {
                    if (refused > 0) {
                        target.write(missingLine(refused, "they could not be written"));
                        refused = 0;
                    }
                    target.write(line, 0, line.length);
                    target.flush();
                } catch (final IOException e) {
                    refused++;
                    dropped.increment();
                    refusals.increment();
                }
            }
        }, dropped);
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
    boolean awaitWritten(final long withinMs) throws InterruptedException {
        synchronized (this) {
            if (piece.size() > 0) {
                pass();
            }
        }
        return lines.awaitWritten(withinMs);
    }

    /** For how long the stream has had one line and not taken it; 0 while it has none. */
    long blockedForNs() {
        return lines.writingForNs();
    }

    private void pass() {
        lines.add(piece.toByteArray());
        piece.reset();
    }

    private static byte[] missingLine(final long count, final String why) {
        return ("… " + count + " lines were dropped here: " + why + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
