package penstock.ring;

import com.lmax.disruptor.RingBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * The writing end of the ring: numbers every update of the feed ({@code q} within its topic, {@code p} over all) and
 * publishes it.
 *
 * <p>It never blocks. When the ring is full updates wait here, in front of it, one per topic: how a newer one is folded
 * into it is for the {@link Conflator} of the topic's channel. {@code q} and {@code p} count the folded ones too, so
 * every subscriber's ledger shows them as conflated. What cannot be folded is dropped, counted, and told to the shards
 * with the next update that reaches them. Order is kept: as long as anything waits, everything new waits behind it.
 *
 * <p>One publisher for the life of the ring. Owned by the feed thread.
 */
public final class TickPublisher {
    /** The time of an update to which the feed gives none. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private final RingBuffer<Tick> slots;
    private final PayloadRing payloads;
    private final Counters counters;
    private final Runnable[] wakes;
    private final IntFunction<Conflator> conflators;
    private final List<ConflationQueue.Topic> topics = new ArrayList<>();
    private final ConflationQueue waiting = ConflationQueue.sentinel();
    private final UpdateSlice waited = new UpdateSlice();
    private long position;
    private long news = -1;
    private boolean published;

    TickPublisher(final RingBuffer<Tick> slots, final byte[] payloads, final Counters counters, final Runnable[] wakes,
                  final IntFunction<Conflator> conflators) {
        this.slots = slots;
        this.payloads = new PayloadRing(slots, payloads);
        this.counters = counters;
        this.wakes = wakes;
        this.conflators = conflators;
    }

    /**
     * A new topic; its symbol is unescaped UTF-8. Returns its dense number, from 0. The shards learn it with its first
     * value or state.
     */
    public int addTopic(final int channel, final byte[] symbol, final int offset, final int length) {
        topics.add(new ConflationQueue.Topic(topics.size(), channel,
            Arrays.copyOfRange(symbol, offset, offset + length)));
        return topics.size() - 1;
    }

    /**
     * An update. The bytes are copied; {@code timeUs} may be {@link #NO_TIME}. The shards see it at the latest after
     * {@link #flush()}.
     */
    public void publish(final int topic, final long timeUs, final long receivedNs, final UpdateSlice slices) {
        final int bytes = slices.carriedBytes();
        if (bytes > payloads.largest()) {
            counters.increment(Counter.RING_TOO_LARGE);
            throw new IllegalArgumentException("an update of " + bytes
                + " bytes: ring.bytes must be at least twice that");
        }
        final ConflationQueue.Topic entry = topics.get(topic);
        if (entry.lost != 0) {
            takeLost(entry);
        }
        entry.q++;
        position++;
        if (waiting.next == waiting && announce(entry) && hasRoom(1, bytes)) {
            put(entry, slices, timeUs, receivedNs, position);
        } else {
            publishSlowly(entry, timeUs, receivedNs, slices);
        }
    }

    /**
     * So many updates of the topic never came: they count as if they had been dropped here right before its next one,
     * in {@code q} and {@code p} and in what the shards are told. Without a next one nothing shows.
     */
    public void missed(final int topic, final long updates) {
        topics.get(topic).lost += updates;
    }

    /**
     * The state of one topic, told to every shard in its place between the updates, at the latest after
     * {@link #flush()}. An update that is published later makes the topic live again by itself. {@code reason} is a
     * short word or sentence for the subscriber, or null.
     */
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs) {
        final ConflationQueue.Topic entry = topics.get(topic);
        final ConflationQueue.Mark mark = new ConflationQueue.Mark(entry, state, reason, sinceUs, position);
        if (waiting.next == waiting) {
            if (putMark(mark)) {
                return;
            }
            counters.increment(Counter.RING_FULL);
        }
        if (entry.mark != null) {
            entry.mark.unlink();
        }
        entry.mark = mark;
        waiting.append(mark);
    }

    /**
     * The feed's state, told to every shard in its place between the updates. {@code retryInMs} is negative when
     * unknown.
     */
    public void feedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs) {
        waiting.append(new ConflationQueue.State(state, reason, sinceUs, retryInMs, position));
        flush();
    }

    /**
     * The end of a batch: publishes what waits, as far as there is room, and wakes the shards if anything was published
     * since.
     */
    public void flush() {
        boolean room = true;
        while (room && waiting.next != waiting) {
            room = publishWaiting(waiting.next);
        }
        if (published) {
            published = false;
            for (final Runnable wake : wakes) {
                wake.run();
            }
        }
    }

    /**
     * True while something waits in front of a full ring: {@link #flush()} must be called again soon, about each
     * millisecond.
     */
    public boolean isBehind() {
        return waiting.next != waiting;
    }

    /** The position of the newest update. */
    public long position() {
        return position;
    }

    private void takeLost(final ConflationQueue.Topic entry) {
        entry.q += entry.lost;
        position += entry.lost;
        entry.missed += entry.lost;
        entry.lost = 0;
    }

    private void publishSlowly(final ConflationQueue.Topic entry, final long timeUs, final long receivedNs,
            final UpdateSlice slices) {
        if (waiting.next == waiting) {
            counters.increment(Counter.RING_FULL);
        }
        if (entry.folding == null) {
            entry.folding = conflators.apply(entry.channel);
        }
        if (entry.isWaiting()) {
            entry.unlink();
            if (entry.folding.keepsAll()) {
                counters.increment(Counter.RING_CONFLATED);
            } else {
                counters.increment(Counter.RING_DROPPED);
                entry.missed++;
            }
        }
        entry.keep(position, timeUs, receivedNs, slices);
        waiting.append(entry);
        if (!entry.folding.fits(payloads.largest())) {
            drop(entry);
        }
    }

    /**
     * What waits has become larger than the ring can ever carry: an empty change goes instead, which says how much is
     * missing.
     */
    private void drop(final ConflationQueue.Topic entry) {
        counters.increment(Counter.RING_TOO_LARGE);
        counters.add(Counter.RING_DROPPED, entry.folded);
        entry.missed += entry.folded;
        entry.folded = 0;
        entry.folding.clear();
    }

    private boolean publishWaiting(final ConflationQueue first) {
        if (first instanceof ConflationQueue.Topic entry) {
            entry.folding.writeTo(waited);
            if (!announce(entry) || !hasRoom(1, waited.carriedBytes())) {
                return false;
            }
            put(entry, waited, entry.timeUs, entry.receivedNs, entry.p);
            entry.forget();
        } else if (first instanceof ConflationQueue.Mark mark) {
            if (!putMark(mark)) {
                return false;
            }
            mark.topic.mark = null;
        } else if (first instanceof ConflationQueue.State change) {
            if (!hasRoom(1, 0)) {
                return false;
            }
            putState(change);
        }
        first.unlink();
        return true;
    }

    private boolean announce(final ConflationQueue.Topic entry) {
        if (entry.announced) {
            return true;
        }
        if (!hasRoom(1, entry.symbol.length)) {
            return false;
        }
        final long sequence = slots.next();
        final Tick tick = slots.get(sequence);
        tick.kind = Tick.Kind.TOPIC;
        tick.topic = entry.id;
        tick.channel = entry.channel;
        tick.offset = payloads.put(entry.symbol, 0, entry.symbol.length);
        tick.length = entry.symbol.length;
        publish(sequence, tick);
        entry.announced = true;
        return true;
    }

    private boolean hasRoom(final int slotCount, final int bytes) {
        return slots.hasAvailableCapacity(slotCount) && payloads.hasRoom(bytes);
    }

    private void put(final ConflationQueue.Topic entry, final UpdateSlice slices, final long timeUs,
            final long receivedNs, final long p) {
        final long sequence = slots.next();
        final Tick tick = slots.get(sequence);
        tick.kind = Tick.Kind.VALUE;
        tick.topic = entry.id;
        tick.q = entry.q;
        tick.p = p;
        tick.timeUs = timeUs;
        tick.receivedNs = receivedNs;
        tick.update = slices.update;
        tick.missed = entry.missed;
        entry.missed = 0;
        if (slices.levels == null) {
            tick.offset = payloads.put(slices.buffer, slices.payloadOffset, slices.payloadLength);
            tick.length = slices.payloadLength;
            tick.valueOffset = slices.valueOffset - slices.payloadOffset;
            tick.valueLength = slices.valueLength;
        } else {
            putLevels(tick, slices.levels);
        }
        publish(sequence, tick);
    }

    /** Levels go without the payload that they were read from: nobody behind the ring is sent it. */
    private void putLevels(final Tick tick, final LevelBuffer levels) {
        tick.offset = payloads.put(levels.buffer(), 0, levels.length());
        tick.length = levels.length();
        tick.valueOffset = 0;
        tick.valueLength = levels.length();
    }

    private boolean putMark(final ConflationQueue.Mark mark) {
        if (!announce(mark.topic) || !hasRoom(1, 0)) {
            return false;
        }
        final long sequence = slots.next();
        final Tick tick = slots.get(sequence);
        tick.kind = Tick.Kind.TOPIC_STATE;
        tick.topic = mark.topic.id;
        tick.topicState = mark.state;
        tick.reason = mark.reason;
        tick.sinceUs = mark.sinceUs;
        tick.p = mark.p;
        publish(sequence, tick);
        return true;
    }

    private void putState(final ConflationQueue.State change) {
        final long sequence = slots.next();
        final Tick tick = slots.get(sequence);
        tick.kind = Tick.Kind.STATE;
        tick.state = change.state;
        tick.reason = change.reason;
        tick.sinceUs = change.sinceUs;
        tick.retryInMs = change.retryInMs;
        tick.p = change.p;
        publish(sequence, tick);
    }

    private void publish(final long sequence, final Tick tick) {
        tick.payloadEnd = payloads.head();
        news = tick.kind == Tick.Kind.VALUE ? news : sequence;
        tick.news = news;
        slots.publish(sequence);
        published = true;
    }
}
