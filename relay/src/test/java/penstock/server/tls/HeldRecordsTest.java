package penstock.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Telemetry;

class HeldRecordsTest {
    private final Telemetry telemetry = new Telemetry();
    private final MemoryShare memory = new MemoryShare(Map.of(MemoryUse.PARTIAL_MESSAGES, 1_000L,
        MemoryUse.RESPONSES, 400L), 1);
    private final HeldRecords held = HeldRecords.received(memory, telemetry.counters("fanout-0"));
    private final HeldRecords unsent = HeldRecords.unsent(memory, telemetry.counters("fanout-1"));
    private final List<String> closed = new ArrayList<>();

    private Runnable connection(final String name) {
        return new Runnable() {
            @Override
            public void run() {
                held.release(this);
                unsent.release(this);
                closed.add(name);
            }
        };
    }

    @Test
    void shouldCloseTheConnectionWhoseHalfRecordIsTheOldest() {
        assertThat(held.tryHold(connection("a"), 200)).isTrue();
        final Runnable b = connection("b");
        assertThat(held.tryHold(b, 200)).isTrue();
        held.release(b);
        assertThat(held.tryHold(connection("c"), 200)).isTrue();
        assertThat(held.tryHold(b, 200)).isTrue();
        assertThat(closed).containsExactly("a");
        assertThat(held.tryHold(b, 100)).isTrue();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isEqualTo(500);
        assertThat(telemetry.sum(Counter.HALF_MESSAGES_CUT)).isEqualTo(1);
    }

    @Test
    void shouldTakeAHalfOfTheMemoryAtMost() {
        assertThat(held.tryHold(connection("a"), 501)).isFalse();
        assertThat(memory.used(MemoryUse.PARTIAL_MESSAGES)).isZero();
    }

    @Test
    void shouldRefuseWhenHalfMessagesTookAllTheMemory() {
        memory.reserve(MemoryUse.PARTIAL_MESSAGES, 900);
        assertThat(held.tryHold(connection("a"), 200)).isFalse();
        assertThat(held.tryHold(connection("a"), 100)).isTrue();
    }

    @Test
    void shouldCloseTheConnectionThatHasReadNothingForTheLongestTime() {
        assertThat(unsent.tryHold(connection("a"), 150)).isTrue();
        assertThat(unsent.isScarce()).isFalse();
        assertThat(unsent.tryHold(connection("b"), 250)).isTrue();
        assertThat(unsent.isScarce()).isTrue();
        assertThat(unsent.tryHold(connection("c"), 100)).isTrue();
        assertThat(closed).containsExactly("a");
        assertThat(memory.used(MemoryUse.RESPONSES)).isEqualTo(350);
        assertThat(telemetry.sum(Counter.TLS_UNSENT_CUT)).isEqualTo(1);
    }
}
