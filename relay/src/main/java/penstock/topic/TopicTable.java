package penstock.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TopicState;

/** All that a shard knows of the feed. It comes only through the ring, in order. Owned by the shard's io thread. */
public final class TopicTable {
    private static final long JOURNAL_BYTES = 4 << 20;

    private final List<Channel> channels;
    private Topic[] topics = new Topic[256];
    /** By topic; empty unless topics have groups. */
    private int[] groups = {};
    private ToIntBiFunction<String, String> groupOf;
    private int size;
    private final long epoch;
    private final Journal journal;
    private FeedStatus feed;
    /** The feed's state when it was lost last; its first state before. */
    private FeedStatus loss;
    private long position;
    private long revision;
    /** Topics whose last change is at or before this position are stale: the feed was lost since. */
    private long stalePosition;

    /** Creates a table with a journal for few sessions. */
    public TopicTable(final List<Channel> channels, final long epoch, final long nowUs) {
        this(channels, epoch, nowUs, JOURNAL_BYTES);
    }

    /**
     * {@code channels} are in the order of their indexes; {@code nowUs} is when the relay began to wait for the feed.
     */
    public TopicTable(final List<Channel> channels, final long epoch, final long nowUs, final long journalBytes) {
        this.channels = List.copyOf(channels);
        this.epoch = epoch;
        journal = new Journal(journalBytes);
        feed = new FeedStatus(FeedState.STARTING, "waiting_for_upstream", nowUs, -1, 0);
        loss = feed;
    }

    /** Topics get groups, by channel and symbol. Before the first topic, or never. */
    public void group(final ToIntBiFunction<String, String> by) {
        groupOf = by;
    }

    /** The group of a topic; 0 unless topics have groups. */
    public int group(final int id) {
        return groupOf == null ? 0 : groups[id];
    }

    /** The channels of the feed. */
    public List<Channel> channels() {
        return channels;
    }

    /** The channel of that name, the default one for null; null if there is none. */
    public Channel channel(final String name) {
        for (final Channel channel : channels) {
            if (name == null ? channel.isDefault() : channel.name().equals(name)) {
                return channel;
            }
        }
        return null;
    }

    /** The topic with that number, or null. */
    public Topic topic(final int id) {
        return topics[id];
    }

    /**
     * Begins a search for the topics whose symbols match; time is checked each {@code topicsPerCheck} topics. The
     * caller closes it.
     */
    public TopicSearch search(final Channel channel, final Predicate<String> matches, final int topicsPerCheck) {
        return new TopicSearch(id -> topics[id].symbol(), channel.ids(), channel.searches(), matches, topicsPerCheck);
    }

    /** A search that finds only what it is to include. The caller closes it. */
    public TopicSearch search(final Channel channel) {
        return new TopicSearch(id -> topics[id].symbol(), new IdSet(), channel.searches(), symbol -> false,
            Integer.MAX_VALUE);
    }

    /** Number of topics. */
    public int size() {
        return size;
    }

    /** Grows each time the sequences restart. */
    public long epoch() {
        return epoch;
    }

    /** Grows with each change of the set of topics and of a state; not with values, which channels count. */
    public long revision() {
        return revision;
    }

    /** Position of the newest update received. */
    public long position() {
        return position;
    }

    /** The newest updates of topics where each one counts. */
    public Journal journal() {
        return journal;
    }

    /** The feed's state. */
    public FeedStatus feed() {
        return feed;
    }

    /** The feed's state when it was lost last: a later recovery makes no topic live. */
    public FeedStatus loss() {
        return loss;
    }

    /** Whether the feed was lost at or after a position: what was stored up to there is stale. */
    public boolean isLostSince(final long p) {
        return p <= stalePosition;
    }

    /** The state of a topic: its own, or stale if the whole feed was lost after its last change. */
    public TopicState state(final Topic topic) {
        final TopicState own = topic.state();
        return own == TopicState.LIVE && isLostSince(topic.p()) ? TopicState.STALE : own;
    }

    /** Adds a topic. Numbers are dense, but topics that were pending in front of a full ring may come out of order. */
    public Topic onTopic(final int id, final int channel, final byte[] symbol, final int offset, final int length) {
        revision++;
        if (id >= topics.length) {
            topics = Arrays.copyOf(topics, Math.max(id + 1, topics.length * 2));
        }
        final Topic topic =
            new Topic(id, channels.get(channel), new String(symbol, offset, length, StandardCharsets.UTF_8), position);
        topics[id] = topic;
        if (groupOf != null) {
            groups = Arrays.copyOf(groups, Math.max(groups.length, topics.length));
            groups[id] = groupOf.applyAsInt(topic.channel().name(), topic.symbol());
        }
        size++;
        topic.channel().add(topic);
        return topic;
    }

    /**
     * Forgets a topic at position {@code p}, with its updates in the journal: its number may belong to another topic
     * from now on. It has no subscription any more.
     */
    public void forget(final Topic topic, final long p) {
        revision++;
        assert topic.subscribers().isEmpty() : "a topic is forgotten after its subscriptions have left it";
        topics[topic.id()] = null;
        size--;
        topic.channel().remove(topic, p);
        journal.forget(topic.id());
    }

    /** Applies a change of a topic's own state, at position {@code p}. */
    public Topic onTopicState(final int id, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        revision++;
        final Topic topic = topics[id];
        topic.onState(state, reason, sinceUs, p);
        return topic;
    }

    /** Whether the topic was announced. */
    public boolean knows(final int id) {
        return id < topics.length && topics[id] != null;
    }

    /** An event of the topic could not be applied: it is stale until its next complete value. */
    public Topic onFailure(final int id, final long atUs) {
        revision++;
        topics[id].onFailure(atUs);
        return topics[id];
    }

    /** Applies an update of a topic. */
    public Topic onValue(final Tick tick, final byte[] payloads) {
        final Topic topic = topics[tick.topic()];
        topic.store(tick, payloads);
        position = tick.p();
        journal.store(topic, state(topic));
        return topic;
    }

    /** Applies a change of the feed's state, at position {@code p}. */
    public void onFeedState(final FeedState state, final String reason, final long sinceUs, final long retryInMs,
            final long p) {
        revision++;
        feed = new FeedStatus(state, reason, sinceUs, retryInMs, feed.version() + 1);
        if (state == FeedState.STALE || state == FeedState.CLOSED) {
            stalePosition = p;
            loss = feed;
        }
    }
}
