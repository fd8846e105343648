package penstock.ring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.agrona.collections.IntArrayQueue;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.LatencyRecorder;
import penstock.thread.ThreadOwner;

/**
 * The writing end of the ring: numbers every update of the feeds ({@code q} within its topic, {@code p} over all) and
 * publishes it.
 *
 * <p>It never blocks. While the ring is full, or a feed has its share of it, updates of the feed are pending in front
 * of it, one entry per topic: the {@link Conflator} of the topic's channel conflates a newer update into the entry.
 * {@code q} and {@code p} count the conflated updates too, so every subscriber sees their number; {@code p} is given
 * when an update goes into the ring, and grows there. Updates that cannot be conflated are dropped and counted, and the
 * topic's next update reports them to the shards. The order of a feed is kept: while anything of it is pending,
 * everything new is queued behind it.
 *
 * <p>One publisher for the life of the ring. Owned by the feed thread.
 */
public final class TickPublisher {
    /** The time of an update without a time of the venue. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** A reading of the clock costs as much as a part of an update. No feed has topics in turns of 17. */
    private static final int MEASURED_OF = 17;

    /** Follows what feeds publish, in its order; it may publish itself. Called on the feed thread. */
    public interface Tap {
        /** An update of a topic was published. The slice is valid during the call. */
        void onUpdate(int topic, int channel, byte[] symbol, long timeUs, long receivedNs, UpdateSlice update);

        /** The state of a topic was published. */
        void onTopicState(int topic, TopicState state, String reason, long sinceUs);

        /** The state of a feed was published. */
        void onFeedState(int feed, FeedState state, String reason, long sinceUs);

        /** A topic is forgotten; its number is used again. */
        void onForgotten(int topic);
    }

    /** Learns the states of feeds as they are published. Called on the feed thread; must not wait. */
    @FunctionalInterface
    public interface FeedWatcher {
        /** The feed has this state now; {@code reason} may be null. */
        void onFeedState(int feed, FeedState state, String reason);
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final TickWriter writer;
    private final Counters counters;
    private final Runnable[] wakeUps;
    private final IntFunction<Conflator> conflators;
    /** By number; null at a free one. */
    private final List<PendingTopic> topics = new ArrayList<>();
    /** Numbers of forgotten topics, the one that is free the longest first. */
    private final IntArrayQueue free = new IntArrayQueue();
    private final PublishedFeeds feeds;
    private final UpdateSlice conflated = new UpdateSlice();
    private long position;
    /** Null without one. */
    private Tap tap;
    private FeedWatcher watcher = (feed, state, reason) -> { };
    /** Null if nothing is measured. */
    private LatencyRecorder ingest;
    private LongSupplier nanoTime;
    private int untilMeasured = MEASURED_OF;

    TickPublisher(final TickWriter writer, final Counters counters, final Runnable[] wakeUps,
            final IntFunction<Conflator> conflators, final int[] feedOfChannel) {
        this.writer = writer;
        this.counters = counters;
        this.wakeUps = wakeUps;
        this.conflators = conflators;
        feeds = new PublishedFeeds(feedOfChannel);
    }

    /** What follows; before the first update, or never. */
    public void tap(final Tap follower) {
        tap = follower;
    }

    /** Who learns the states of the feeds; before the first one, or never. */
    public void watch(final FeedWatcher learning) {
        watcher = learning;
    }

    /**
     * Records the time from the receipt of an update until it is in the ring, for one of 17 and for each that waited in
     * front of it; the shards see when that was. Before the first update, or never.
     */
    public void measure(final LatencyRecorder recorder, final LongSupplier clock) {
        ingest = recorder;
        nanoTime = clock;
    }

    /** A feed comes, or begins again in a place whose topics are forgotten; it has a share of the ring. */
    public void introduce(final FeedIntroduction feed) {
        assert owner.check();
        if (feed.number() < feeds.places()) {
            onFeedState(feed.number(), FeedState.STALE, FeedIntroduction.WAITING, feed.sinceUs());
            topics.stream().filter(topic -> topic != null && topic.feed == feed.number()).toList()
                .forEach(topic -> forgetTopic(topic.id));
        }
        feeds.add(feed);
        writer.share(feeds.places(), feeds.running());
        flush();
    }

    /** A feed has ended for good, unless it is introduced again: its share of the ring is for the others. */
    public void retire(final int feed) {
        assert owner.check();
        feeds.retire(feed);
        writer.share(feeds.places(), feeds.running());
    }

    /**
     * Adds a topic; its symbol is unescaped UTF-8. The shards learn of the topic with its first update or state.
     *
     * @return its dense number, from 0: the number of a forgotten topic if there is one
     */
    public int addTopic(final int channel, final byte[] symbol, final int offset, final int length) {
        assert owner.check();
        final int id = free.isEmpty() ? topics.size() : free.pollInt();
        final PendingTopic topic = new PendingTopic(feeds.feed(channel), id, channel,
            Arrays.copyOfRange(symbol, offset, offset + length));
        if (id == topics.size()) {
            topics.add(topic);
        } else {
            topics.set(id, topic);
        }
        return id;
    }

    /**
     * Forgets a topic: its pending updates are dropped, and nothing of it may be published any more. The shards learn
     * of it in its place between the updates, at the latest with the next {@link #flush()}. Its number is used again.
     */
    public void forgetTopic(final int topic) {
        assert owner.check();
        final PendingTopic entry = topics.set(topic, null);
        if (tap != null) {
            tap.onForgotten(topic);
        }
        final ConflationQueue pending = feeds.pending(entry.feed);
        if (entry.isQueued()) {
            pending.remove(entry);
            counters.add(Counter.RING_DROPPED, entry.conflated);
        }
        if (entry.status != null) {
            pending.remove(entry.status);
        }
        if (!entry.isAnnounced) {
            free.addInt(topic);
            return;
        }
        final PendingEntry.Forgotten forgotten = new PendingEntry.Forgotten(entry.feed, topic);
        if (pending.isEmpty() && writer.writeForgotten(forgotten, position)) {
            free.addInt(topic);
        } else {
            pending.append(forgotten);
        }
    }

    /**
     * Publishes that a name without a topic cannot be served, at the latest with the next {@link #flush()}: the shards
     * with subscriptions that name it tell them.
     *
     * @param name   unescaped UTF-8; not copied
     * @param reason a short word or sentence for the subscriber
     */
    public void refuse(final int channel, final byte[] name, final String reason, final long sinceUs) {
        assert owner.check();
        final PendingRefusal refusal = new PendingRefusal(feeds.feed(channel), channel, name, reason, sinceUs);
        final ConflationQueue pending = feeds.pending(refusal.feed);
        if (!pending.isEmpty() || !writer.writeRefusal(refusal)) {
            pending.append(refusal);
        }
    }

    /**
     * Publishes an update, at the latest with the next {@link #flush()}. The bytes are copied; {@code timeUs} may be
     * {@link #NO_TIME}.
     *
     * @throws IllegalArgumentException if the update is larger than the ring can carry
     */
    public void publish(final int topic, final long timeUs, final long receivedNs, final UpdateSlice update) {
        assert owner.check();
        final int bytes = update.carriedBytes();
        if (bytes > writer.maxPayloadBytes()) {
            counters.increment(Counter.RING_TOO_LARGE);
            throw new IllegalArgumentException("update of " + bytes
                + " bytes is too large: ring.bytes must be at least twice that");
        }
        final PendingTopic entry = topics.get(topic);
        if (entry.uncounted != 0) {
            countMissed(entry);
        }
        entry.q++;
        entry.unnumbered++;
        if (!feeds.pending(entry.feed).isEmpty() || !write(entry, update, timeUs, receivedNs, isMeasured())) {
            publishSlowly(entry, timeUs, receivedNs, update);
        }
        if (tap != null) {
            tap.onUpdate(topic, entry.channel, entry.symbol, timeUs, receivedNs, update);
        }
    }

    /** Conflates updates of the topic that wait before they are published. */
    public Conflator newConflator(final int topic) {
        assert owner.check();
        return conflators.apply(topics.get(topic).channel);
    }

    /**
     * Counts updates of the topic that never reached the relay. They precede the topic's next update in {@code q} and
     * {@code p}, and it reports them as missed; without a next update they stay invisible.
     */
    public void missed(final int topic, final long updates) {
        assert owner.check();
        topics.get(topic).uncounted += updates;
    }

    /**
     * Publishes the state of one topic, in its place between the updates, at the latest with the next
     * {@link #flush()}. A later update makes the topic live again by itself. {@code reason} is a short word or sentence
     * for the subscriber, or null.
     */
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs) {
        assert owner.check();
        publish(topics.get(topic), state, reason, sinceUs);
        if (tap != null) {
            tap.onTopicState(topic, state, reason, sinceUs);
        }
    }

    private void publish(final PendingTopic entry, final TopicState state, final String reason, final long sinceUs) {
        final PendingTopicStatus status = new PendingTopicStatus(entry, state, reason, sinceUs);
        final ConflationQueue pending = feeds.pending(entry.feed);
        if (pending.isEmpty()) {
            if (writer.writeTopicStatus(status, position)) {
                return;
            }
            counters.increment(Counter.RING_FULL);
        }
        if (entry.status != null) {
            pending.remove(entry.status);
        }
        entry.status = status;
        pending.append(status);
    }

    /**
     * Publishes the state of the feed with that number, in its place between its updates. {@code retryInMs} is negative
     * when unknown.
     */
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs) {
        assert owner.check();
        feeds.pending(feed).append(new PendingFeedStatus(feed, state, reason, sinceUs, retryInMs));
        flush();
        onFeedState(feed, state, reason, sinceUs);
    }

    private void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs) {
        watcher.onFeedState(feed, state, reason);
        if (tap != null) {
            tap.onFeedState(feed, state, reason, sinceUs);
        }
    }

    /**
     * Ends a batch: publishes what is pending as far as there is room, and wakes the shards if anything was published
     * since the last call.
     */
    public void flush() {
        assert owner.check();
        for (int feed = 0; feed < feeds.places(); feed++) {
            final ConflationQueue pending = feeds.pending(feed);
            while (!pending.isEmpty() && publishPending(pending.first())) {
                pending.remove(pending.first());
            }
        }
        if (writer.takePublished()) {
            for (final Runnable wakeUp : wakeUps) {
                wakeUp.run();
            }
        }
    }

    /** True while anything is pending: {@link #flush()} must be called again soon, about each millisecond. */
    public boolean isBehind() {
        return feeds.isBehind();
    }

    /** The position of the newest update in the ring. */
    public long position() {
        return position;
    }

    /** Writes an update, and gives positions to it and to those before it that it stands for. */
    private boolean write(final PendingTopic entry, final UpdateSlice update, final long timeUs,
            final long receivedNs, final boolean isMeasured) {
        final long p = position + entry.unnumbered;
        final long nowNs = isMeasured ? nanoTime.getAsLong() : 0;
        if (!writer.writeUpdate(entry, update, p, timeUs, receivedNs, nowNs)) {
            return false;
        }
        if (isMeasured) {
            ingest.recordNs(nowNs - receivedNs);
        }
        position = p;
        entry.unnumbered = 0;
        return true;
    }

    private boolean isMeasured() {
        final boolean isMeasured = ingest != null && --untilMeasured <= 0;
        untilMeasured = isMeasured ? MEASURED_OF : untilMeasured;
        return isMeasured;
    }

    private void countMissed(final PendingTopic entry) {
        entry.q += entry.uncounted;
        entry.unnumbered += entry.uncounted;
        entry.missed += entry.uncounted;
        entry.uncounted = 0;
    }

    private void publishSlowly(final PendingTopic entry, final long timeUs, final long receivedNs,
            final UpdateSlice update) {
        final ConflationQueue pending = feeds.pending(entry.feed);
        if (pending.isEmpty()) {
            counters.increment(Counter.RING_FULL);
        }
        if (entry.conflator == null) {
            entry.conflator = conflators.apply(entry.channel);
        }
        if (entry.isQueued()) {
            pending.remove(entry);
            if (entry.conflator.dropsReplaced()) {
                counters.increment(Counter.RING_DROPPED);
                entry.missed++;
            } else {
                counters.increment(Counter.RING_CONFLATED);
            }
        }
        entry.conflate(update, timeUs, receivedNs);
        pending.append(entry);
        if (!entry.conflator.fits(writer.maxPayloadBytes())) {
            drop(entry);
        }
    }

    /** The conflated update is larger than the ring can carry: an empty change that reports the loss goes instead. */
    private void drop(final PendingTopic entry) {
        counters.increment(Counter.RING_TOO_LARGE);
        counters.add(Counter.RING_DROPPED, entry.conflated);
        entry.missed += entry.conflated;
        entry.clear();
    }

    private boolean publishPending(final PendingEntry first) {
        if (first instanceof PendingTopic entry) {
            entry.conflator.writeTo(conflated);
            if (!write(entry, conflated, entry.timeUs, entry.receivedNs, ingest != null)) {
                return false;
            }
            entry.clear();
            return true;
        }
        if (first instanceof PendingTopicStatus status) {
            if (!writer.writeTopicStatus(status, position)) {
                return false;
            }
            status.topic.status = null;
            return true;
        }
        if (first instanceof PendingEntry.Forgotten forgotten) {
            if (!writer.writeForgotten(forgotten, position)) {
                return false;
            }
            free.addInt(forgotten.topic);
            return true;
        }
        if (first instanceof PendingEntry.Introduction coming) {
            return feeds.publish(coming.introduced, writer);
        }
        return first instanceof PendingRefusal refusal ? writer.writeRefusal(refusal)
            : writer.writeFeedStatus((PendingFeedStatus) first, position);
    }
}
