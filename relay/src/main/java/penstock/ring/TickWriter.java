package penstock.ring;

import com.lmax.disruptor.RingBuffer;

/**
 * Writes events into the slots of the ring as far as there is room; it never waits for room. Owned by the feed thread.
 */
final class TickWriter {
    private final RingBuffer<Tick> slots;
    private final PayloadRing payloads;
    private long controlSequence = -1;
    /** The slot that is being written. */
    private long claimed;
    private boolean hasPublished;

    TickWriter(final RingBuffer<Tick> slots, final byte[] payloads) {
        this.slots = slots;
        this.payloads = new PayloadRing(slots, payloads);
    }

    /** Bytes of the largest payload that fits into an empty ring. */
    int maxPayloadBytes() {
        return payloads.maxPayloadBytes();
    }

    /** True if anything was published since the last call. */
    boolean takePublished() {
        final boolean taken = hasPublished;
        hasPublished = false;
        return taken;
    }

    /** Publishes an update as the newest of its topic; false without room for it. */
    boolean writeUpdate(final PendingTopic topic, final UpdateSlice update, final long p, final long timeUs,
            final long receivedNs) {
        if (!announce(topic) || !hasRoom(update.carriedBytes())) {
            return false;
        }
        final Tick tick = claim(Tick.Type.UPDATE);
        tick.topic = topic.id;
        tick.q = topic.q;
        tick.p = p;
        tick.timeUs = timeUs;
        tick.receivedNs = receivedNs;
        tick.kind = update.kind;
        tick.missed = topic.missed;
        topic.missed = 0;
        putPayload(tick, update);
        publish(tick);
        return true;
    }

    /** Publishes a change of a topic's state; false without room for it. */
    boolean writeTopicStatus(final PendingTopicStatus status) {
        if (!announce(status.topic) || !hasRoom(0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.TOPIC_STATUS);
        tick.topic = status.topic.id;
        tick.topicState = status.state;
        tick.reason = status.reason;
        tick.sinceUs = status.sinceUs;
        tick.p = status.p;
        publish(tick);
        return true;
    }

    /** Publishes that a topic is forgotten; false without room for it. */
    boolean writeForgotten(final PendingForgotten forgotten) {
        if (!hasRoom(0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.TOPIC_FORGOTTEN);
        tick.topic = forgotten.topic;
        tick.p = forgotten.p;
        publish(tick);
        return true;
    }

    /** Publishes that a name cannot be served; false without room for it. */
    boolean writeRefusal(final PendingRefusal refusal) {
        if (!hasRoom(refusal.name.length)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.NAME_REFUSED);
        tick.channel = refusal.channel;
        tick.offset = payloads.put(refusal.name, 0, refusal.name.length);
        tick.length = refusal.name.length;
        tick.reason = refusal.reason;
        tick.sinceUs = refusal.sinceUs;
        publish(tick);
        return true;
    }

    /** Publishes a change of the feed's state; false without room for it. */
    boolean writeFeedStatus(final PendingFeedStatus status) {
        if (!hasRoom(0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.FEED_STATUS);
        tick.feed = status.feed;
        tick.feedState = status.state;
        tick.reason = status.reason;
        tick.sinceUs = status.sinceUs;
        tick.retryInMs = status.retryInMs;
        tick.p = status.p;
        publish(tick);
        return true;
    }

    /** Publishes a topic before its first update or state. */
    private boolean announce(final PendingTopic topic) {
        if (topic.isAnnounced) {
            return true;
        }
        if (!hasRoom(topic.symbol.length)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.TOPIC);
        tick.topic = topic.id;
        tick.channel = topic.channel;
        tick.offset = payloads.put(topic.symbol, 0, topic.symbol.length);
        tick.length = topic.symbol.length;
        publish(tick);
        topic.isAnnounced = true;
        return true;
    }

    private boolean hasRoom(final int bytes) {
        return slots.hasAvailableCapacity(1) && payloads.hasRoom(bytes);
    }

    /** Levels go without the payload that they were read from: the shards never send that of an order book. */
    private void putPayload(final Tick tick, final UpdateSlice update) {
        if (update.levels == null) {
            tick.offset = payloads.put(update);
            tick.length = update.payloadLength;
            tick.valueOffset =
                update.isEmitted() ? update.payloadLength : update.valueOffset - update.payloadOffset;
            tick.valueLength = update.publishedLength();
        } else {
            tick.offset = payloads.put(update.levels.buffer(), 0, update.levels.length());
            tick.length = update.levels.length();
            tick.valueOffset = 0;
            tick.valueLength = update.levels.length();
        }
    }

    private Tick claim(final Tick.Type type) {
        claimed = slots.next();
        final Tick tick = slots.get(claimed);
        tick.type = type;
        return tick;
    }

    private void publish(final Tick tick) {
        tick.payloadEnd = payloads.head();
        controlSequence = tick.type == Tick.Type.UPDATE ? controlSequence : claimed;
        tick.controlSequence = controlSequence;
        slots.publish(claimed);
        hasPublished = true;
    }
}
