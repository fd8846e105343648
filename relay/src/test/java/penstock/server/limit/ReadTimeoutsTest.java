package penstock.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
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
    void shouldEndTheOldestHalfMessagesUntilThereIsMemory() {
        final MemoryShare memory = new MemoryShare(Map.of(MemoryUse.PARTIAL_MESSAGES, 100L), 1);
        final PartialMessages partial = new PartialMessages(memory, timeouts, thread);
        final List<Reader> readers = new ArrayList<>();
        for (final long startNs : new long[] {3, 1, 2}) {
            final Reader reader = new Reader(startNs);
            assertThat(partial.tryReserve(30, reader)).isTrue();
            reader.heldBytes = 30;
            reader.memory = memory;
            timeouts.add(reader);
            readers.add(reader);
        }
        timeouts.add(new Reader(0));
        final Reader asking = new Reader(4);
        assertThat(partial.tryReserve(60, asking)).isTrue();
        assertThat(readers).extracting(reader -> reader.heldBytes).containsExactly(30L, 0L, 0L);
        assertThat(partial.tryReserve(40, readers.get(0))).as("its own message is the oldest").isFalse();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isEqualTo(90);
    }

    @Test
    void shouldUseTheArrayOfAnEndedHalfMessageForTheNextOneOfItsSize() {
        final MemoryShare memory = new MemoryShare(Map.of(MemoryUse.PARTIAL_MESSAGES, 3_000L), 1);
        final PartialMessages partial = new PartialMessages(memory, timeouts, thread);
        final Reader asking = new Reader(1);
        final byte[] first = partial.take(1_000, asking);
        assertThat(first).hasSize(1_024);
        partial.giveBack(first);
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isEqualTo(1_024);
        assertThat(partial.take(700, asking)).isSameAs(first);
        assertThat(partial.take(700, asking)).isNotSameAs(first).hasSize(1_024);
        assertThat(partial.take(700, asking)).as("there is memory for two").isNull();

        partial.giveBack(first);
        assertThat(partial.take(1, asking)).hasSize(256);
        assertThat(partial.take(1_500, asking)).as("an array that is not in use makes room").isNull();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isEqualTo(1_024 + 256);
    }

    @Test
    void shouldLetGoOfArraysThatNoMessageUses() {
        final MemoryShare memory = MemoryShare.unlimited();
        final PartialMessages partial = new PartialMessages(memory, timeouts, thread);
        partial.giveBack(partial.take(1_000, new Reader(1)));
        partial.giveBack(partial.take(5_000, new Reader(1)));
        thread.advanceToNs(1_100_000_000L);
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isZero();
        assertThat(thread.scheduledCount()).isZero();
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
        private long heldBytes;
        private MemoryShare memory;
        private final List<Boolean> timedOut = new ArrayList<>();

        Reader(final long startNs) {
            this.startNs = startNs;
        }

        @Override
        public long messageStartNs() {
            return startNs;
        }

        @Override
        public long heldBytes() {
            return heldBytes;
        }

        @Override
        public void onMemoryNeeded() {
            memory.release(MemoryUse.PARTIAL_MESSAGES, heldBytes);
            heldBytes = 0;
        }

        @Override
        public void onWatchEnded(final boolean isTimedOut) {
            timedOut.add(isTimedOut);
        }
    }
}
