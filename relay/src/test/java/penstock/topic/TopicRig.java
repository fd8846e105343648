package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.memory.MemoryShare;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/** One topic of a class, fed through a ring. */
final class TopicRig {
    private final Counters counters = new Counters("feed");
    private final TopicTable table;
    private final TickHandler filler;
    private final TickRing ring = new TickRing(4, 1 << 20);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher;
    private final MessageBuffer out = new MessageBuffer(4096);
    private final UpdateSlice slices = new UpdateSlice();

    TopicRig(final String conflation) {
        this(conflation, MemoryShare.unlimited());
    }

    /** With views that are accounted in {@code memory}. */
    TopicRig(final String conflation, final MemoryShare memory) {
        final Channel channel = new Channel(0, "c", conflation, true, memory);
        table = new TopicTable(List.of(channel), 7, 0);
        filler = new TableFiller(table);
        publisher = ring.publisher(counters, List.of(), number -> channel.newConflator());
        publisher.addTopic(0, new byte[] {'S'}, 0, 1);
        publisher.topicState(0, TopicState.LIVE, null, 0);
        turn();
    }

    Topic topic() {
        return table.topic(0);
    }

    void publish(final UpdateKind kind, final String value) {
        final byte[] bytes = ('[' + value + ']').getBytes(StandardCharsets.UTF_8);
        slices.set(bytes, 0, bytes.length, 1, bytes.length - 2);
        slices.kind = kind;
        publish(slices);
    }

    void publish(final UpdateSlice update) {
        publisher.publish(0, TickPublisher.NO_TIME, 7, update);
        turn();
    }

    /** The value of an update since a sequence. */
    String update(final long sentQ, final View view) {
        topic().appendUpdate(out.clear(), sentQ, TopicState.LIVE, view);
        final String text = out.toString();
        final long conflated = topic().q() - sentQ - 1;
        assertThat(text)
            .startsWith("{\"s\":\"S\",\"q\":" + topic().q() + (conflated > 0 ? ",\"c\":" + conflated : "") + ",\"v\":");
        return text.substring(text.indexOf("\"v\":") + 4, text.length() - 1);
    }

    /** The whole value. */
    String image(final View view) {
        topic().appendEntry(out.clear(), TopicState.LIVE, view);
        final String text = out.toString();
        return text.substring(text.indexOf("\"v\":") + 4, text.length() - 1);
    }

    /** Calls every query, and ignores the answers. */
    int ask(final long sentQ, final View view) {
        out.clear();
        if (topic().knowsChangesSince(sentQ, view) && topic().isChangedSince(sentQ, view)) {
            topic().appendUpdate(out, sentQ, TopicState.LIVE, view);
        }
        topic().appendEntry(out, TopicState.LIVE, view);
        return out.length();
    }

    private void turn() {
        do {
            publisher.flush();
            poller.poll(filler);
        } while (publisher.isBehind());
    }
}
