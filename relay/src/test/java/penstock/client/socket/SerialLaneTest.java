package penstock.client.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import penstock.testkit.Patience;

/** Tasks of a client on an executor of any kind. */
class SerialLaneTest {
    private static final int TASKS = 2_000;
    private static final int THREADS = 4;

    private final List<Integer> done = new ArrayList<>();

    @Test
    void shouldRunTasksOneAfterAnotherOnAPool() throws InterruptedException {
        final ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        final SerialLane lane = new SerialLane(pool);
        final CountDownLatch ended = new CountDownLatch(1);
        for (int i = 0; i < TASKS; i++) {
            final int number = i;
            // a list of one thread: two at a time would lose some, or fail
            lane.execute(() -> done.add(number));
        }
        lane.execute(ended::countDown);

        assertThat(ended.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(done).hasSize(TASKS).isSorted();
        pool.shutdownNow();
    }

    @Test
    void shouldGiveTheExecutorBackAfterTheTasksThatWaited() {
        final Queue<Runnable> turns = new ArrayDeque<>();
        final SerialLane lane = new SerialLane(turns::add);
        lane.execute(() -> {
            done.add(1);
            lane.execute(() -> done.add(2));
            lane.enter(() -> done.add(10));
            assertThat(lane.isInside()).isTrue();
        });

        turns.remove().run();
        assertThat(done).containsExactly(1, 10);
        assertThat(lane.isInside()).isFalse();
        turns.remove().run();
        assertThat(done).containsExactly(1, 10, 2);
        assertThat(turns).isEmpty();
    }

    @Test
    void shouldGoOnAfterAFaultAndEndQuietlyWithItsExecutor() throws InterruptedException {
        final List<Throwable> faults = new ArrayList<>();
        final ExecutorService one = Executors.newSingleThreadExecutor(task -> {
            final Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((ignored, fault) -> faults.add(fault));
            return thread;
        });
        final SerialLane lane = new SerialLane(one);
        lane.execute(() -> {
            throw new IllegalStateException("a listener's");
        });
        lane.execute(() -> {
            one.shutdown();
            lane.execute(() -> done.add(2));
        });

        assertThat(one.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(faults).hasSize(1).first().isInstanceOf(IllegalStateException.class);
        lane.execute(() -> done.add(3));
        assertThat(done).isEmpty();
    }
}
