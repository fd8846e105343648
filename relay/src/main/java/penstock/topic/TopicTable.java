package penstock.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntBiFunction;
import java.util.stream.Collectors;
import penstock.memory.MemoryShare;
import penstock.ring.FeedIntroduction;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.Tick;
import penstock.ring.TopicState;
import penstock.wire.ChannelName;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/** All that a shard knows of the feeds. It comes only through the ring, in order. Owned by the shard's io thread. */
public final class TopicTable {
    private static final long JOURNAL_BYTES = 4 << 20;

    /** By number; replaced as a whole when one comes. */
    private volatile List<Feed> feeds;
    private List<Channel> channels;
    /** By feed: those that it has now. */
    private final List<List<Channel>> offered = new ArrayList<>();
    private Topic[] topics = new Topic[256];
    /** By topic; empty unless topics have groups. */
    private int[] groups = {};
    private ToIntBiFunction<String, String> groupOf;
    private int size;
    private long epoch;
    private boolean isRelayed;
    private long completeP;
    private final Journal journal;
    private long position;
    private long revision;
    private long feedVersion;

    /** Creates a table with a journal for few sessions. */
    public TopicTable(final List<Channel> channels, final long epoch, final long nowUs) {
        this(channels, epoch, nowUs, JOURNAL_BYTES);
    }

    /**
     * {@code channels} are in the order of their indexes, one feed after the other. {@code nowUs} is when the relay
     * began to wait for the only feed, if they name none.
     */
    public TopicTable(final List<Channel> channels, final long epoch, final long nowUs, final long journalBytes) {
        this.channels = List.copyOf(channels);
        this.epoch = epoch;
        journal = new Journal(journalBytes);
        final Feed only = new Feed(0, "feed", nowUs);
        channels.stream().filter(channel -> channel.feed() == null).forEach(channel -> channel.join(only));
        feeds = channels.isEmpty() ? List.of(only) : channels.stream().map(Channel::feed).distinct().toList();
        feeds.forEach(feed -> offered.add(this.channels.stream().filter(each -> each.feed() == feed).toList()));
    }

    /** Topics get groups, by the path of their channel and their symbol. Before the first topic, or never. */
    public void group(final ToIntBiFunction<String, String> by) {
        groupOf = by;
    }

    /** The group of a topic; 0 unless topics have groups. */
    public int group(final int id) {
        return groupOf == null ? 0 : groups[id];
    }

    /** The feeds, by number. Any thread. */
    public List<Feed> feeds() {
        return feeds;
    }

    /** The feed of a client that names none. */
    public Feed firstFeed() {
        return feeds.get(0);
    }

    /** The channels of all feeds, by number; also those that their feed has no more. */
    public List<Channel> channels() {
        return channels;
    }

    /** The channels that a feed has. */
    public List<Channel> channels(final Feed feed) {
        return offered.get(feed.number());
    }

    /** The channel of that name, where the first feed and the default channel need none; null if there is none. */
    public Channel channel(final ChannelName name) {
        final Feed feed = find(name.feed());
        return feed == null ? null : channel(feed, name.name());
    }

    /** The channel of that name of a feed, the default one for null; null if there is none. */
    public Channel channel(final Feed feed, final String name) {
        for (final Channel channel : channels(feed)) {
            if (name == null ? channel.isDefault() : channel.name().equals(name)) {
                return channel;
            }
        }
        return null;
    }

    /**
     * The feed of that name, the first one for null.
     *
     * @param requestId of the request that names it
     * @throws RequestException if there is none, with the names that there are
     */
    public Feed feed(final String name, final String requestId) throws RequestException {
        final Feed feed = find(name);
        if (feed == null) {
            throw new RequestException(ErrorCode.UNKNOWN_FEED, "/feed", "no feed '" + name + "', there is "
                + feeds.stream().map(Feed::name).collect(Collectors.joining(", ")), requestId);
        }
        return feed;
    }

    /** What a feed is called in answers: null if it is the only one. */
    public String nameOf(final Feed feed) {
        return feeds.size() == 1 ? null : feed.name();
    }

    private Feed find(final String name) {
        return name == null ? firstFeed()
            : feeds.stream().filter(feed -> feed.name().equals(name)).findFirst().orElse(null);
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

    /** Grows each time the sequences restart; 0: they are another relay's, which was not heard of yet. */
    public long epoch() {
        return epoch;
    }

    /** Whether the numbers are another relay's, and came over a link. */
    public boolean isRelayed() {
        return isRelayed;
    }

    /**
     * The position up to which every topic is as it was there. Of another relay's updates some may still come as a part
     * of later ones.
     */
    public long completePosition() {
        return isRelayed ? completeP : position;
    }

    /** The position up to which a client has everything that was sent all topics as they are here. */
    public long heldPosition() {
        return Math.min(position, completePosition());
    }

    /**
     * The position in messages to a client that was sent everything of a channel up to {@code p}: none, 0, while
     * earlier updates of another relay may still come as a part of later ones. Events are not conflated.
     */
    public long shownPosition(final Channel channel, final long p) {
        return isRelayed && p > completeP && !channel.isEventChannel() ? 0 : p;
    }

    /** Everything of another relay up to a position was applied. */
    public void onComplete(final long p) {
        completeP = p;
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

    /** The state of a topic: its own, or stale if its whole feed was lost after its last change. */
    public TopicState state(final Topic topic) {
        final TopicState own = topic.state();
        return own == TopicState.LIVE && topic.isLostSince(topic.p()) ? TopicState.STALE : own;
    }

    /**
     * Adds a topic; another relay had numbered {@code sinceQ} updates of it, else 0. Numbers are dense, but topics that
     * were pending in front of a full ring may come out of order.
     */
    public Topic onTopic(final int id, final int channel, final byte[] symbol, final int offset, final int length,
            final long sinceQ) {
        revision++;
        if (id >= topics.length) {
            topics = Arrays.copyOf(topics, Math.max(id + 1, topics.length * 2));
        }
        final Topic topic =
            new Topic(id, channels.get(channel), new String(symbol, offset, length, StandardCharsets.UTF_8), position,
                sinceQ);
        topics[id] = topic;
        if (groupOf != null) {
            groups = Arrays.copyOf(groups, Math.max(groups.length, topics.length));
            groups[id] = groupOf.applyAsInt(topic.channel().path(), topic.symbol());
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
        topic.channel().remove(topic, Math.max(p, completePosition()));
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

    /**
     * The loss of its feed after its newest update does not count. Null if that makes no difference: the topic is not
     * stale for it, or the feed is not back.
     */
    public Topic onConfirmed(final int id) {
        final Topic topic = topics[id];
        if (!topic.channel().feed().isLive() || !topic.isLostSince(topic.p())) {
            return null;
        }
        revision++;
        topic.confirm();
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

    /** A feed comes, or begins again in its place; views of new channels are accounted in {@code memory}. */
    public Feed onFeed(final FeedIntroduction coming, final MemoryShare memory) {
        revision++;
        feedVersion++;
        if (coming.number() == feeds.size()) {
            final List<Feed> all = new ArrayList<>(feeds);
            all.add(new Feed(coming.number(), coming.name(), coming.sinceUs()));
            feeds = List.copyOf(all);
            offered.add(List.of());
        }
        final Feed feed = feeds.get(coming.number());
        feed.restart(waiting(coming), coming.maxDemand());
        final List<Channel> all = new ArrayList<>(channels);
        final List<Channel> own = new ArrayList<>();
        for (final FeedIntroduction.Channel each : coming.channels()) {
            if (each.number() == all.size()) {
                all.add(new Channel(feed, each, memory));
            }
            own.add(all.get(each.number()));
            all.get(each.number()).offer(each.isDefault());
        }
        channels = List.copyOf(all);
        offered.set(coming.number(), List.copyOf(own));
        return feed;
    }

    /**
     * The numbers of another relay begin, and so do its feeds: all topics are forgotten, which have no subscription any
     * more. Views of the channels are accounted in {@code memory}.
     */
    public void onEpoch(final RelayedEpoch begun, final MemoryShare memory) {
        for (final Channel channel : channels) {
            List.copyOf(channel.topics()).forEach(topic -> forget(topic, position));
        }
        revision++;
        feedVersion++;
        isRelayed = begun.byAnother();
        completeP = 0;
        epoch = begun.epoch();
        position = 0;
        journal.clear();
        final List<Feed> begunFeeds = new ArrayList<>();
        final List<Channel> all = new ArrayList<>();
        offered.clear();
        for (final FeedIntroduction each : begun.feeds()) {
            final Feed feed = new Feed(each.number(), each.name(), each.sinceUs());
            feed.restart(waiting(each), each.maxDemand());
            begunFeeds.add(feed);
            offered.add(each.channels().stream().map(channel -> new Channel(feed, channel, memory)).toList());
            all.addAll(offered.get(each.number()));
        }
        channels = List.copyOf(all);
        feeds = List.copyOf(begunFeeds);
    }

    private FeedStatus waiting(final FeedIntroduction feed) {
        return new FeedStatus(FeedState.STARTING, FeedIntroduction.WAITING, feed.sinceUs(), -1, feedVersion);
    }

    /** Applies a change of the state of a feed, at position {@code p}. */
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        revision++;
        feedVersion++;
        feeds.get(feed).onState(new FeedStatus(state, reason, sinceUs, retryInMs, feedVersion), p);
    }
}
