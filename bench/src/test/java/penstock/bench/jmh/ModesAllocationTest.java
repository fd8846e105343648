package penstock.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.telemetry.Counter;

/** No mode of delivery makes garbage once warm: ring, topic or journal, pending updates, frames. */
@Tag("slow")
class ModesAllocationTest {
    private static final int SESSIONS = 20;
    private static final int WARM_UP = 100;
    private static final int MEASURED = 250;
    /** What the JVM itself may do meanwhile; one byte per update would be 100,000. */
    private static final long SLACK_BYTES = 20_000;

    @ParameterizedTest
    @EnumSource(DeliveryMode.class)
    void shouldMakeNoGarbageForUpdatesSentBy(final DeliveryMode way) {
        final DeliveryRig rig = new DeliveryRig(way, SESSIONS);
        run(rig, WARM_UP);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long delivered = rig.count(Counter.UPDATES_DELIVERED);
        final long frames = rig.count(Counter.FRAMES_SENT);
        final long deflated = rig.count(Counter.FRAMES_DEFLATED);
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(rig, MEASURED);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        final long updates = rig.count(Counter.UPDATES_DELIVERED) - delivered;
        // what the benchmark takes for granted: as many updates in each way, and 20 in a message where there are
        // messages
        assertThat(updates).isEqualTo((long) MEASURED * SESSIONS * DeliveryRig.CHANGED);
        final long sent = rig.count(Counter.FRAMES_SENT) - frames;
        assertThat(sent).isEqualTo(way.isRaw() ? updates : updates / DeliveryRig.CHANGED);
        assertThat(rig.count(Counter.FRAMES_DEFLATED) - deflated).isEqualTo(way == DeliveryMode.DEFLATE ? sent : 0);
        assertThat(allocated).isLessThan(SLACK_BYTES);
    }

    private static void run(final DeliveryRig rig, final int steps) {
        for (int i = 0; i < steps; i++) {
            rig.step();
        }
    }
}
