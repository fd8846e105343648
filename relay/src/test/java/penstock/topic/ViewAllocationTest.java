package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.topic.image.View;

/**
 * Views with subscriptions do not allocate once warm, neither for updates nor for encoding, also when an equal view is
 * asked for.
 */
class ViewAllocationTest {
    private static final int UPDATES = 100_000;
    /** Allocation of the JVM itself; one byte per update would be 100,000. */
    private static final long SLACK_BYTES = 20_000;

    private UpdateSlice[] updates;
    private TopicRig rig;
    private View[] views;

    @ParameterizedTest
    @ValueSource(strings = {"last-value", "merge", "order-book", "event"})
    void shouldNotAllocateOnceWarm(final String conflation) {
        rig = new TopicRig(conflation);
        updates = new UpdateSlice[64];
        for (int i = 0; i < updates.length; i++) {
            updates[i] = conflation.equals("order-book") ? levels(i) : object(i, conflation);
        }
        views = conflation.equals("order-book")
            ? new View[] {new View(List.of(), false, 3), new View(List.of(), false, 10)}
            : new View[] {fields(), new View(List.of(), true, 0), new View(List.of("f3", "bid"), true, 0)};
        for (final View view : views) {
            rig.topic().addView(view);
        }
        // equal views of another subscription
        views[0] = conflation.equals("order-book") ? new View(List.of(), false, 3) : fields();
        run();
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run();
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(SLACK_BYTES);
    }

    private void run() {
        for (int i = 0; i < UPDATES; i++) {
            rig.publish(updates[i % updates.length]);
            for (int j = 0; j < views.length; j++) {
                rig.ask(rig.topic().q() - 1 - i % 3, views[j]);
            }
        }
    }

    private static View fields() {
        return new View(List.of("bid", "f1", "none"), false, 0);
    }

    private static UpdateSlice object(final int i, final String conflation) {
        final byte[] bytes = ("{\"bid\":1." + i + ",\"f" + i % 7 + "\":" + (i % 3 == 0 ? "null" : i) + "}")
            .getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slices = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        slices.kind = conflation.equals("merge") ? UpdateKind.DELTA : UpdateKind.FULL;
        return slices;
    }

    private static UpdateSlice levels(final int i) {
        final LevelBuffer levels = new LevelBuffer();
        for (int side = 0; side < 2; side++) {
            final byte[] price = ("1." + (10 + i * 7 % 40)).getBytes(StandardCharsets.UTF_8);
            final byte[] size = {(byte) ('1' + i % 9)};
            levels.add(side, price, 0, price.length, size, 0, i % 3 == 0 ? 0 : 1);
        }
        final UpdateSlice slices = new UpdateSlice().set(levels.buffer(), 0, 0, 0, 0);
        slices.kind = UpdateKind.DELTA;
        slices.levels = levels;
        return slices;
    }
}
