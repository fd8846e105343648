package penstock.recording.write;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Bytes that this thread allocates. */
final class Garbage {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Garbage() {
    }

    /** In the last of so many rounds; {@code between} runs after each, and does not count. */
    static long of(final Runnable action, final int rounds, final Runnable between) {
        long bytes = 0;
        for (int i = 0; i < rounds; i++) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            action.run();
            bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            between.run();
        }
        return bytes;
    }
}
