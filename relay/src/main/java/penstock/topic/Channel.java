package penstock.topic;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.ring.Conflator;
import penstock.ring.FeedIntroduction;
import penstock.rows.RowBuilder;
import penstock.topic.image.ConflationPolicy;
import penstock.topic.image.Image;

/**
 * One kind of data of a feed, and its topics. The topics are linked by their last change: an update moves its topic
 * to the end. A subscription that was sent everything up to a position walks back from the end to that position. Owned
 * by the shard's io thread.
 */
public final class Channel {
    private final int index;
    private final String name;
    private final ConflationPolicy conflation;
    private final String path;
    private boolean isDefault;
    private Feed feed;
    private final Map<String, Topic> bySymbol = new LinkedHashMap<>();
    private final Collection<Topic> topics = Collections.unmodifiableCollection(bySymbol.values());
    private final IdSet ids = new IdSet();
    private final List<TopicSearch> searches = new ArrayList<>();
    private final MemoryShare memory;
    private final ViewTable views;
    private final RowBuilder row = new RowBuilder();
    private Topic newest;
    private long changes;
    private long forgottenP;

    /** {@code conflation} is the name of the class in the protocol: {@code last-value}. */
    public Channel(final int index, final String name, final String conflation, final boolean isDefault) {
        this(index, name, conflation, isDefault, MemoryShare.unlimited());
    }

    /** A channel of the only feed, whose views are accounted in {@code memory}. */
    public Channel(final int index, final String name, final String conflation, final boolean isDefault,
            final MemoryShare memory) {
        this(null, index, name, conflation, isDefault, memory);
    }

    /** A channel of a feed, whose views are accounted in {@code memory}. */
    public Channel(final Feed feed, final int index, final String name, final String conflation,
            final boolean isDefault, final MemoryShare memory) {
        this.feed = feed;
        path = feed == null ? name : feed.name() + '/' + name;
        this.memory = memory;
        views = new ViewTable(memory);
        this.index = index;
        this.name = name;
        this.conflation = ConflationPolicy.of(conflation);
        this.isDefault = isDefault;
    }

    /** A channel that a feed comes with, whose views are accounted in {@code memory}. */
    public Channel(final Feed feed, final FeedIntroduction.Channel offered, final MemoryShare memory) {
        this(feed, offered.number(), offered.name(), offered.conflation().spelling(), offered.isDefault(), memory);
    }

    /** The feed that it belongs to. */
    public Feed feed() {
        return feed;
    }

    void join(final Feed only) {
        feed = only;
    }

    /** The channel's index over all feeds. */
    public int index() {
        return index;
    }

    /** The name that subscribers use. */
    public String name() {
        return name;
    }

    /** Its feed and its name, for rights: {@code kraken/quote}. */
    public String path() {
        return path;
    }

    /** The name of its conflation class in the protocol. */
    public String conflation() {
        return conflation.spelling();
    }

    /** True if each of its updates counts and none may be conflated. */
    public boolean isEventChannel() {
        return conflation == ConflationPolicy.EVENT;
    }

    /** True if the upstream's newest payload is a complete value that can be sent alone. */
    public boolean isSelfContained() {
        return conflation == ConflationPolicy.LAST_VALUE;
    }

    /**
     * True if its values are order books: after a missed update, a client needs an image before it can use the next
     * ones.
     */
    public boolean isBook() {
        return conflation == ConflationPolicy.ORDER_BOOK;
    }

    /** Conflates the updates of one of its topics while they are pending in front of a full ring. Any thread. */
    public Conflator newConflator() {
        return conflation.newConflator();
    }

    Image newImage() {
        return conflation.newImage(memory);
    }

    /** True if it is the channel of a request that names none. */
    public boolean isDefault() {
        return isDefault;
    }

    void offer(final boolean asDefault) {
        isDefault = asDefault;
    }

    /** Its topics, in order of appearance. */
    public Collection<Topic> topics() {
        return topics;
    }

    /** The first number of a topic of the channel from {@code id} on; negative if there is none. */
    public int nextTopic(final int id) {
        return ids().next(id);
    }

    /** The topic of a symbol, or null. */
    public Topic topic(final String symbol) {
        return bySymbol.get(symbol);
    }

    /** The numbers of its topics. */
    IdSet ids() {
        return ids;
    }

    /** The searches that follow it. */
    List<TopicSearch> searches() {
        return searches;
    }

    /** The views of its subscriptions. */
    public ViewTable views() {
        return views;
    }

    /** Makes rows of its values, and has their columns. */
    public RowBuilder row() {
        return row;
    }

    /** The topic that changed last, or null; the one before is its {@link Topic#older()}. */
    public Topic newest() {
        return newest;
    }

    /**
     * Number of changes stored: the difference of two readings bounds the number of topics that changed between them.
     */
    public long changes() {
        return changes;
    }

    /**
     * One more than the position at which the last topic was forgotten; 0 if none was. A client that was sent
     * everything up to a lower position may hold a value of a topic that is gone.
     */
    public long forgottenP() {
        return forgottenP;
    }

    void add(final Topic topic) {
        bySymbol.put(topic.symbol(), topic);
        ids.add(topic.id());
        searches.forEach(search -> search.onTopic(topic.id()));
    }

    void remove(final Topic topic, final long p) {
        bySymbol.remove(topic.symbol());
        ids.remove(topic.id());
        searches.forEach(search -> search.onForgotten(topic.id()));
        forgottenP = p + 1;
        if (topic == newest) {
            newest = topic.older();
        }
        topic.unlink();
    }

    void changed(final Topic topic) {
        feed.onData();
        changes++;
        if (topic != newest) {
            topic.moveBehind(newest);
            newest = topic;
        }
    }
}
