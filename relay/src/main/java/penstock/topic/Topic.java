package penstock.topic;

import penstock.ring.Tick;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.topic.image.Image;
import penstock.topic.image.ValueView;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * One channel of one symbol: its newest image, sequence and position, its state, and who holds it. Memory is its image,
 * whatever the number of updates or subscribers. Owned by the shard.
 */
public final class Topic {
    private static final byte[] TIME = MessageBuffer.ascii(",\"t\":");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");
    private static final byte[] STALE = MessageBuffer.ascii(",\"st\":\"stale\"");
    private static final byte[] CLOSED = MessageBuffer.ascii(",\"st\":\"closed\"");
    private static final byte[] VALUE = MessageBuffer.ascii(",\"v\":");
    private static final int DIGITS = 48;
    private static final String LOST = "updates_lost";

    private final int id;
    private final Channel channel;
    private final String symbol;
    private final IdSet subscribers = new IdSet();
    private Topic older;
    private Topic newer;

    private long q;
    private long p;
    private long timeUs = TickPublisher.NO_TIME;
    private long receivedNs;
    private final Image image;
    /** Something of the image is missing: dropped in front of the ring. */
    private boolean isIncomplete;
    /** What the feed said of this topic since its last update. */
    private TopicState said = TopicState.LIVE;
    private String reason;
    private long sinceUs;
    private long stateP;

    /**
     * The start of the protocol's entry, up to and with {@code t}; encoded once per update, and only if somebody is
     * sent it.
     */
    private final MessageBuffer head;
    private final int symbolBytes;
    private long headQ = -1;

    Topic(final int id, final Channel channel, final String symbol) {
        this.id = id;
        this.channel = channel;
        this.symbol = symbol;
        image = channel.newImage();
        head = new MessageBuffer(symbol.length() + DIGITS);
        head.put("{\"s\":").putString(symbol).put(",\"q\":");
        symbolBytes = head.length();
    }

    /** Dense number within the feed. */
    public int id() {
        return id;
    }

    /** The channel it belongs to. */
    public Channel channel() {
        return channel;
    }

    /** The instrument, as the venue spells it. */
    public String symbol() {
        return symbol;
    }

    /** The subscriptions that hold it. */
    public IdSet subscribers() {
        return subscribers;
    }

    /** Sequence of the image; 0 before the first. */
    public long q() {
        return q;
    }

    /** Position of the last change; 0 before the first. */
    public long p() {
        return p;
    }

    /** Position of the last change of its value, or of its state, which counts as one behind the values before it. */
    public long changedP() {
        return Math.max(p, stateP);
    }

    /** {@link System#nanoTime()} when its newest update had been read from the upstream. */
    public long receivedNs() {
        return receivedNs;
    }

    /** The topic of the same channel that changed last before this one, or null. */
    public Topic older() {
        return older;
    }

    /**
     * The payload as the upstream sent it; valid up to {@link #payloadBytes()}. Of channels whose payloads are whole.
     */
    public byte[] payload() {
        return image.payload();
    }

    /** Bytes of the payload. */
    public int payloadBytes() {
        return image.payloadBytes();
    }

    /**
     * Whether somebody who was last sent sequence {@code sentQ} can be told what changed since; if not, the image is
     * owed.
     */
    public boolean knowsChangesSince(final long sentQ) {
        return image.knowsChangesSince(sentQ);
    }

    /** Whether a value of it has come: one without is known by its state only. */
    public boolean hasValue() {
        return q > 0;
    }

    /**
     * Its own state: what the feed said of it, or that its image lacks something. The loss of the whole feed is not in
     * it.
     */
    public TopicState state() {
        return said == TopicState.LIVE && isIncomplete ? TopicState.STALE : said;
    }

    /** Why it is not live; null when it is, or nobody said. */
    public String reason() {
        return reason;
    }

    /** Since when it is in its state, in microseconds since 1970; 0 when it has always been live. */
    public long sinceUs() {
        return sinceUs;
    }

    /** From now on what this view is shown can be told: one more holds it so. */
    public void addView(final View view) {
        if (!view.isFull()) {
            image.addView(view);
        }
    }

    /** One holder of this view less. */
    public void removeView(final View view) {
        if (!view.isFull()) {
            image.removeView(view);
        }
    }

    /** Whether somebody holds a view of fields or of what changed in them. */
    boolean hasViews() {
        return image.hasViews();
    }

    /**
     * Adds the object of the fields that changed with the newest update; false, and nothing added, when that is not
     * known.
     */
    boolean appendChanged(final MessageBuffer out) {
        return image.appendChanged(out);
    }

    /**
     * Whether somebody who was last sent sequence {@code sentQ} in this view can be told what changed since; if not,
     * the image is owed.
     */
    public boolean knowsChangesSince(final long sentQ, final View view) {
        return shown(view).knowsChangesSince(sentQ);
    }

    /** Whether something that changed since sequence {@code sentQ} shows in this view. */
    public boolean isChangedSince(final long sentQ, final View view) {
        return shown(view).isChangedSince(sentQ);
    }

    /** Adds the protocol's entry with the whole image, as far as the view shows it; nobody needs to hold the view. */
    public void appendEntry(final MessageBuffer out, final TopicState shown, final View view) {
        appendHead(out, 0, shown);
        shown(view).appendValue(out);
        out.put('}');
    }

    /**
     * Adds the protocol's entry with what an update says in this view to somebody who was last sent sequence
     * {@code sentQ}.
     */
    public void appendUpdate(final MessageBuffer out, final long sentQ, final TopicState shown, final View view) {
        appendHead(out, q - sentQ - 1, shown);
        shown(view).appendUpdate(out, sentQ);
        out.put('}');
    }

    /** Adds the protocol's entry with the whole image. */
    public void appendEntry(final MessageBuffer out, final TopicState shown) {
        appendHead(out, 0, shown);
        image.appendValue(out);
        out.put('}');
    }

    /** Adds the protocol's entry with what an update says to somebody who was last sent sequence {@code sentQ}. */
    public void appendUpdate(final MessageBuffer out, final long sentQ, final TopicState shown) {
        appendHead(out, q - sentQ - 1, shown);
        image.appendUpdate(out, sentQ);
        out.put('}');
    }

    void store(final Tick tick, final byte[] payloads) {
        q = tick.q();
        p = tick.p();
        timeUs = tick.timeUs();
        receivedNs = tick.receivedNs();
        channel.changed(this);
        final boolean lacks = tick.kind() == UpdateKind.DELTA && (isIncomplete || tick.missed() > 0);
        // should the image fail half-way, then it is not what it should be
        isIncomplete = true;
        said = TopicState.LIVE;
        image.store(tick, payloads);
        isIncomplete = lacks;
    }

    /** Its newest update, of that time, changed its state: to live, or to stale because something is missing. */
    public void onValueState(final long atUs) {
        reason = state() == TopicState.LIVE ? null : LOST;
        sinceUs = atUs;
    }

    /** The feed says what it is worth. An image that lacks something is not made good by words. */
    void onState(final TopicState state, final String why, final long atUs, final long atP) {
        said = state;
        stateP = atP + 1;
        if (state() == state) {
            reason = why;
            sinceUs = atUs;
        }
    }

    void moveBehind(final Topic last) {
        if (newer != null) {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
        older = last;
        newer = null;
        if (last != null) {
            last.newer = this;
        }
    }

    private ValueView shown(final View view) {
        return view.isFull() ? image : image.shown(view);
    }

    private void appendHead(final MessageBuffer out, final long conflated, final TopicState shown) {
        if (headQ != q) {
            encodeHead();
        }
        out.put(head.bytes(), 0, head.length());
        if (conflated > 0) {
            out.put(CONFLATED).put(conflated);
        }
        if (shown != TopicState.LIVE) {
            out.put(shown == TopicState.STALE ? STALE : CLOSED);
        }
        out.put(VALUE);
    }

    private void encodeHead() {
        head.length(symbolBytes);
        head.put(q);
        if (timeUs != TickPublisher.NO_TIME) {
            head.put(TIME).put(timeUs);
        }
        headQ = q;
    }
}
