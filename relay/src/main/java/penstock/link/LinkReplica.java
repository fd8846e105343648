package penstock.link;

import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;
import penstock.link.message.BadMessageException;
import penstock.link.message.Envelope;
import penstock.link.message.LinkUpdate;
import penstock.link.message.MessageFields;
import penstock.link.message.PositionMessage;
import penstock.link.message.Welcome;
import penstock.ring.ConflationClass;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.time.FeedClock;

/**
 * A replica of the other relay, in the order of its positions over all channels. What comes over its lines, one
 * connection or several partitions, is held back until each line has said that it sent everything up to there.
 *
 * <p>Owned by the feed thread.
 */
public final class LinkReplica {
    private static final String NOT_ASKED_FOR = "a message is of a subscription that was not asked for";

    private final RisingPositions target;
    private final Counters counters;
    private final FeedClock clock;
    private final LinkFeeds feeds;
    private final HeldBack held;
    private final Envelope envelope = new Envelope();
    private final LinkUpdate update = new LinkUpdate();
    private long[] positions = {0};
    private long epoch;
    private long released;
    private final long maxHeldBytes;
    private Phase phase = Phase.IMAGES;
    /** What belongs to the beginning is published as far as the ring has room. */
    private boolean isPaced;
    /** Images describe topics up to here. */
    private long imagesP;
    private Runnable whenComplete = () -> { };
    /** When the first relay received the newest update since the lag was computed; 0 = there was none. */
    private long newestNs;
    private long lagNs;
    private boolean isIdle;

    /**
     * What it may hold.
     *
     * @param maxTopics    of each channel
     * @param maxHeldBytes what may wait for its position
     */
    public record Limits(int maxTopics, long maxHeldBytes) {
    }

    /** How far the beginning of the lines is. */
    private enum Phase {
        /** Images are still to come. */
        IMAGES,
        /** All images have come, but not yet everything that they may be newer than. */
        POSITION,
        /** What belongs to the beginning is being published. */
        PUBLISHING,
        /** What comes is released with each position. */
        COMPLETE
    }

    /** An empty one. */
    LinkReplica(final LinkPlan plan, final LinkTarget target, final Counters counters, final FeedClock clock) {
        this(new Limits(plan.maxTopics(), plan.maxHeldBytes()), target, counters, clock);
    }

    /** An empty one. */
    public LinkReplica(final Limits limits, final LinkTarget target, final Counters counters, final FeedClock clock) {
        this.target = new RisingPositions(target);
        this.counters = counters;
        this.clock = clock;
        feeds = new LinkFeeds(limits.maxTopics, this.target, counters, clock);
        maxHeldBytes = limits.maxHeldBytes;
        held = new HeldBack(new Release(), counters, maxHeldBytes);
    }

    /**
     * What comes over one line. Numbers of topics are those of the line. Its subscriptions have the numbers of
     * channels, or the names of those of one feed. Owned by the feed thread.
     */
    public final class Line {
        private final int number;
        /** By channel and number. */
        private final Int2ObjectHashMap<Int2ObjectHashMap<LinkTopic>> topics = new Int2ObjectHashMap<>();
        /** Whose channels its subscriptions have the names of; null = they have the numbers of channels. */
        private String named;
        private boolean hasFeedStates = true;

        private Line(final int number) {
            this.number = number;
        }

        /**
         * Its subscriptions have the names of the channels of a feed.
         *
         * @param isFirst whether it is the one of several whose states of the feed count
         */
        public void of(final String feed, final boolean isFirst) {
            named = feed;
            hasFeedStates = isFirst;
        }

        /** Handles a text message of data; false if it is another one. */
        public boolean onText(final String type, final MessageFields message) {
            switch (type) {
                case "topics" -> onTopics(message);
                case "status" -> onStatus(message);
                case "gap" -> message.number("missed");
                case PositionMessage.TYPE -> onPosition(message.number("p"));
                default -> {
                    return false;
                }
            }
            return true;
        }

        /** Everything that the line is of was sent up to this position. */
        public void onPosition(final long p) {
            positions[number] = Math.max(positions[number], p);
            release();
        }

        /** Handles a binary message; returns the request that its images complete, -1 if they complete none. */
        public long onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            envelope.wrap(buffer, offset, length);
            if (envelope.epoch() != epoch) {
                throw new BadMessageException("a binary message is of epoch " + envelope.epoch() + ", not of " + epoch);
            }
            final LinkChannel channel = named == null ? feeds.channel(envelope.sub())
                : feeds.channel(named, envelope);
            if (channel == null) {
                throw new BadMessageException(NOT_ASKED_FOR);
            }
            final Int2ObjectHashMap<LinkTopic> its = topics.get(channel.number());
            while (envelope.next(update, receivedNs)) {
                final LinkTopic topic = its == null ? null : its.get((int) update.topic);
                if (topic == null) {
                    throw new BadMessageException("an entry of channel " + channel.name() + " is of topic "
                        + update.topic + ", which was not announced");
                }
                if (update.isImage) {
                    // what is between it and what was known is in it alone
                    imagesP = Math.max(imagesP, update.p);
                }
                if (!channel.isInImage(topic, update)) {
                    channel.onSeen(topic, update);
                    held.add(topic, update, channel.conflation() != ConflationClass.EVENT);
                }
            }
            if (!envelope.isSnapshot() || !envelope.isLast()) {
                return -1;
            }
            imagesP = Math.max(imagesP, envelope.p());
            return envelope.request();
        }

        private void onTopics(final MessageFields message) {
            final LinkChannel channel = channel(message);
            final Int2ObjectHashMap<LinkTopic> its =
                topics.computeIfAbsent(channel.number(), each -> new Int2ObjectHashMap<>());
            for (final Object each : message.list("topics")) {
                if (!(each instanceof java.util.List<?> topic) || topic.size() < 3
                        || !(topic.get(0) instanceof Long id) || !(topic.get(1) instanceof String symbol)) {
                    throw message.bad("topics", "has something else than a number, a symbol and a sequence");
                }
                its.put((int) (long) id, channel.topic(symbol));
            }
        }

        private void onStatus(final MessageFields message) {
            final String scope = message.text("scope");
            final long p = message.number("p", newest());
            if (scope.equals("symbols")) {
                channel(message).onStatus(message, p, held);
            } else if (scope.equals("feed") && hasFeedStates) {
                final LinkFeed feed = feeds.find(message);
                if (feed != null) {
                    final LinkFeed.Status status = LinkFeeds.statusOf(message, p);
                    feed.onReceived(status);
                    held.add(p, () -> feeds.set(feed, status));
                }
            }
        }

        private LinkChannel channel(final MessageFields message) {
            final String sub = message.text("sub");
            final LinkChannel channel = named != null ? feeds.channel(named, sub)
                : sub.matches("\\d{1,6}") ? feeds.channel(Integer.parseInt(sub)) : null;
            if (channel == null) {
                throw new BadMessageException(NOT_ASKED_FOR);
            }
            return channel;
        }
    }

    /** Its feeds and channels. */
    LinkFeeds feeds() {
        return feeds;
    }

    /** The epoch of its numbers; 0 before the first welcome. */
    public long epoch() {
        return epoch;
    }

    /** Everything up to this position was published, and nothing of it is a part of something later. */
    public long completed() {
        return target.completed();
    }

    /** How many updates and changes of state wait. */
    public int heldCount() {
        return held.count();
    }

    /** Bytes that they take. */
    public long heldBytes() {
        return held.bytes();
    }

    /** How old the newest update was when it was published, since the first relay received it. */
    long lagNs() {
        return lagNs;
    }

    /** A heartbeat: without an update since the last one the other relay has nothing to send. */
    public void onIdle() {
        lagNs = isIdle && held.count() == 0 ? 0 : lagNs;
        isIdle = true;
    }

    /**
     * As many lines begin; what waited of earlier ones will come again. {@code complete} runs when everything was
     * published that belongs to the beginning.
     */
    public Line[] begin(final int lines, final Runnable complete) {
        held.clear();
        positions = new long[lines];
        phase = Phase.IMAGES;
        isPaced = true;
        imagesP = 0;
        whenComplete = complete;
        final Line[] begun = new Line[lines];
        Arrays.setAll(begun, Line::new);
        return begun;
    }

    /** What the other relay has. Another epoch, or other feeds: everything begins again. */
    public void onWelcome(final Welcome welcome) {
        target.hops(welcome.hops());
        if (welcome.epoch() != epoch || !feeds.isSame(welcome)) {
            epoch = welcome.epoch();
            released = 0;
            feeds.begin(welcome);
        }
        feeds.onWelcome(welcome);
        feeds.channels().forEach(LinkChannel::begin);
    }

    /** All images have come: the replica is complete when each line has reached the newest of them. */
    public void onImages() {
        phase = Phase.POSITION;
        release();
    }

    /** The end of a batch: what came late of topics that were added, has no position message of its own. */
    public void onBatchEnd() {
        if (held.count() > 0) {
            release();
        }
        if (newestNs != 0) {
            lagNs = Math.max(0, clock.nowNs() - newestNs);
            newestNs = 0;
            isIdle = false;
        }
    }

    private void release() {
        long limit = Long.MAX_VALUE;
        for (final long position : positions) {
            limit = Math.min(limit, position);
        }
        if (phase == Phase.IMAGES || phase == Phase.POSITION && limit < imagesP) {
            return;
        }
        final boolean isBeginning = phase != Phase.COMPLETE;
        if (phase == Phase.POSITION) {
            feeds.holdLosses(released, held);
        }
        // until the next beginning, if this fails
        phase = Phase.IMAGES;
        target.free(held.next(target.highest(), limit));
        if (!held.release(limit)) {
            phase = Phase.PUBLISHING;
            return;
        }
        phase = Phase.COMPLETE;
        isPaced = false;
        released = Math.max(released, limit);
        target.complete(held.knownUpTo(released));
        if (isBeginning) {
            feeds.resume(released);
            whenComplete.run();
        }
        feeds.confirm();
    }

    /** Whether a part of the beginning waits for room in the ring. */
    public boolean isWaiting() {
        return phase == Phase.PUBLISHING;
    }

    /** Publishes as much of that as there is room for. */
    public void goOn() {
        if (isWaiting()) {
            release();
        }
    }

    /**
     * The lines end: what has come of the beginning is complete, and waits for room no longer. Only then the loss of
     * the link makes all of it stale.
     */
    public void finish() {
        isPaced = false;
        try {
            goOn();
        } catch (final BadMessageException | RefusedRelayException e) {
            // the lines have ended already
            phase = Phase.IMAGES;
        }
    }

    /** What is released is published. */
    private final class Release implements HeldBack.Outlet {
        @Override
        public void publish(final LinkTopic topic, final LinkUpdate published) {
            feeds.channel(topic.channel).publish(topic, published);
            // an image may be of a topic that has been quiet for days
            if (!published.isImage && (newestNs == 0 || published.receivedNs - newestNs > 0)) {
                newestNs = published.receivedNs;
            }
        }

        /**
         * There is nothing to conflate at the beginning: one image of each topic waits here rather than in front of the
         * ring. Later updates are conflated there once they take half of what may be held.
         */
        @Override
        public boolean hasRoom() {
            return !isPaced || !target.isBehind() || held.bytes() > maxHeldBytes / 2;
        }
    }

    private long newest() {
        return Math.max(released, Arrays.stream(positions).max().orElse(0));
    }

    /** A channel begins, or goes on where it was. */
    void onSubscribed(final boolean isResumed) {
        counters.increment(isResumed ? Counter.LINK_RESUMED : Counter.LINK_BEGUN);
    }

    /** A channel cannot go on where it was. */
    void onNotResumed() {
        counters.increment(Counter.LINK_RESUMES_REFUSED);
    }

    /** Nothing of before continues: what the other relay does not send is gone. */
    public void onAllNew() {
        feeds.channels().forEach(LinkChannel::onNotResumed);
    }

    /** Whether its feeds are stale because the link is lost. */
    public boolean isCut() {
        return feeds.isCut();
    }

    /** The link is lost: all feeds are stale. {@code retryInMs} is negative when unknown. */
    public void cut(final String reason, final long retryInMs) {
        feeds.cut(reason, retryInMs, released);
    }

    /** How many channels it has. */
    public int channelCount() {
        return feeds.channels().size();
    }

    /** Counts a message that was received. */
    public void count(final int bytes) {
        counters.increment(Counter.FEED_FRAMES);
        counters.add(Counter.FEED_BYTES, bytes);
    }
}
