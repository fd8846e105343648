package penstock.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;

/**
 * Topics of all classes with fields, fed through a small ring into a small journal, and everything that the feed
 * published for them.
 */
final class JournalRig implements TickHandler {
    /** Published values by sequence, from 1 on: members, or null if the value was no object. */
    final List<List<Map<String, String>>> said = new ArrayList<>();
    /** The position of each sequence that came through the ring. */
    final List<TreeMap<Long, Long>> carried = new ArrayList<>();
    final TopicTable table;
    final Journal journal;
    private final Counters counters = new Counters("feed");
    private final List<Channel> channels =
        List.of(new Channel(0, "trade", "event", true), new Channel(1, "quote", "last-value", false),
        new Channel(2, "stats", "merge", false));
    private final TickRing ring = new TickRing(4, 1 << 20);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher =
        ring.publisher(counters, List.of(), channel -> channels.get(channel).newConflator());
    private final UpdateSlice slices = new UpdateSlice();
    private final TableFiller filler;
    private long lastP;

    JournalRig(final long journalBytes) {
        table = new TopicTable(channels, 7, 0, journalBytes);
        journal = table.journal();
        filler = new TableFiller(table);
    }

    /** Adds a topic that the table knows before its first value. */
    Topic topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        final int id = publisher.addTopic(channel, name, 0, name.length);
        said.add(new ArrayList<>());
        carried.add(new TreeMap<>());
        publisher.topicState(id, TopicState.LIVE, null, 0);
        turn();
        return table.topic(id);
    }

    /** Publishes an update; it is pending in front of the ring if that is full. */
    void publish(final Topic topic, final UpdateKind kind, final String value, final Map<String, String> members) {
        said.get(topic.id()).add(members);
        final byte[] bytes = ('[' + value + ']').getBytes(StandardCharsets.UTF_8);
        slices.set(bytes, 0, bytes.length, 1, bytes.length - 2);
        publish(topic, kind, slices);
    }

    /** Publishes an update of a topic without readers. */
    void publish(final Topic topic, final UpdateKind kind, final UpdateSlice update) {
        update.kind = kind;
        publisher.publish(topic.id(), TickPublisher.NO_TIME, 7, update);
    }

    /** The newest published value of a topic. */
    Map<String, String> newest(final Topic topic) {
        final List<Map<String, String>> all = said.get(topic.id());
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    void turn() {
        do {
            publisher.flush();
            poller.poll(this);
        } while (publisher.isBehind());
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        filler.onTopic(topic, channel, payloads, offset, length, sinceQ);
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        if (tick.p() <= lastP) {
            throw new AssertionError("position " + tick.p() + " behind " + lastP);
        }
        lastP = tick.p();
        if (!said.get(tick.topic()).isEmpty()) {
            carried.get(tick.topic()).put(tick.q(), tick.p());
        }
        filler.onValue(tick, payloads);
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        filler.onTopicState(topic, state, reason, sinceUs, p);
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        filler.onFeedState(feed, state, reason, sinceUs, retryInMs, p);
    }
}
