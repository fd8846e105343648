package penstock.bench.load.hold;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.xnio.XnioIoThread;
import penstock.Main;

/**
 * A relay with a probe on its only io thread: a task that runs every millisecond and notes what the thread did since it
 * ran last, by the thread's CPU time, which neither a pause of the collector nor another process adds to. For each line
 * on standard input it prints {@link #ANSWER} with the figures since the line before.
 *
 * <p>The figures are owned by the io thread.
 */
public final class HoldProbe {
    /** Begins a line: the longest hold by CPU time and by the clock, in ns, and the bytes that the thread allocated. */
    public static final String ANSWER = "hold";
    private static final String NAME = "fanout";
    private static final int MAX_THREADS = 256;
    private static final long EVERY_NS = 1_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final XnioIoThread thread;
    private final Runnable beat = this::beat;
    private final PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    private long cpuNs;
    private long clockNs;
    private long bytesBefore;
    private long longestCpuNs;
    private long longestClockNs;

    private HoldProbe(final XnioIoThread thread) {
        this.thread = thread;
    }

    /** {@code args} are those of the relay. */
    public static void main(final String[] args) {
        final Thread watch = new Thread(HoldProbe::watch, "hold-probe");
        watch.setDaemon(true);
        watch.start();
        Main.main(args);
    }

    private static void watch() {
        final HoldProbe probe = new HoldProbe(ioThread());
        probe.thread.execute(probe::begin);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                probe.thread.execute(probe::answer);
            }
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static XnioIoThread ioThread() {
        while (true) {
            final Thread[] all = new Thread[MAX_THREADS];
            Thread.enumerate(all);
            for (final Thread each : all) {
                if (each instanceof XnioIoThread io && each.getName().startsWith(NAME)) {
                    return io;
                }
            }
            LockSupport.parkNanos(EVERY_NS);
        }
    }

    private void begin() {
        bytesBefore = bytes();
        note();
        again();
    }

    private void beat() {
        final long nowCpuNs = THREADS.getCurrentThreadCpuTime();
        longestCpuNs = Math.max(longestCpuNs, nowCpuNs - cpuNs);
        longestClockNs = Math.max(longestClockNs, System.nanoTime() - clockNs - EVERY_NS);
        note();
        again();
    }

    private void answer() {
        beat();
        out.println(ANSWER + " " + longestCpuNs + " " + longestClockNs + " " + (bytes() - bytesBefore));
        longestCpuNs = 0;
        longestClockNs = 0;
        bytesBefore = bytes();
        note();
    }

    private void note() {
        cpuNs = THREADS.getCurrentThreadCpuTime();
        clockNs = System.nanoTime();
    }

    private void again() {
        try {
            thread.executeAfter(beat, EVERY_NS, TimeUnit.NANOSECONDS);
        } catch (final RejectedExecutionException e) {
            // the relay ends
            return;
        }
    }

    private long bytes() {
        return THREADS.getThreadAllocatedBytes(thread.getId());
    }
}
