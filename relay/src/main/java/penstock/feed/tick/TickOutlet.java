package penstock.feed.tick;

import penstock.ring.ConflationClass;
import penstock.ring.Conflator;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.SequenceTracker.Verdict;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.venue.emit.PlainLevels;

/**
 * The last stage: finds repeated and missed events, notes that the topic is fresh, and writes to the ring. Owned by the
 * feed thread.
 */
public final class TickOutlet {
    private final boolean[] isEventChannel;
    private final VenueCounts counts;
    private final TickPublisher publisher;
    private final StaleTopicDetector staleTopics;
    private final Counters counters;
    private final FrameLog log;
    /** Null if levels are published as the venue sends them. */
    private final PlainLevels levels;
    private final EventSequenceTracker events = new EventSequenceTracker();

    public TickOutlet(final Venue venue, final TickPublisher publisher, final StaleTopicDetector staleTopics,
            final Counters counters, final FrameLog log) {
        isEventChannel = new boolean[venue.channels().size()];
        for (int i = 0; i < isEventChannel.length; i++) {
            isEventChannel[i] = venue.channels().get(i).conflation() == ConflationClass.EVENT;
        }
        counts = venue.counts();
        levels = venue.isNormalised() ? new PlainLevels() : null;
        this.publisher = publisher;
        this.staleTopics = staleTopics;
        this.counters = counters;
        this.log = log;
    }

    /** The topic was not subscribed to for a while: the events of that time are not missed. */
    public void forget(final int topic) {
        events.forget(topic);
    }

    /** For updates of the topic that wait. */
    Conflator newConflator(final int topic) {
        return publisher.newConflator(topic);
    }

    boolean isEventChannel(final int channel) {
        return isEventChannel[channel];
    }

    /** A line of a group of connections begins. */
    EventSequenceTracker.Line openLine(final int group) {
        return events.open(group);
    }

    /** The line has ended. */
    void closeLine(final EventSequenceTracker.Line line) {
        events.close(line);
    }

    /** Whether a numbered event goes out; what is missing before it is reported then. */
    boolean isNewEvent(final EventSequenceTracker.Line line, final int channel, final int topic, final Venue rules,
            final UpdateSlice slices, final long nowNs) {
        final long missed = events.missedBefore(line, topic, slices.kind, rules.verdict(), rules.lastNumber(),
            rules.isConsecutive(), nowNs);
        if (missed == EventSequenceTracker.KNOWN) {
            final boolean isRepeated = slices.kind == UpdateKind.SNAPSHOT || rules.verdict() != Verdict.NEXT;
            counters.increment(isRepeated ? Counter.FEED_DUPLICATES : Counter.FEED_ARBITRATED);
            return false;
        }
        if (events.isLate()) {
            counters.increment(Counter.FEED_EVENTS_LATE);
        }
        if (missed > 0) {
            counters.add(Counter.FEED_EVENTS_MISSED, missed);
            counts.onMissed(channel, missed);
            publisher.missed(topic, missed);
        }
        return true;
    }

    void publishEvent(final int channel, final int topic, final long timeUs, final long nowNs,
            final UpdateSlice slices) {
        counters.increment(Counter.FEED_EVENTS);
        counts.onEvent(channel);
        // each event is complete in itself: an event that was missed before takes nothing from it
        slices.kind = UpdateKind.FULL;
        publish(channel, topic, timeUs, nowNs, nowNs, slices);
    }

    /** {@code receivedNs}: when the update arrived; {@code nowNs}: when the line was last read. */
    void publish(final int channel, final int topic, final long timeUs, final long receivedNs, final long nowNs,
            final UpdateSlice slices) {
        staleTopics.onUpdate(channel, topic, nowNs);
        // the checksum of the book has been compared with what the venue sent
        if (levels != null && slices.levels != null) {
            slices.levels = levels.of(slices.levels);
        }
        try {
            publisher.publish(topic, timeUs, receivedNs, slices);
        } catch (IllegalArgumentException e) {
            // too large; the ring has counted it
            log.sample(FrameLog.Kind.FAILED, ": " + e.getMessage(), slices.buffer, slices.payloadOffset,
                slices.payloadLength);
        }
    }
}
