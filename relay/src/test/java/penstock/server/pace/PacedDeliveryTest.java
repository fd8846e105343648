package penstock.server.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.fanout.SlicedWork;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.testkit.ManualThread;

class PacedDeliveryTest {
    private static final long MS = 1_000_000;
    private static final List<Integer> CLIENTS = IntStream.range(0, 1_000).boxed().toList();

    private final ManualThread thread = new ManualThread(5 * MS);
    private final HoldMeter holds = new HoldMeter(new Counters("fanout-0"));
    private final SlicedWork work = new SlicedWork(thread, new ErrorLog(), holds);
    private final List<Integer> served = new ArrayList<>();
    private final List<Integer> leftOut = new ArrayList<>();
    private int ends;

    @Test
    void shouldServeManyClientsInSlicesAndEachOnce() {
        work.add(new PacedDelivery<>(CLIENTS, this::serve, leftOut::add, () -> ends++));
        assertThat(served).hasSizeLessThan(100);
        assertThat(ends).isZero();
        finish();
        assertThat(served).isEqualTo(CLIENTS);
        assertThat(holds.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(ends).isOne();
    }

    @Test
    void shouldGiveUpTheRestWhenItFails() {
        work.add(new PacedDelivery<>(CLIENTS, client -> {
            if (client == 500) {
                throw new IllegalStateException("broken");
            }
            serve(client);
        }, leftOut::add, () -> ends++));
        finish();
        assertThat(served).hasSize(500);
        assertThat(leftOut).isEqualTo(CLIENTS.subList(501, 1_000));
        assertThat(ends).isOne();
    }

    private void serve(final int client) {
        thread.spendNs(50_000);
        served.add(client);
    }

    private void finish() {
        while (work.size() > 0) {
            thread.advanceMs(1);
        }
    }
}
