package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.testkit.ManualThread;

class SlicedWorkTest {
    private static final long MS = 1_000_000;
    private static final long SLICE_NS = 12 * MS / 10;

    private final ManualThread thread = new ManualThread(5 * MS);
    private final ErrorLog errors = new ErrorLog();
    private final HoldMeter holds = new HoldMeter(new Counters("fanout-0"));
    private final SlicedWork work = new SlicedWork(thread, errors, holds);
    private final List<String> done = new ArrayList<>();
    private long longestNs;
    private long spentNs;

    @Test
    void shouldDoAShortTaskAtOnce() {
        work.add(task("short", 1));
        assertThat(done).containsExactly("short");
        assertThat(thread.scheduledCount()).isZero();
    }

    @Test
    void shouldInterruptALongTaskAfterItsSlice() {
        work.add(task("long", 270));
        assertThat(done).isEmpty();
        thread.advanceMs(100);
        assertThat(done).containsExactly("long");
        assertThat(longestNs).isLessThanOrEqualTo(SLICE_NS + MS / 10);
    }

    @Test
    void shouldGiveManyTasksAQuarterOfTheThread() {
        for (int i = 0; i < 200; i++) {
            work.add(task("t" + i, 270));
        }
        final long beganNs = thread.nowNs();
        thread.advanceMs(2_000);
        assertThat((double) spentNs / (thread.nowNs() - beganNs)).isBetween(0.2, 0.3);
        assertThat(work.size()).isPositive();
    }

    @Test
    void shouldGiveTasksThatComeTogetherOneSlice() {
        for (int i = 0; i < 30; i++) {
            work.add(task("t" + i, 1));
        }
        assertThat(done).hasSize(12);
        thread.advanceMs(2);
        assertThat(done).hasSize(24);
        thread.advanceMs(2);
        assertThat(done).hasSize(30);
    }

    @Test
    void shouldHaveTheRestOfATaskOfTheThread() {
        holds.begin(thread.nowNs());
        thread.spendNs(7 * MS / 10);
        work.add(task("long", 12));
        holds.end(thread.nowNs());
        assertThat(longestNs).isEqualTo(MS / 2);
        assertThat(holds.longestNs()).isEqualTo(SLICE_NS);
        thread.advanceMs(2);
        assertThat(done).containsExactly("long");
        assertThat(holds.longestNs()).isEqualTo(SLICE_NS);
    }

    @Test
    void shouldWaitForATaskOfTheThreadThatHasTakenTheTime() {
        thread.spendNs(MS);
        holds.begin(thread.nowNs());
        assertThat(work.attempt().isOver()).isFalse();
        thread.spendNs(2 * MS);
        work.add(task("short", 1));
        assertThat(work.attempt().isOver()).isTrue();
        holds.end(thread.nowNs());
        assertThat(done).isEmpty();
        thread.advanceMs(1);
        assertThat(done).containsExactly("short");
    }

    @Test
    void shouldBeginALongStepWithASlice() {
        work.add(task("search", 10));
        work.add(step("step", 25));
        assertThat(done).containsExactly("search");
        work.add(task("short", 1));
        assertThat(done).containsExactly("search");
        final long beganNs = thread.nowNs();
        thread.advanceMs(1);
        assertThat(done).containsExactly("search", "step");
        assertThat(thread.nowNs() - beganNs).isLessThanOrEqualTo(4 * MS);
        thread.advanceMs(1);
        assertThat(done).containsExactly("search", "step", "short");
    }

    @Test
    void shouldLetTasksTakeTurns() {
        work.add(task("long", 2_000));
        work.add(task("short", 5));
        thread.advanceMs(10);
        assertThat(done).containsExactly("short");
    }

    @Test
    void shouldGoOnAfterATaskThatFails() {
        final List<Throwable> failures = new ArrayList<>();
        work.add(new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                throw new IllegalStateException("broken");
            }

            @Override
            public void onFailure(final Throwable failure) {
                failures.add(failure);
            }
        });
        work.add(task("good", 1));
        assertThat(failures).hasSize(1);
        assertThat(errors.distinctCount()).isOne();
        assertThat(done).containsExactly("good");
    }

    /** Takes that long without interruptions. */
    private SlicedWork.Task step(final String name, final int tenths) {
        return new SlicedWork.Task() {
            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                final boolean begins = slice.mayBegin();
                if (begins) {
                    thread.spendNs(tenths * MS / 10);
                    done.add(name);
                }
                return begins;
            }

            @Override
            public void onFailure(final Throwable failure) {
                done.add("failed " + name);
            }
        };
    }

    /** Takes {@code tenths} of a millisecond in all. */
    private SlicedWork.Task task(final String name, final int tenths) {
        return new SlicedWork.Task() {
            private int left = tenths;

            @Override
            public boolean advance(final SlicedWork.Slice slice) {
                final long beganNs = thread.nowNs();
                while (left > 0 && !slice.isOver()) {
                    left--;
                    thread.spendNs(MS / 10);
                }
                longestNs = Math.max(longestNs, thread.nowNs() - beganNs);
                spentNs += thread.nowNs() - beganNs;
                if (left == 0) {
                    done.add(name);
                }
                return left == 0;
            }

            @Override
            public void onFailure(final Throwable failure) {
                done.add("failed " + name);
            }
        };
    }
}
