package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import penstock.ring.Conflator;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;

/** A ring that records the events at its reading end. */
public final class RecordedRing implements TickHandler {
    public final Telemetry telemetry = new Telemetry();
    final Counters counters = telemetry.counters("feed");
    public final TickPublisher publisher;
    public final List<String> all = new CopyOnWriteArrayList<>();
    private final TickPoller poller;

    public RecordedRing(final int slots) {
        this(slots, 64 << 20);
    }

    public RecordedRing(final int slots, final int bytes) {
        this(slots, bytes, channel -> Conflator.lastValue());
    }

    /** {@code conflators}: by channel. */
    public RecordedRing(final int slots, final int bytes, final IntFunction<Conflator> conflators) {
        final TickRing ring = new TickRing(slots, bytes);
        poller = ring.poller(counters);
        publisher = ring.publisher(counters, List.of(), conflators);
    }

    /** The events since the last call. Always called from the same thread. */
    public List<String> news() {
        final int start = all.size();
        poller.poll(this);
        return List.copyOf(all.subList(start, all.size()));
    }

    public void poll(final TickHandler handler) {
        poller.poll(handler);
    }

    public long count(final Counter counter) {
        return counters.get(counter);
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        all.add("topic " + topic + " = " + channel + " "
            + new String(payloads, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        all.add(tick.topic() + " "
            + new String(payloads, tick.offset() + tick.valueOffset(), tick.valueLength(), StandardCharsets.UTF_8));
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        all.add(topic + " " + state + " " + reason);
    }

    @Override
    public void onTopicForgotten(final int topic, final long p) {
        all.add(topic + " forgotten");
    }

    @Override
    public void onNameRefused(final int channel, final byte[] payloads, final int offset, final int length,
            final String reason, final long sinceUs) {
        all.add("refused " + channel + " " + new String(payloads, offset, length, StandardCharsets.UTF_8) + ": "
            + reason);
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        all.add(state + " " + reason);
    }
}
