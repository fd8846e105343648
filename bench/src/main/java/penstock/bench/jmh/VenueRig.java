package penstock.bench.jmh;

import java.util.List;
import penstock.feed.ControlKind;
import penstock.feed.GapAction;
import penstock.feed.VenueEvents;
import penstock.feed.rules.ByteTable;
import penstock.ring.FeedState;
import penstock.ring.Slices;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;

/** The way of a frame through the venue's rules into the ring, whose reader only moves on. One thread. */
final class VenueRig implements VenueEvents, TickHandler {
    private static final int BATCH = 64;

    private final HotFrames frames;
    private final TickPublisher publisher;
    private final TickPoller poller;
    private final ByteTable<Integer> topics = new ByteTable<>();
    private int next;
    private long updates;
    private long values;
    private long others;

    VenueRig(final String venue) {
        frames = new HotFrames(venue);
        final TickRing ring = new TickRing(1024, 1 << 20);
        poller = ring.poller(new Counters("fanout-0"));
        publisher = ring.publisher(new Counters("feed"), List.of());
        frames.open(new Matched());
    }

    /** Parses and matches. */
    void match(final VenueEvents events) {
        frames.tell(next, events);
        next = next + 1 & HotFrames.COUNT - 1;
    }

    /** Parses, matches, publishes; a batch of frames is read from the ring together. */
    void publish() {
        match(this);
        if ((next & BATCH - 1) == 0) {
            publisher.flush();
            poller.poll(this);
        }
    }

    /** The next frame as bytes. */
    byte[] nextFrame() {
        next = next + 1 & HotFrames.COUNT - 1;
        return frames.frame(next);
    }

    /** Updates published. */
    long updates() {
        return updates;
    }

    /** Updates that came out of the ring. */
    long values() {
        return values;
    }

    /** What was no update, of all that was to be one. */
    long others() {
        return others;
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
            final Slices slices) {
        Integer topic = topics.get(symbol, symbolOffset, symbolLength);
        if (topic == null) {
            topic = publisher.addTopic(channel, symbol, symbolOffset, symbolLength);
            topics.put(symbol, symbolOffset, symbolLength, topic);
        }
        updates++;
        publisher.publish(topic, timeUs, 0, slices);
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        others++;
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        others++;
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        others++;
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        others++;
    }

    @Override
    public void onDuplicate(final int channel) {
        others++;
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final GapAction action,
            final long expected, final long got) {
        others++;
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] lane, final int offset, final int length) {
        // nothing is kept
    }

    @Override
    public void onValue(final Tick tick, final byte[] lane) {
        values++;
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs, final long p) {
    }

    @Override
    public void onFeedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs, final long p) {
        // nothing is kept
    }

    /** Takes what a frame means and does nothing with it. */
    static final class Matched implements VenueEvents {
        private long sum;

        long sum() {
            return sum;
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
                final Slices slices) {
            sum += symbolLength + slices.payloadLength;
        }

        @Override
        public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
            sum++;
        }

        @Override
        public void onUnmatched(final byte[] frame, final int offset, final int length) {
            sum++;
        }

        @Override
        public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
            sum++;
        }

        @Override
        public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
            sum++;
        }

        @Override
        public void onDuplicate(final int channel) {
            sum++;
        }

        @Override
        public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final GapAction action,
                final long expected, final long got) {
            sum++;
        }
    }
}
