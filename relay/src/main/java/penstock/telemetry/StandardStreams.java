package penstock.telemetry;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Standard output and standard error of a process that must not wait for their readers: a log collector that
 * hangs would block the first thread that logs. While it is open, {@link System#out} and {@link System#err} never
 * block, and the log with them. Opened and closed by one thread; {@link #awaitWritten} by any.
 */
public final class StandardStreams implements AutoCloseable {
    private static final LongAdder DROPPED = new LongAdder();
    private static final long CLOSE_WITHIN_MS = 500;

    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final LineOutput out = new LineOutput("stdout", outBefore, DROPPED);
    private final LineOutput err = new LineOutput("stderr", errBefore, DROPPED);

    private StandardStreams() {
    }

    /** Replaces the streams of the process. */
    public static StandardStreams open() {
        final StandardStreams streams = new StandardStreams();
        System.setOut(new PrintStream(streams.out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(streams.err, true, StandardCharsets.UTF_8));
        return streams;
    }

    /** Lines that were dropped since the start of the process. */
    public static long droppedLines() {
        return DROPPED.sum();
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
        }
    }
}
