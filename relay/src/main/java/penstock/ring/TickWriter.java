package penstock.ring;

import com.lmax.disruptor.RingBuffer;

/**
 * Writes events into the slots of the ring as far as there is room; it never waits for room. Owned by the feed thread.
 */
final class TickWriter {
    private final RingBuffer<Tick> slots;
    private final PayloadRing payloads;
    /** Null while there is one feed. */
    private RingShares shares;
    private long controlSequence = -1;
    /** The slot that is being written. */
    private long claimed;
    /** Where the payload of the newest slot ends. */
    private long writtenEnd;
    private boolean hasPublished;
    /** Everything up to this position is there, of another relay. */
    private long completeP;
    /** What the ring says of it. */
    private long saidP;

    /** For one feed, which may take all of the ring, or for several, which share it. */
    TickWriter(final RingBuffer<Tick> slots, final byte[] payloads, final int feeds) {
        this.slots = slots;
        this.payloads = new PayloadRing(slots, payloads);
        shares = feeds == 1 ? null : new RingShares(slots, payloads.length, feeds);
    }

    /** From now on there are as many {@code places} of feeds, and the feeds that are {@code running} share the ring. */
    void share(final int places, final int running) {
        if (shares == null) {
            shares = new RingShares(slots, payloads.length(), 1);
            writtenEnd = payloads.head();
        }
        shares.share(places, running);
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

    /**
     * Publishes an update as the newest of its topic; false without room for it. {@code nowNs}: 0 if it is not
     * measured.
     */
    boolean writeUpdate(final PublishedTopic topic, final UpdateSlice update, final long p, final long timeUs,
            final long receivedNs, final long nowNs) {
        if (!announce(topic) || !hasRoom(topic.feed, update.carriedBytes())) {
            return false;
        }
        final Tick tick = claim(Tick.Type.UPDATE, topic.feed);
        tick.topic = topic.id;
        tick.q = topic.q;
        tick.p = p;
        tick.timeUs = timeUs;
        tick.receivedNs = receivedNs;
        tick.publishedNs = nowNs;
        tick.kind = update.kind;
        tick.missed = topic.missed;
        topic.missed = 0;
        putPayload(tick, update);
        publish(tick);
        return true;
    }

    /** Publishes what is no update, at a position; false without room for it. */
    boolean write(final PendingEntry event, final long p) {
        if (event instanceof PendingEntry.TopicStatus status) {
            return writeTopicStatus(status, p);
        }
        if (event instanceof PendingEntry.FeedStatus status) {
            return writeFeedStatus(status, p);
        }
        if (event instanceof PendingEntry.Forgotten forgotten) {
            return writeOf(Tick.Type.TOPIC_FORGOTTEN, forgotten, forgotten.topic, p);
        }
        if (event instanceof PendingEntry.Confirmed confirmed) {
            return writeOf(Tick.Type.TOPIC_CONFIRMED, confirmed, confirmed.topic, p);
        }
        if (event instanceof PendingEntry.Refusal refusal) {
            return writeRefusal(refusal);
        }
        return event instanceof PendingEntry.Epoch epoch ? writeEpoch(epoch.begun)
            : writeIntroduction(((PendingEntry.Introduction) event).introduced);
    }

    /** Publishes a change of a topic's state; false without room for it. */
    private boolean writeTopicStatus(final PendingEntry.TopicStatus status, final long p) {
        if (!announce(status.topic) || !hasRoom(status.feed, 0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.TOPIC_STATUS, status.feed);
        tick.topic = status.topic.id;
        tick.topicState = status.state;
        tick.reason = status.reason;
        tick.sinceUs = status.sinceUs;
        tick.p = p;
        publish(tick);
        return true;
    }

    /** Publishes an event of a topic that is no more than that; false without room for it. */
    private boolean writeOf(final Tick.Type type, final PendingEntry event, final int topic, final long p) {
        if (!hasRoom(event.feed, 0)) {
            return false;
        }
        final Tick tick = claim(type, event.feed);
        tick.topic = topic;
        tick.p = p;
        publish(tick);
        return true;
    }

    /** Publishes that a name cannot be served; false without room for it. */
    private boolean writeRefusal(final PendingEntry.Refusal refusal) {
        if (!hasRoom(refusal.feed, refusal.name.length)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.NAME_REFUSED, refusal.feed);
        tick.channel = refusal.channel;
        tick.offset = payloads.put(refusal.name, 0, refusal.name.length);
        tick.length = refusal.name.length;
        tick.reason = refusal.reason;
        tick.sinceUs = refusal.sinceUs;
        publish(tick);
        return true;
    }

    /** Publishes that a feed comes; false without room for it. */
    private boolean writeIntroduction(final FeedIntroduction introduction) {
        if (!hasRoom(introduction.number(), 0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.FEED, introduction.number());
        tick.introduction = introduction;
        publish(tick);
        return true;
    }

    /** Publishes that the numbers of another relay begin; false without room for it. */
    private boolean writeEpoch(final RelayedEpoch begun) {
        if (!hasRoom(0, 0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.EPOCH, 0);
        tick.relayed = begun;
        publish(tick);
        return true;
    }

    /** Positions begin again: with {@code isRelayed} those of another relay, of which nothing is complete yet. */
    void begin(final boolean isRelayed) {
        completeP = 0;
        saidP = isRelayed ? -1 : 0;
    }

    /** Everything up to {@code p} was written, or waits in front of the ring. */
    void complete(final long p) {
        completeP = p;
    }

    /** Whether the ring does not say yet how far it is complete. */
    boolean owesComplete() {
        return completeP > saidP;
    }

    /** The ring says how far it is complete: if that is new, nothing {@code isBehind}, and there is room. */
    void writeComplete(final boolean isBehind) {
        if (!isBehind && owesComplete() && hasRoom(0, 0)) {
            claim(Tick.Type.COMPLETE, 0).p = completeP;
            saidP = completeP;
            publish(slots.get(claimed));
        }
    }

    /** Publishes a change of the feed's state; false without room for it. */
    private boolean writeFeedStatus(final PendingEntry.FeedStatus status, final long p) {
        if (!hasRoom(status.feed, 0)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.FEED_STATUS, status.feed);
        tick.feedState = status.state;
        tick.reason = status.reason;
        tick.sinceUs = status.sinceUs;
        tick.retryInMs = status.retryInMs;
        // another relay may take back that it was lost later
        tick.p = status.p >= 0 ? status.p : p;
        publish(tick);
        return true;
    }

    /** Publishes a topic before its first update or state. */
    private boolean announce(final PublishedTopic topic) {
        if (topic.isAnnounced) {
            return true;
        }
        if (!hasRoom(topic.feed, topic.symbol.length)) {
            return false;
        }
        final Tick tick = claim(Tick.Type.TOPIC, topic.feed);
        tick.q = topic.sinceQ;
        tick.topic = topic.id;
        tick.channel = topic.channel;
        tick.offset = payloads.put(topic.symbol, 0, topic.symbol.length);
        tick.length = topic.symbol.length;
        publish(tick);
        topic.isAnnounced = true;
        return true;
    }

    private boolean hasRoom(final int feed, final int bytes) {
        return slots.hasAvailableCapacity(1) && payloads.hasRoom(bytes)
            && (shares == null || shares.hasRoom(feed, bytes));
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

    private Tick claim(final Tick.Type type, final int feed) {
        claimed = slots.next();
        if (shares != null) {
            shares.onClaimed(claimed);
        }
        final Tick tick = slots.get(claimed);
        tick.clearRare();
        tick.type = type;
        tick.feed = feed;
        return tick;
    }

    private void publish(final Tick tick) {
        tick.payloadEnd = payloads.head();
        if (shares != null) {
            shares.onWritten(tick.feed, tick.payloadEnd - writtenEnd);
            writtenEnd = tick.payloadEnd;
        }
        controlSequence =
            tick.type == Tick.Type.UPDATE || tick.type == Tick.Type.COMPLETE ? controlSequence : claimed;
        tick.controlSequence = controlSequence;
        slots.publish(claimed);
        hasPublished = true;
    }
}
