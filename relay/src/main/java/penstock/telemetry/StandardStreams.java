package penstock.telemetry;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Standard output and standard error of a process that must not wait for their readers: a log collector that
 * hangs would block the first thread that logs. While it is open, {@link System#out} and {@link System#err} never
 * block, and the log with them. It writes to the descriptors of the process, because a {@link PrintStream} keeps an
 * error to itself: lines that a full disk refuses are counted. Opened and closed by one thread; {@link #awaitWritten}
 * by any.
 */
public final class StandardStreams implements AutoCloseable {
    private static final LongAdder DROPPED = new LongAdder();
    private static final LongAdder REFUSED = new LongAdder();
    private static final long NS_PER_MS = 1_000_000;
    /** Those that are open; null = none. */
    private static volatile StandardStreams current;
    private static final long CLOSE_WITHIN_MS = 500;

    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final LineOutput out;
    private final LineOutput err;

    private StandardStreams(final OutputStream outTo, final OutputStream errTo) {
        out = new LineOutput("stdout", outTo, DROPPED, REFUSED);
        err = new LineOutput("stderr", errTo, DROPPED, REFUSED);
    }

    /** Replaces the streams of the process. */
    public static StandardStreams open() {
        return open(new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
    }

    /** The same; what is printed goes to these. */
    static StandardStreams open(final OutputStream outTo, final OutputStream errTo) {
        System.out.flush();
        System.err.flush();
        final StandardStreams streams = new StandardStreams(outTo, errTo);
        System.setOut(new PrintStream(streams.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(streams.err, true, StandardCharsets.UTF_8));
        current = streams;
        return streams;
    }

    /** Lines that were dropped since the start of the process. */
    public static long droppedLines() {
        return DROPPED.sum();
    }

    /** Those of them that a stream refused, as that of a full disk does; the others were not read in time. */
    public static long refusedLines() {
        return REFUSED.sum();
    }

    /** For how long a stream has not taken the line that is written to it; 0 while both take all. */
    public static long blockedForMs() {
        final StandardStreams open = current;
        return open == null ? 0 : Math.max(open.out.blockedForNs(), open.err.blockedForNs()) / NS_PER_MS;
    }

    /** True once both streams have been written; false if the readers take longer than {@code withinMs}. */
    public boolean awaitWritten(final long withinMs) {
        try {
            return err.awaitWritten(withinMs) & out.awaitWritten(withinMs);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Writes what it can in half a second. A stream that nothing reads stays replaced: it would block the exit. */
    @Override
    public void close() {
        if (awaitWritten(CLOSE_WITHIN_MS)) {
            System.setOut(outBefore);
            System.setErr(errBefore);
            current = null;
        }
    }
}
