package penstock.feed.tick;

import penstock.ring.ConflationClass;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;

/**
 * The last stage: counts missed events, notes that the topic is fresh, and writes to the ring. Owned by the feed
 * thread.
 */
public final class TickOutlet {
    private final boolean[] isEventChannel;
    private final VenueCounts counts;
    private final TickPublisher publisher;
    private final StaleTopicDetector staleTopics;
    private final Counters counters;
    private final FrameLog log;
    private final EventSequenceTracker events = new EventSequenceTracker();

    public TickOutlet(final Venue venue, final TickPublisher publisher, final StaleTopicDetector staleTopics,
            final Counters counters, final FrameLog log) {
        isEventChannel = new boolean[venue.channels().size()];
        for (int i = 0; i < isEventChannel.length; i++) {
            isEventChannel[i] = venue.channels().get(i).conflation() == ConflationClass.EVENT;
        }
        counts = venue.counts();
        this.publisher = publisher;
        this.staleTopics = staleTopics;
        this.counters = counters;
        this.log = log;
    }

    /** The topic was not subscribed to for a while: the events of that time are not missed. */
    public void forget(final int topic) {
        events.forget(topic);
    }

    boolean isEventChannel(final int channel) {
        return isEventChannel[channel];
    }

    /** An event goes out; {@code number}: the venue's, if each event of the topic has the next number. */
    void onEvent(final int channel, final int topic, final long number, final UpdateSlice slices) {
        counters.increment(Counter.FEED_EVENTS);
        counts.onEvent(channel);
        final long missed = events.missedBefore(topic, slices.kind, number);
        if (missed > 0) {
            counters.add(Counter.FEED_EVENTS_MISSED, missed);
            counts.onMissed(channel, missed);
            publisher.missed(topic, missed);
        }
        // each event is complete in itself: an event that was missed before takes nothing from it
        slices.kind = UpdateKind.FULL;
    }

    /** {@code receivedNs}: when the update arrived; {@code nowNs}: when the line was last read. */
    void publish(final int channel, final int topic, final long timeUs, final long receivedNs, final long nowNs,
            final UpdateSlice slices) {
        staleTopics.onUpdate(channel, topic, nowNs);
        try {
            publisher.publish(topic, timeUs, receivedNs, slices);
        } catch (IllegalArgumentException e) {
            // too large; the ring has counted it
            log.sample(FrameLog.Kind.FAILED, ": " + e.getMessage(), slices.buffer, slices.payloadOffset,
                slices.payloadLength);
        }
    }
}
