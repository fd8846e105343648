package penstock.topic;

import penstock.ring.Tick;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.rows.RowEntry;
import penstock.rows.RowText;
import penstock.topic.image.Image;
import penstock.topic.image.ValueView;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * One symbol of one channel: its image, sequence, position, state and subscriptions. Its memory is that of its image,
 * independent of the number of updates and subscribers. Owned by the shard's io thread.
 */
public final class Topic {
    /** A longer row is encoded for each session: the memory of a topic stays near that of its value. */
    private static final int KEPT_ROW_BYTES = 256;
    private static final String UPDATES_LOST = "updates_lost";

    private final int id;
    private final Channel channel;
    private final String symbol;
    private final long sinceP;
    private final long sinceQ;
    /** The empty set that all share, until there is one. */
    private IdSet subscribers = IdSet.EMPTY;
    private Topic older;
    private Topic newer;

    private long q;
    private long p;
    private long timeUs = TickPublisher.NO_TIME;
    private long receivedNs;
    private long readNs;
    private final Image image;
    /** The image misses an update that was dropped in front of the ring. */
    private boolean isIncomplete;
    /** The newest update is the first one here. */
    private boolean isFirst;
    /** The state that the feed reported since the last update. */
    private TopicState reported = TopicState.LIVE;
    private String reason;
    private long sinceUs;
    private long stateP;
    /** Its value is good after that many losses of its feed; 0 = it was not confirmed. */
    private int confirmed;

    /** Null before an entry is sent first. */
    private EntryHead head;
    /** Null without rows. */
    private RowEntry row;
    private final long rowHead;

    Topic(final int id, final Channel channel, final String symbol, final long sinceP, final long sinceQ) {
        this.id = id;
        this.channel = channel;
        this.symbol = symbol;
        this.sinceP = sinceP;
        this.sinceQ = sinceQ;
        image = channel.newImage();
        rowHead = RowText.head(id);
    }

    /** Dense number within the feed, used again once the topic is forgotten. */
    public int id() {
        return id;
    }

    /** What the row of each update begins with: {@link RowText#head}. */
    long rowHead() {
        return rowHead;
    }

    /** Its channel. */
    public Channel channel() {
        return channel;
    }

    /** The instrument, as the venue spells it. */
    public String symbol() {
        return symbol;
    }

    /** Position of the newest update when the topic appeared. */
    public long sinceP() {
        return sinceP;
    }

    /** The sequence before its first update here; above 0 if another relay had numbered updates before. */
    public long sinceQ() {
        return sinceQ;
    }

    /** The ids of its subscriptions; {@link #addSubscriber} adds them. */
    public IdSet subscribers() {
        return subscribers;
    }

    /** A subscription begins. */
    public void addSubscriber(final int id) {
        subscribers = subscribers.with(id);
    }

    /** Sequence of the image; 0 before the first update. */
    public long q() {
        return q;
    }

    /** Position of the last update; 0 before the first. */
    public long p() {
        return p;
    }

    /** Position of the last update or, if later, one behind the position of the last change of state. */
    public long changedP() {
        return Math.max(p, stateP);
    }

    /** The position at which its state changed last. */
    public long stateP() {
        return Math.max(p, stateP - 1);
    }

    /** {@link System#nanoTime()} when the relay had read its newest update. */
    public long receivedNs() {
        return receivedNs;
    }

    /** When the shard had read the newest update from the ring. */
    public long readNs() {
        return readNs;
    }

    /** The newest update was read from the ring at {@code ns}, or a little before. */
    public void onRead(final long ns) {
        readNs = ns;
    }

    /** The topic of the same channel that changed last before this one, or null. */
    public Topic older() {
        return older;
    }

    /** The upstream's newest payload, valid up to {@link #payloadBytes()}; null unless payloads are self-contained. */
    public byte[] payload() {
        return image.payload();
    }

    /** Bytes of the payload. */
    public int payloadBytes() {
        return image.payloadBytes();
    }

    /** True once it has a value; before, only its state is known. */
    public boolean hasValue() {
        return q > 0;
    }

    /**
     * Its own state: what the feed reported, or stale because its image misses an update. The loss of the whole feed is
     * not in it.
     */
    public TopicState state() {
        return reported == TopicState.LIVE && isIncomplete ? TopicState.STALE : reported;
    }

    /**
     * Whether its feed was lost after an update at position {@code ofP}, its newest one or an earlier one, and that
     * value was not confirmed since.
     */
    public boolean isLostSince(final long ofP) {
        final Feed feed = channel.feed();
        return feed.isLostSince(ofP) && (ofP != p || confirmed == 0 || confirmed != feed.losses());
    }

    /** The loss of its feed after its newest update does not count. */
    void confirm() {
        confirmed = channel.feed().losses();
    }

    /** Why it is not live; null if it is, or without a reason. */
    public String reason() {
        return reason;
    }

    /** Start of its state in microseconds since 1970; 0 if it has always been live. */
    public long sinceUs() {
        return sinceUs;
    }

    /** Bytes of heap that {@link #addView} takes, at most. */
    public long viewGrowth(final View view) {
        return view.isFull() ? 0 : image.viewGrowth(view);
    }

    /** Adds a subscription with this view: changes in the view are known from now on. */
    public void addView(final View view) {
        if (!view.isFull()) {
            image.addView(view);
        }
    }

    /** Removes a subscription with this view. */
    public void removeView(final View view) {
        if (!view.isFull()) {
            image.removeView(view);
        }
    }

    /** True if any view of fields or of changed fields has a subscription. */
    boolean hasViews() {
        return image.hasViews();
    }

    /**
     * Adds an object of the fields that changed with the newest update; false, and nothing added, if they are unknown.
     */
    boolean appendChanged(final MessageBuffer out) {
        return image.appendChanged(out);
    }

    /** Adds the names of the fields that the newest update removed; its changes must be known. */
    void appendRemoved(final MessageBuffer out) {
        image.appendRemoved(out);
    }

    /**
     * True if the changes in this view since sequence {@code sentQ} are known; if not, the client needs an image. What
     * another relay had numbered before is not known.
     */
    public boolean knowsChangesSince(final long sentQ, final View view) {
        return (sinceQ == 0 || sentQ > sinceQ && !isFirst) && valueIn(view).knowsChangesSince(sentQ);
    }

    /** True if something in this view changed after sequence {@code sentQ}. */
    public boolean isChangedSince(final long sentQ, final View view) {
        return valueIn(view).isChangedSince(sentQ);
    }

    /** Adds the protocol's entry with the image in this view; the view needs no subscription. */
    public void appendEntry(final MessageBuffer out, final TopicState topicState, final View view) {
        head().appendNewest(out, q, timeUs, 0, topicState);
        valueIn(view).appendValue(out);
        out.put('}');
    }

    /**
     * Adds what the journal stores of the newest update, whole or the change: the protocol's entry, or without its head
     * from the value on. Returns where the value begins.
     */
    int appendStored(final MessageBuffer out, final TopicState topicState, final boolean isWhole,
            final boolean hasHead) {
        if (hasHead) {
            head().appendNewest(out, q, timeUs, 0, topicState);
        }
        final int valueAt = out.length();
        if (isWhole) {
            image.appendValue(out);
        } else {
            image.appendUpdate(out, q - 1);
        }
        out.put('}');
        return valueAt;
    }

    /** What stands in front of the value in an entry. */
    EntryHead head() {
        if (head == null) {
            head = new EntryHead(symbol);
        }
        return head;
    }

    /** The venue's time of the newest update, or {@link TickPublisher#NO_TIME}. */
    public long timeUs() {
        return timeUs;
    }

    /** Adds an entry of sequence {@code atQ} that shows nothing: a client of events counts from there. */
    public void appendCount(final MessageBuffer out, final long atQ, final TopicState topicState) {
        head().append(out, atQ, TickPublisher.NO_TIME, topicState, 0);
        out.put("{}}");
    }

    /** Adds the protocol's entry with the update in this view for a client that was last sent {@code sentQ}. */
    public void appendUpdate(final MessageBuffer out, final long sentQ, final TopicState topicState, final View view) {
        head().appendNewest(out, q, timeUs, q - sentQ - 1, topicState);
        valueIn(view).appendUpdate(out, sentQ);
        out.put('}');
    }

    /** Adds the image in this view and nothing else; the view needs no subscription. */
    public void appendValue(final MessageBuffer out, final View view) {
        valueIn(view).appendValue(out);
    }

    /** Adds the value of {@link #appendUpdate} and nothing else, but the names of removed fields behind it. */
    public void appendUpdateValue(final MessageBuffer out, final long sentQ, final View view) {
        valueIn(view).appendUpdate(out, sentQ);
    }

    /** Adds the same as a row, for a message of {@code tsUs}. */
    public void appendRow(final MessageBuffer out, final long sentQ, final TopicState topicState, final View view,
            final long tsUs) {
        if (!subscribers.hasSeveral()) {
            encodeRow(out, sentQ, topicState, view, tsUs, false);
            return;
        }
        if (row == null) {
            row = new RowEntry();
        }
        if (!row.append(out, view, topicState, q, q - sentQ, tsUs)) {
            final int from = out.length();
            encodeRow(out, sentQ, topicState, view, tsUs, true);
            if (out.length() - from <= KEPT_ROW_BYTES) {
                row.keep(out, from, view, topicState, q, q - sentQ, tsUs);
            }
        }
    }

    private void encodeRow(final MessageBuffer out, final long sentQ, final TopicState topicState, final View view,
            final long tsUs, final boolean isShared) {
        RowText.beginEntry(out, rowHead, q - sentQ, timeUs != TickPublisher.NO_TIME, tsUs - timeUs);
        if (topicState != TopicState.LIVE) {
            RowText.putState(out, topicState == TopicState.CLOSED);
        }
        valueIn(view).appendRow(out, sentQ, channel.row().isShared(isShared));
        out.put(']');
    }

    void store(final Tick tick, final byte[] payloads) {
        isFirst = q == 0;
        q = tick.q();
        p = tick.p();
        timeUs = tick.timeUs();
        receivedNs = tick.receivedNs();
        channel.changed(this);
        final boolean misses = tick.kind() == UpdateKind.DELTA && (isIncomplete || tick.missed() > 0);
        reported = TopicState.LIVE;
        image.store(tick, payloads);
        isIncomplete = misses;
    }

    /** An event could not be applied: the image may miss it, or hold half of it. */
    void onFailure(final long atUs) {
        isIncomplete = true;
        if (reported == TopicState.LIVE) {
            reason = UPDATES_LOST;
            sinceUs = atUs;
        }
    }

    /** The newest update, read at that time, changed its state to live, or to stale because an update is missing. */
    public void onValueState(final long atUs) {
        reason = state() == TopicState.LIVE ? null : UPDATES_LOST;
        sinceUs = atUs;
    }

    /** The feed reports a state. An image that misses an update stays stale. */
    void onState(final TopicState state, final String newReason, final long atUs, final long atP) {
        reported = state;
        stateP = atP + 1;
        if (state() == state) {
            reason = newReason;
            sinceUs = atUs;
        }
    }

    void unlink() {
        unlinkNeighbours();
        older = null;
        newer = null;
    }

    void moveBehind(final Topic last) {
        unlinkNeighbours();
        older = last;
        newer = null;
        if (last != null) {
            last.newer = this;
        }
    }

    private void unlinkNeighbours() {
        if (newer != null) {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
    }

    private ValueView valueIn(final View view) {
        return view.isFull() ? image : image.valueIn(view);
    }
}
