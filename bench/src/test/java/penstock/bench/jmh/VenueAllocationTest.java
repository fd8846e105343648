package penstock.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.config.VenueName;

/** The message that a venue sends most makes no garbage once warm: scanner, rules, ring. */
@Tag("slow")
class VenueAllocationTest {
    private static final int WARM_UP = 6_400;
    private static final int MEASURED = 64_000;
    /** What the JVM itself may do meanwhile; one byte per frame would be 64,000. */
    private static final long SLACK_BYTES = 20_000;

    static List<String> venues() {
        assertThat(HotFrames.venues()).containsExactlyElementsOf(VenueName.BUILT_IN);
        return VenueName.BUILT_IN;
    }

    @ParameterizedTest
    @MethodSource("venues")
    void shouldMakeNoGarbageForTheHottestMessageOf(final String venue) {
        final VenueRig rig = new VenueRig(venue);
        run(rig, WARM_UP);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(rig, MEASURED);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(rig.others()).as("frames that were no update").isZero();
        assertThat(rig.updates()).isEqualTo(WARM_UP + MEASURED);
        assertThat(rig.values()).isEqualTo(WARM_UP + MEASURED);
        assertThat(allocated).isLessThan(SLACK_BYTES);
    }

    private static void run(final VenueRig rig, final int frames) {
        for (int i = 0; i < frames; i++) {
            rig.publish();
        }
    }
}
