package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualThread;

class ReadTimeoutsTest {
    private final ManualThread thread = new ManualThread(0);
    private final ReadTimeouts halfReads = new ReadTimeouts(thread, 10_000);

    @Test
    void shouldTellWhoTookTooLongAndForgetWhoFinished() {
        final Reader slow = new Reader(0);
        final Reader finished = new Reader(0);
        final Reader begunAnew = new Reader(0);
        halfReads.add(slow);
        halfReads.add(finished);
        halfReads.add(begunAnew);
        thread.advanceToNs(5_000_000_000L);
        finished.sinceNs = ReadTimeouts.NONE;
        begunAnew.sinceNs = thread.nowNs();
        thread.advanceToNs(9_999_000_000L);
        assertThat(slow.told).isEmpty();
        assertThat(finished.told).containsExactly(false);
        thread.advanceToNs(10_000_000_000L);
        assertThat(slow.told).containsExactly(true);
        assertThat(begunAnew.told).isEmpty();
        assertThat(halfReads.size()).isEqualTo(1);
        thread.advanceToNs(15_000_000_000L);
        assertThat(begunAnew.told).containsExactly(true);
    }

    @Test
    void shouldRestWhenNobodyIsHalfRead() {
        assertThat(thread.scheduledCount()).isZero();
        final Reader reader = new Reader(0);
        halfReads.add(reader);
        assertThat(thread.scheduledCount()).isOne();
        reader.sinceNs = ReadTimeouts.NONE;
        thread.advanceToNs(1_000_000_000L);
        assertThat(thread.scheduledCount()).isZero();
    }

    private static final class Reader implements ReadTimeouts.Reader {
        private long sinceNs;
        private final List<Boolean> told = new ArrayList<>();

        Reader(final long sinceNs) {
            this.sinceNs = sinceNs;
        }

        @Override
        public long halfReadSinceNs() {
            return sinceNs;
        }

        @Override
        public void onUnlisted(final boolean tookTooLong) {
            told.add(tookTooLong);
        }
    }
}
