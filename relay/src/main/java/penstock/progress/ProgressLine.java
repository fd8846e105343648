package penstock.progress;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * One line on standard error that says how far work is: percent, rate and time left. It is there only if standard error
 * is a terminal, is written again four times a second, and is gone at the end: logs and pipes have nothing of it. Owned
 * by the thread that works.
 */
public final class ProgressLine implements AutoCloseable {
    /** How much there is to do is not known. */
    public static final long UNKNOWN = -1;

    private static final long EVERY_NS = 250_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final int PERCENT = 100;
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final String BEGIN_AGAIN = "\r\u001b[K";
    /** Of a gzip file: the last four bytes are its size before compression. */
    private static final int GZIP_TRAILER = 4;
    private static final long MAX_GZIP = 1L << 31;

    private final PrintStream out;
    private final String title;
    private final long total;
    private final LongSupplier clock;
    private final long beganNs;
    private long shownNs;
    private boolean isShown;

    /** Of {@code total} parts of work, on {@code out}; null = there is no terminal. */
    public ProgressLine(final PrintStream out, final String title, final long total, final LongSupplier clock) {
        this.out = out;
        this.title = title;
        this.total = total;
        this.clock = clock;
        beganNs = clock.getAsLong();
        shownNs = beganNs;
    }

    /** On standard error, if that is a terminal; {@code title} says what is done. */
    public static ProgressLine of(final String title, final long total) {
        return new ProgressLine(isTerminal() ? System.err : null, title, total, System::nanoTime);
    }

    /** The bytes that a file holds, those of a gzip file before compression; {@link #UNKNOWN} if it does not say. */
    public static long bytesOf(final Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return UNKNOWN;
            }
            final long size = Files.size(file);
            if (!file.toString().endsWith(".gz")) {
                return size;
            }
            if (size < GZIP_TRAILER || size > MAX_GZIP) {
                return UNKNOWN;
            }
            try (RandomAccessFile gzip = new RandomAccessFile(file.toFile(), "r")) {
                gzip.seek(size - GZIP_TRAILER);
                final long before = Integer.toUnsignedLong(Integer.reverseBytes(gzip.readInt()));
                // several members, or over 4 GiB: the trailer is of the last part
                return before >= size ? before : UNKNOWN;
            }
        } catch (final IOException unreadable) {
            return UNKNOWN;
        }
    }

    /**
     * That much is done; saying it costs tens of nanoseconds.
     *
     * @param done  of the total
     * @param count what the rate is of, such as messages
     * @param unit  the name of what is counted
     */
    public void at(final long done, final long count, final String unit) {
        final long nowNs = out == null ? shownNs : clock.getAsLong();
        if (nowNs - shownNs >= EVERY_NS) {
            show(nowNs, text(done, count, unit, (nowNs - beganNs) / NS_PER_SECOND));
        }
    }

    /**
     * That much is done of work whose parts are no count, and this is what is done now; time left is the rest of the
     * total, which is in seconds.
     */
    public void at(final long doneSeconds, final String now) {
        final long nowNs = out == null ? shownNs : clock.getAsLong();
        if (nowNs - shownNs >= EVERY_NS) {
            show(nowNs, title + ": " + doneSeconds * PERCENT / total + " %, " + now + ", "
                + time(total - doneSeconds) + " left");
        }
    }

    private void show(final long nowNs, final String text) {
        shownNs = nowNs;
        isShown = true;
        out.print(BEGIN_AGAIN + text);
        out.flush();
    }

    /** The line goes away. */
    @Override
    public void close() {
        if (isShown) {
            out.print(BEGIN_AGAIN);
            out.flush();
            isShown = false;
        }
    }

    private String text(final long done, final long count, final String unit, final double seconds) {
        final String rate = String.format(Locale.ROOT, "%,d %s, %,.0f/s", count, unit, count / seconds);
        if (total <= 0 || done > total) {
            return title + ": " + rate;
        }
        final long left = done == 0 ? UNKNOWN : Math.round(seconds * (total - done) / done);
        return title + ": " + done * PERCENT / total + " %, " + rate
            + (left == UNKNOWN ? "" : ", " + time(left) + " left");
    }

    private static String time(final long seconds) {
        return seconds < MINUTE ? seconds + " s" : seconds < HOUR ? seconds / MINUTE + " min " + seconds % MINUTE + " s"
            : seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
    }

    private static boolean isTerminal() {
        return System.getenv("TERM") != null && !System.getenv("TERM").equals("dumb")
            && new ExecTerminalProvider().isSystemStream(SystemStream.Error);
    }
}
