package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import penstock.fanout.ShardThread;

class ReadTimeoutsTest {
    private final HandTurned thread = new HandTurned();
    private final ReadTimeouts halfReads = new ReadTimeouts(thread, 10_000);

    @Test
    void shouldTellWhoTookTooLongAndForgetWhoFinished() {
        final Reader slow = new Reader(0);
        final Reader finished = new Reader(0);
        final Reader begunAnew = new Reader(0);
        halfReads.add(slow);
        halfReads.add(finished);
        halfReads.add(begunAnew);
        thread.turn(5_000);
        finished.sinceNs = ReadTimeouts.NONE;
        begunAnew.sinceNs = thread.nowNs;
        thread.turn(9_999);
        assertThat(slow.told).isEmpty();
        assertThat(finished.told).containsExactly(false);
        thread.turn(10_000);
        assertThat(slow.told).containsExactly(true);
        assertThat(begunAnew.told).isEmpty();
        assertThat(halfReads.size()).isEqualTo(1);
        thread.turn(15_000);
        assertThat(begunAnew.told).containsExactly(true);
    }

    @Test
    void shouldRestWhenNobodyIsHalfRead() {
        assertThat(thread.tasks).isEmpty();
        final Reader reader = new Reader(0);
        halfReads.add(reader);
        assertThat(thread.tasks).hasSize(1);
        reader.sinceNs = ReadTimeouts.NONE;
        thread.turn(1_000);
        assertThat(thread.tasks).isEmpty();
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

    private static final class HandTurned implements ShardThread {
        private final Queue<Runnable> tasks = new ArrayDeque<>();
        private long nowNs;

        void turn(final long toMs) {
            nowNs = toMs * 1_000_000;
            final Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
        }

        @Override
        public void execute(final Runnable task) {
            tasks.add(task);
        }

        @Override
        public void executeAfter(final Runnable task, final long delayMs) {
            tasks.add(task);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public long epochUs(final long atNs) {
            return atNs / 1000;
        }
    }
}
