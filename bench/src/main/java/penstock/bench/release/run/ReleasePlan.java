package penstock.bench.release.run;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import penstock.progress.ProgressLine;

/**
 * The steps of a release and how long each will take: as long as it took here before, else as long as its caller says.
 * On a terminal a line tells how far they are. The main thread begins steps, a thread of this class writes the line;
 * both hold its lock.
 */
public final class ReleasePlan implements AutoCloseable {
    private static final long TICK_MS = 500;

    private final Path file;
    private final LongSupplier clock;
    private final Properties took = new Properties();
    private final Map<String, Long> expected = new LinkedHashMap<>();
    private final Thread ticker = new Thread(this::tick, "release-progress");
    private ProgressLine line;
    private String now;
    private long beganNs;
    private long doneSeconds;
    private int begun;

    /** {@code file}: keeps how long steps took, for the next release; {@code clock}: nanoseconds. */
    public ReleasePlan(final Path file, final LongSupplier clock) throws IOException {
        this.file = file;
        this.clock = clock;
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                took.load(reader);
            }
        }
        ticker.setDaemon(true);
    }

    /** Adds a step; {@code seconds}: how long it takes if it was never done here. */
    public void add(final String step, final long seconds) {
        final String before = took.getProperty(step);
        expected.put(step, Math.max(1, before == null ? seconds : Long.parseLong(before)));
    }

    /** All are added: from here on the line is there. */
    public void start() {
        start(ProgressLine.of("release", seconds()));
        ticker.start();
    }

    synchronized void start(final ProgressLine shown) {
        line = shown;
    }

    /** What all steps take, in seconds. */
    synchronized long seconds() {
        return expected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** This step begins, and the one before it ended. */
    public synchronized void begin(final String step) throws IOException {
        endStep();
        now = step;
        beganNs = clock.getAsLong();
        begun++;
        if (line != null) {
            line.close();
        }
    }

    /** This step need not be done: an earlier run did. */
    public synchronized void skip(final String step) {
        doneSeconds += expected.getOrDefault(step, 0L);
        begun++;
    }

    /** The last step ended. */
    public synchronized void end() throws IOException {
        endStep();
        close();
    }

    /** The line goes away. */
    @Override
    public synchronized void close() {
        if (line != null) {
            line.close();
            line = null;
            notifyAll();
        }
    }

    /** Writes the line, if there is a terminal. */
    synchronized void show() {
        if (line != null && now != null) {
            final long here = Math.min(elapsed(), expected.getOrDefault(now, 0L));
            line.at(doneSeconds + here, "step " + begun + " of " + expected.size() + ", " + now + " for " + elapsed()
                + " s");
        }
    }

    private void endStep() throws IOException {
        if (now != null) {
            took.setProperty(now, Long.toString(elapsed()));
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(file)) {
                took.store(writer, "seconds that each step of a release took here");
            }
            doneSeconds += expected.getOrDefault(now, 0L);
            now = null;
        }
    }

    private long elapsed() {
        return TimeUnit.NANOSECONDS.toSeconds(clock.getAsLong() - beganNs);
    }

    private synchronized void tick() {
        try {
            while (line != null) {
                show();
                wait(TICK_MS);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
