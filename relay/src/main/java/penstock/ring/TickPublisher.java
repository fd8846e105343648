package penstock.ring;

import java.util.function.IntFunction;
import java.util.function.LongSupplier;
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
    /** A state changed at the position of the newest update in the ring. */
    private static final long HERE = -1;
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
    public interface FeedWatcher {
        /** The feed has this state now; {@code reason} may be null. */
        void onFeedState(int feed, FeedState state, String reason);
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final TickWriter writer;
    private final Counters counters;
    private final Runnable[] wakeUps;
    private final IntFunction<Conflator> conflators;
    private final PublishedTopics topics = new PublishedTopics();
    private final PublishedFeeds feeds;
    private final UpdateSlice conflated = new UpdateSlice();
    private long position;
    /** Null without one. */
    private Tap tap;
    private FeedWatcher watcher = (feed, state, reason) -> { };
    private final IngestMeter ingest = new IngestMeter();

    TickPublisher(final TickWriter writer, final Counters counters, final Runnable[] wakeUps,
            final IntFunction<Conflator> conflators, final int[] feedOfChannel) {
        this.writer = writer;
        this.counters = counters;
        this.wakeUps = wakeUps;
        this.conflators = conflators;
        feeds = new PublishedFeeds(feedOfChannel);
    }

    /** What follows; before the first update of an epoch, or never. Null = nothing does. */
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
        ingest.measure(recorder, clock);
    }

    /** A feed comes, or begins again in a place whose topics are forgotten; it has a share of the ring. */
    public void introduce(final FeedIntroduction feed) {
        assert owner.check();
        if (feed.number() < feeds.places()) {
            onFeedState(feed.number(), FeedState.STALE, FeedIntroduction.WAITING, feed.sinceUs());
            topics.of(feed.number()).forEach(topic -> forgetTopic(topic.id));
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
        return topics.add(feeds.feed(channel), channel, symbol, offset, length);
    }

    /**
     * Forgets a topic: its pending updates are dropped, and nothing of it may be published any more. The shards learn
     * of it in its place between the updates, at the latest with the next {@link #flush()}. Its number is used again.
     */
    public void forgetTopic(final int topic) {
        forgetTopic(topic, HERE);
    }

    /** The same at position {@code p} of another relay. */
    public void forgetTopic(final int topic, final long p) {
        assert owner.check();
        final PublishedTopic entry = topics.remove(topic);
        if (tap != null) {
            tap.onForgotten(topic);
        }
        counters.add(Counter.RING_DROPPED, feeds.pending(entry.feed).drop(entry));
        if (!entry.isAnnounced) {
            topics.free(topic);
            return;
        }
        publish(new PendingEntry.Forgotten(entry.feed, topic, p));
    }

    /**
     * Publishes that a name without a topic cannot be served, in unescaped UTF-8 that is not copied, and why, in a
     * short sentence for subscribers: at the latest with the next {@link #flush()}.
     */
    public void refuse(final int channel, final byte[] name, final String reason, final long sinceUs) {
        assert owner.check();
        publish(new PendingEntry.Refusal(feeds.feed(channel), channel, name, reason, sinceUs));
    }

    /** In its place behind what is pending. */
    private void publish(final PendingEntry event) {
        final ConflationQueue pending = feeds.pending(event.feed);
        if (!pending.isEmpty()) {
            pending.append(event);
        } else if (!write(event)) {
            counters.increment(Counter.RING_FULL);
            pending.append(event);
        }
    }

    /**
     * Publishes an update, at the latest with the next {@link #flush()}. The bytes are copied; {@code timeUs} may be
     * {@link #NO_TIME}.
     *
     * @throws IllegalArgumentException if the update is larger than the ring can carry
     */
    public void publish(final int topic, final long timeUs, final long receivedNs, final UpdateSlice update) {
        checkSize(update);
        topics.get(topic).count();
        publish(topics.get(topic), timeUs, receivedNs, update);
    }

    /**
     * Publishes an update with the numbers that another relay gave it, behind {@link #relay}. {@code p} is above that
     * of every update before.
     *
     * @param missed updates of the topic right before this one that were not received, to be reported as missing
     * @throws IllegalArgumentException if the update is larger than the ring can carry
     */
    public void publish(final int topic, final long q, final long p, final long missed, final long timeUs,
            final long receivedNs, final UpdateSlice update) {
        checkSize(update);
        topics.get(topic).relay(q, p, missed);
        publish(topics.get(topic), timeUs, receivedNs, update);
    }

    private void checkSize(final UpdateSlice update) {
        assert owner.check();
        final int bytes = update.carriedBytes();
        if (bytes > writer.maxPayloadBytes()) {
            counters.increment(Counter.RING_TOO_LARGE);
            throw new IllegalArgumentException("update of " + bytes
                + " bytes is too large: ring.bytes must be at least twice that");
        }
    }

    private void publish(final PublishedTopic entry, final long timeUs, final long receivedNs,
            final UpdateSlice update) {
        if (!feeds.pending(entry.feed).isEmpty() || !write(entry, update, timeUs, receivedNs, ingest.nextNs())) {
            publishSlowly(entry, timeUs, receivedNs, update);
        }
        if (tap != null) {
            tap.onUpdate(entry.id, entry.channel, entry.symbol, timeUs, receivedNs, update);
        }
    }

    /** The numbers of another relay begin, and its feeds: everything before is void, and all topics are forgotten. */
    public void relay(final RelayedEpoch begun) {
        begin(begun);
    }

    /** The same with feeds that are numbered here. */
    public void renumber(final RelayedEpoch begun) {
        begin(begun);
        writer.share(feeds.places(), feeds.running());
    }

    private void begin(final RelayedEpoch begun) {
        assert owner.check();
        topics.clear();
        position = 0;
        feeds.begin(begun);
        writer.begin(begun.byAnother());
        flush();
    }

    /** Everything of another relay up to {@code p} was published; the shards learn it with {@link #flush()}. */
    public void complete(final long p) {
        writer.complete(p);
    }

    /** Conflates updates of a topic that wait before they are published. */
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
     * Publishes the state of a topic, in its place between the updates, at the latest with the next {@link #flush()}.
     * A later update makes it live again by itself. {@code reason} is a few words for the subscriber, or null.
     */
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs) {
        topicState(topic, state, reason, sinceUs, HERE);
    }

    /** The same at position {@code p} of another relay. */
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        assert owner.check();
        final PublishedTopic entry = topics.get(topic);
        if (entry.status != null) {
            feeds.pending(entry.feed).remove(entry.status);
        }
        entry.status = new PendingEntry.TopicStatus(entry, state, reason, sinceUs, p);
        publish(entry.status);
        if (tap != null) {
            tap.onTopicState(topic, state, reason, sinceUs);
        }
    }

    /** The value of a topic is good though its feed was lost after it, and is back: there was no update meanwhile. */
    public void confirm(final int topic) {
        assert owner.check();
        publish(new PendingEntry.Confirmed(topics.get(topic).feed, topic));
    }

    /**
     * Publishes the state of the feed with that number, in its place between its updates. {@code retryInMs} is negative
     * when unknown.
     */
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs) {
        feedState(feed, state, reason, sinceUs, retryInMs, HERE);
    }

    /** The same at the position {@code p} of another relay; a loss may be at an earlier one than the loss before. */
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        assert owner.check();
        feeds.pending(feed).append(new PendingEntry.FeedStatus(feed, state, reason, sinceUs, retryInMs, p));
        flush();
        onFeedState(feed, state, reason, sinceUs);
    }

    private void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs) {
        watcher.onFeedState(feed, state, reason);
        if (tap != null) {
            tap.onFeedState(feed, state, reason, sinceUs);
        }
    }

    /** Ends a batch: publishes what is pending as far as there is room, and wakes the shards if anything is new. */
    public void flush() {
        assert owner.check();
        for (int feed = 0; feed < feeds.places(); feed++) {
            final ConflationQueue pending = feeds.pending(feed);
            while (!pending.isEmpty() && publishPending(pending.first())) {
                pending.remove(pending.first());
            }
        }
        feeds.onFlushed();
        writer.writeComplete(feeds.isBehind());
        if (writer.takePublished()) {
            for (final Runnable wakeUp : wakeUps) {
                wakeUp.run();
            }
        }
    }

    /** True while anything is pending: {@link #flush()} must be called again soon, about each millisecond. */
    public boolean isBehind() {
        return feeds.isBehind() || writer.owesComplete();
    }

    /** The position of the newest update in the ring. */
    public long position() {
        return position;
    }

    /** Writes an update, and gives positions to it and to those before it that it stands for. */
    private boolean write(final PublishedTopic entry, final UpdateSlice update, final long timeUs,
            final long receivedNs, final long nowNs) {
        final long p = entry.relayedP > 0 ? entry.relayedP : position + entry.unnumbered;
        if (!writer.writeUpdate(entry, update, p, timeUs, receivedNs, nowNs)) {
            return false;
        }
        ingest.onWritten(nowNs, receivedNs);
        position = p;
        entry.unnumbered = 0;
        return true;
    }

    private void publishSlowly(final PublishedTopic entry, final long timeUs, final long receivedNs,
            final UpdateSlice update) {
        final ConflationQueue pending = feeds.pending(entry.feed);
        if (pending.isEmpty()) {
            counters.increment(Counter.RING_FULL);
        }
        if (entry.pending == null) {
            entry.pending = new PendingEntry.Updates(entry, conflators.apply(entry.channel));
        }
        final PendingEntry.Updates conflating = entry.pending;
        if (conflating.isQueued()) {
            pending.remove(conflating);
            if (conflating.dropsReplaced()) {
                counters.increment(Counter.RING_DROPPED);
                entry.missed++;
            } else {
                counters.increment(Counter.RING_CONFLATED);
            }
        }
        conflating.add(update, timeUs, receivedNs);
        pending.append(conflating);
        if (!conflating.fits(writer.maxPayloadBytes())) {
            counters.increment(Counter.RING_TOO_LARGE);
            counters.add(Counter.RING_DROPPED, conflating.count());
            conflating.drop();
        }
    }

    private boolean publishPending(final PendingEntry first) {
        if (first instanceof PendingEntry.Updates update) {
            update.writeTo(conflated);
            if (!write(update.topic, conflated, update.timeUs(), update.receivedNs(), ingest.nowNs())) {
                return false;
            }
            update.clear();
            return true;
        }
        return feeds.isNext(first) && write(first);
    }

    /** Publishes what is no update, behind all in front of it; false without room for it. */
    private boolean write(final PendingEntry event) {
        // where a state changed all updates up to there are in the ring
        position = Math.max(position, event.p);
        if (!writer.write(event, position)) {
            return false;
        }
        if (event instanceof PendingEntry.Forgotten forgotten) {
            topics.free(forgotten.topic);
        } else if (event instanceof PendingEntry.TopicStatus status) {
            status.topic.status = null;
        } else if (event instanceof PendingEntry.Introduction) {
            feeds.onPublished();
        }
        return true;
    }
}
