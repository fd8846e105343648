package penstock.fanout.subscription;

import penstock.fanout.schedule.RateLimit;
import penstock.fanout.schedule.SubscriptionSchedule;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.IdSet;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * A named set of topics of one channel within a session, with one interval. It keeps versions, never messages: its
 * cursor, and per topic the sequence that was sent last. What is pending is computed when something may be sent.
 *
 * <p>Its state has two parts, each changed by one collaborator, through methods that assert the transition:
 *
 * <pre>
 *   {@link SubscriptionSchedule}  FlushScheduler      armed | due | holding | blocked | ended
 *   {@link SubscriptionCursor}    encoders, writer    positions sent, images pending, where searches go on
 * </pre>
 *
 * <p>How far it got in one write is a part of that write.
 *
 * <p>Owned by the shard's io thread.
 */
public final class Subscription {
    /** Bytes of heap that a subscription takes without topics: with its schedule, cursor, options and name. */
    static final int BYTES = 1_024;
    private static final byte[] SUB = MessageBuffer.ascii("\"sub\":");
    private static final byte[] TS = MessageBuffer.ascii(",\"ts\":");

    /**
     * What it subscribes to.
     *
     * @param topics   the topics, each with what was sent of it
     * @param interest the names and patterns that may add topics later
     * @param reports  on symbols without a topic
     */
    record Symbols(SubscribedTopics topics, SymbolInterest interest, SymbolReports reports) {
    }

    /**
     * What topics have that a change of the options did not reach yet.
     *
     * @param topics      their numbers
     * @param view        the view in which they are shown
     * @param deliversAll whether the journal keeps their updates for the subscription
     */
    record Before(IdSet topics, View view, boolean deliversAll) {
    }

    private final int id;
    private final SessionProfile session;
    private final SubscriptionSchedule schedule;
    private final SubscriptionCursor cursor;
    private final SubscribedTopics topics;
    private final SymbolInterest interest;
    private final SymbolReports reports;
    private final String name;
    private final Channel channel;
    private final byte[] label;
    private final boolean isOnce;
    private boolean deliversAll;
    private View view;
    /** Null unless the options are being changed. */
    private Before before;
    /** Null without a rate limit. */
    private RateLimit rateLimit;
    private boolean hasLost;
    private int announcedColumns;
    private SubscriptionOptions options;

    Subscription(final SessionProfile session, final SubscriptionSchedule schedule, final SubscriptionCursor cursor,
            final String name, final Channel channel, final boolean isOnce, final Symbols symbols) {
        topics = symbols.topics();
        interest = symbols.interest();
        reports = symbols.reports();
        id = schedule.id();
        this.session = session;
        this.schedule = schedule;
        this.cursor = cursor;
        this.name = name;
        this.channel = channel;
        this.isOnce = isOnce;
        label = new MessageBuffer(name.length() + 16).put(SUB).putString(name).put(TS).toBytes();
    }

    /** Changes the options; the topics follow one by one. */
    Before beginChange(final SubscriptionOptions newOptions, final long nowNs) {
        assert before == null : "the last change has ended";
        final IdSet all = new IdSet();
        for (int slot = 0; slot < topics.slots(); slot++) {
            if (topics.topic(slot) != SubscribedTopics.NONE) {
                all.add(topics.topic(slot));
            }
        }
        before = new Before(all, view, deliversAll);
        channel.views().add(view);
        apply(newOptions, nowNs);
        return before;
    }

    /** All topics have the new options, or the subscription has ended. */
    void endChange() {
        if (before != null) {
            channel.views().remove(before.view);
            before = null;
        }
    }

    /** What a topic has now if a change of the options did not reach it yet, else null. */
    Before before(final int topic) {
        return before != null && before.topics.contains(topic) ? before : null;
    }

    /** Uses these options from now on; what was spent of a rate limit stays spent. */
    void apply(final SubscriptionOptions newOptions, final long nowNs) {
        assert session.owner().check();
        assert isOnce == (newOptions.mode() == Mode.ONCE)
            : "mode once neither begins nor ends while a subscription runs";
        deliversAll = newOptions.mode() == Mode.ALL;
        final View newView = view(channel, newOptions);
        channel.views().add(newView);
        endView();
        view = newView;
        // the names of the fields are stored once
        options = newOptions.withFields(view.fields());
        final boolean isLimited = RateLimit.isNeeded(newOptions);
        if (isLimited && rateLimit != null) {
            rateLimit.change(newOptions, nowNs);
        } else if (isLimited != (rateLimit != null)) {
            rateLimit = isLimited ? new RateLimit(newOptions, nowNs) : null;
            topics.trackWaiting(isLimited);
            cursor.onRateLimited();
        }
    }

    /** The view of a subscription with these options. */
    static View view(final Channel channel, final SubscriptionOptions options) {
        return channel.views().find(options.content().fields(), options.content().delta() && !channel.isBook(),
            options.content().depth());
    }

    /** The view is no longer used. */
    void endView() {
        if (view != null) {
            channel.views().remove(view);
        }
    }

    /** The id, dense within the shard. */
    public int id() {
        return id;
    }

    /** The session. */
    public SessionProfile session() {
        return session;
    }

    /** Whether its client may no longer see a topic that it had, or could not for a time. */
    boolean hasLost() {
        return hasLost;
    }

    /** Its client may no longer see a topic that it has. */
    void onLost() {
        hasLost = true;
    }

    /** Whether its client may see the topic of a symbol. */
    boolean permits(final String symbol) {
        return session.access().permits(channel.path(), symbol);
    }

    /** The topic of a symbol as its client sees it; null if there is none, or none that it may see. */
    Topic topic(final String symbol) {
        return session.topic(channel, symbol);
    }

    /** When it may be sent something. */
    public SubscriptionSchedule schedule() {
        return schedule;
    }

    /** What it was sent. */
    public SubscriptionCursor cursor() {
        return cursor;
    }

    /** The topics, each with what was sent of it. */
    public SubscribedTopics topics() {
        return topics;
    }

    /** The names and patterns that may add topics later. */
    public SymbolInterest interest() {
        return interest;
    }

    /** Reports on symbols without a topic. */
    public SymbolReports reports() {
        return reports;
    }

    /** The name, unique within the session. */
    public String name() {
        return name;
    }

    /** The channel of all its topics. */
    public Channel channel() {
        return channel;
    }

    /** What each of its messages begins with behind the type, encoded once. */
    public byte[] label() {
        return label;
    }

    /** Rows: where in {@link #label} the name is, as a JSON string. */
    public static int nameOffset() {
        return SUB.length;
    }

    /** Rows: how many bytes of {@link #label} are the name. */
    public int nameBytes() {
        return label.length - SUB.length - TS.length;
    }

    /** Rows: how many columns of the channel the client knows. */
    public int announcedColumns() {
        return announcedColumns;
    }

    /** Rows: the client knows that many columns. */
    public void onColumnsAnnounced(final int count) {
        announcedColumns = count;
    }

    /** Mode once: it ends with its last image. */
    public boolean isOnce() {
        return isOnce;
    }

    /** Whether it is sent the venue's payloads, alone or beside the values. */
    public boolean sendsPayloads() {
        return !session.hasMessages() || Boolean.TRUE.equals(options.content().payload());
    }

    /** Mode all: it is sent every update. */
    public boolean deliversAll() {
        return deliversAll;
    }

    /** What it is shown of its topics. */
    public View view() {
        return view;
    }

    /** The rate limit, or null. */
    public RateLimit rateLimit() {
        return rateLimit;
    }

    /** The options in full. */
    public SubscriptionOptions options() {
        return options;
    }
}
