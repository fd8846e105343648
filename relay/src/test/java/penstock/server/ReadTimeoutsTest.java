package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualThread;

class ReadTimeoutsTest {
    private final ManualThread thread = new ManualThread(0);
    private final ReadTimeouts timeouts = new ReadTimeouts(thread, 10_000);

    @Test
    void shouldReportReadersThatTimedOutAndForgetThoseThatFinished() {
        final Reader slow = new Reader(0);
        final Reader finished = new Reader(0);
        final Reader restarted = new Reader(0);
        timeouts.add(slow);
        timeouts.add(finished);
        timeouts.add(restarted);
        thread.advanceToNs(5_000_000_000L);
        finished.startNs = ReadTimeouts.NONE;
        restarted.startNs = thread.nowNs();
        thread.advanceToNs(9_999_000_000L);
        assertThat(slow.timedOut).isEmpty();
        assertThat(finished.timedOut).containsExactly(false);
        thread.advanceToNs(10_000_000_000L);
        assertThat(slow.timedOut).containsExactly(true);
        assertThat(restarted.timedOut).isEmpty();
        assertThat(timeouts.size()).isEqualTo(1);
        thread.advanceToNs(15_000_000_000L);
        assertThat(restarted.timedOut).containsExactly(true);
    }

    @Test
    void shouldScheduleNothingWhileNoMessageIsIncomplete() {
        assertThat(thread.scheduledCount()).isZero();
        final Reader reader = new Reader(0);
        timeouts.add(reader);
        assertThat(thread.scheduledCount()).isOne();
        reader.startNs = ReadTimeouts.NONE;
        thread.advanceToNs(1_000_000_000L);
        assertThat(thread.scheduledCount()).isZero();
    }

    private static final class Reader implements ReadTimeouts.Reader {
        private long startNs;
        private final List<Boolean> timedOut = new ArrayList<>();

        Reader(final long startNs) {
            this.startNs = startNs;
        }

        @Override
        public long messageStartNs() {
            return startNs;
        }

        @Override
        public void onWatchEnded(final boolean isTimedOut) {
            timedOut.add(isTimedOut);
        }
    }
}
