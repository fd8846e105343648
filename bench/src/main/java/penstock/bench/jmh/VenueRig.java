package penstock.bench.jmh;

import java.util.List;
import penstock.config.VenueSettings;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.venue.VenueListener;
import penstock.venue.rule.ByteTable;

/** A frame's path through the venue's rules into the ring, whose reader only counts. One thread. */
final class VenueRig extends OnlyUpdates {
    private static final int BATCH = 64;

    private final HotFrames frames;
    private final TickPublisher publisher;
    private final TickPoller poller;
    private final ByteTable<Integer> topics = new ByteTable<>();
    private int next;
    private final TickCount read = new TickCount();
    private long updates;

    VenueRig(final String venue) {
        this(venue, VenueSettings.Values.NORMALISED);
    }

    VenueRig(final String venue, final VenueSettings.Values values) {
        frames = new HotFrames(venue, values);
        final TickRing ring = new TickRing(1024, 1 << 20);
        poller = ring.poller(new Counters("fanout-0"));
        publisher = ring.publisher(new Counters("feed"), List.of());
        frames.open(new Matched());
    }

    /** Parses and matches. */
    void match(final VenueListener events) {
        frames.tell(next, events);
        next = next + 1 & HotFrames.COUNT - 1;
    }

    /** Parses, matches, publishes; a batch of frames is read from the ring together. */
    void publish() {
        match(this);
        if ((next & BATCH - 1) == 0) {
            publisher.flush();
            poller.poll(read);
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
        return read.values();
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs,
            final UpdateSlice slices) {
        Integer topic = topics.get(symbol, symbolOffset, symbolLength);
        if (topic == null) {
            topic = publisher.addTopic(channel, symbol, symbolOffset, symbolLength);
            topics.put(symbol, symbolOffset, symbolLength, topic);
        }
        updates++;
        publisher.publish(topic, timeUs, 0, slices);
    }

    /** Takes what a frame means and does nothing with it. */
    static final class Matched extends OnlyUpdates {
        private long sum;

        long sum() {
            return sum + others();
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs,
                final UpdateSlice slices) {
            sum += symbolLength + slices.payloadLength;
        }
    }
}
