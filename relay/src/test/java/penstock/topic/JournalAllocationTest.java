package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/** A journal with readers does not allocate once warm, neither for writes nor for reads. */
class JournalAllocationTest {
    private static final int UPDATES = 100_000;
    /** Allocation of the JVM itself; one byte per update would be 100,000. */
    private static final long SLACK_BYTES = 20_000;

    private final JournalRig rig = new JournalRig(1);
    private final MessageBuffer out = new MessageBuffer(4096);
    private final View[] views =
        {View.FULL, new View(List.of("bid", "f1"), false, 0), new View(List.of("f3"), false, 0),
        new View(List.of(), true, 0), new View(List.of("f3", "bid"), true, 0)};
    private Topic topic;
    private long found;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldNotAllocateOnceWarm(final int channel) {
        topic = rig.topic(channel, "S");
        rig.journal.addReader(topic);
        rig.journal.addPayloadReader(topic);
        for (final View view : views) {
            topic.addView(view);
        }
        final UpdateSlice[] updates = new UpdateSlice[64];
        for (int i = 0; i < updates.length; i++) {
            final byte[] bytes = ("{\"bid\":1." + i + ",\"f" + i % 7 + "\":" + i + "}")
                .getBytes(StandardCharsets.UTF_8);
            updates[i] = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        }
        final UpdateKind kind = channel == 2 ? UpdateKind.DELTA : UpdateKind.FULL;
        run(updates, kind);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(updates, kind);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(SLACK_BYTES);
        assertThat(found).isPositive();
    }

    private void run(final UpdateSlice[] updates, final UpdateKind kind) {
        final Journal journal = rig.journal;
        for (int i = 0; i < UPDATES; i++) {
            rig.publish(topic, kind, updates[i % updates.length]);
            rig.turn();
            final long address = journal.entries().newest(topic.id());
            for (int j = 0; j < views.length; j++) {
                if (journal.projection().isShown(address, views[j])
                        && !journal.projection().isImage(address, views[j])) {
                    journal.projection().append(address, topic, views[j], i % 3, false, out.clear());
                    found++;
                }
            }
            journal.entries().appendPayload(address, out.clear());
            final long p = journal.entries().p(address) - i % 20;
            found += journal.resumeIndex().qAt(topic, p) + journal.entries().entryAfter(topic.id(), p);
        }
    }
}
