package penstock.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EndedSessionsTest {
    private static final int KEPT = EndedSessions.KEPT;

    private final AtomicLong clockMs = new AtomicLong(1_795_231_327_656L);
    private final EndedSessions ended = new EndedSessions(clockMs::get);

    @Test
    void shouldKeepTheLastTenThousandAsTheyWere() {
        for (long i = 1; i <= 2L * KEPT + 7; i++) {
            add(i);
        }
        assertThat(ended.count()).isEqualTo(2L * KEPT + 7);
        for (long i = KEPT + 8; i <= 2L * KEPT + 7; i++) {
            assertThat(ended.get(i)).isEqualTo(expected(i, i));
        }
        assertThat(ended.get(KEPT + 7)).as("one more than are kept").isNull();
        assertThat(ended.get(2L * KEPT + 8)).as("not ended yet").isNull();
        assertThat(ended.get(0)).isNull();
        assertThat(ended.get(-1)).isNull();
    }

    @Test
    void shouldMakeNoGarbageOnceItIsFull() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final SessionRecord session = record(1);
        for (int i = 0; i < 2 * KEPT; i++) {
            ended.add(session, Termination.FINISHED, 1, 2, 3);
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 2 * KEPT; i++) {
            ended.add(session, Termination.FINISHED, 1, 2, 3);
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bytes).as("bytes allocated for 20,000 sessions").isLessThan(KEPT);
    }

    @Test
    void shouldNeverShowAMixtureOfTwoSessions() throws Exception {
        final AtomicLong next = new AtomicLong();
        final List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Thread writer = new Thread(() -> {
                for (long n = next.incrementAndGet(); n <= 40L * KEPT; n = next.incrementAndGet()) {
                    add(n);
                }
            }, "writer");
            writer.start();
            writers.add(writer);
        }
        long seen = 0;
        while (writers.stream().anyMatch(Thread::isAlive)) {
            final long newest = ended.count();
            // the newest, and the oldest, in whose places others get now
            for (final long number : new long[] {newest, newest - KEPT + 1, newest - KEPT + 2}) {
                final EndedSession found = ended.get(number);
                if (found != null) {
                    assertThat(found).isEqualTo(expected(found.number(), found.updates()));
                    seen++;
                }
            }
        }
        for (final Thread writer : writers) {
            writer.join();
        }
        assertThat(seen).isPositive();
        // a writer that was 10,000 sessions late has cost one of them its place
        for (long n = 1; n <= KEPT; n++) {
            add(n);
        }
        assertThat(IntStream.range(0, KEPT).filter(i -> ended.get(ended.count() - i) != null).count())
            .as("kept in the end").isEqualTo(KEPT);
    }

    private void add(final long i) {
        ended.add(record(i), end(i), i * 1_000, i, i * 7);
    }

    private EndedSession expected(final long number, final long i) {
        return new EndedSession(number, record(i), end(i), clockMs.get(), i * 1_000, i, i * 7);
    }

    private static Termination end(final long i) {
        return Termination.values()[(int) (i % Termination.values().length)];
    }

    private static SessionRecord record(final long i) {
        return new SessionRecord(Long.toString(i * 7_919_000_033L, Character.MAX_RADIX), i % 3 == 0 ? "raw" : "ws",
            i % 2 == 0 ? null : "desk-" + i % 5, "[2001:db8::" + i % 10_000 + "]:" + i % 60_000, i * 13, i % 4 == 0);
    }
}
