package penstock.topic;

import penstock.ring.Tick;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.wire.MessageBuffer;

/**
 * One channel of one symbol: its newest image, sequence and position, and who holds it. Memory is its image, whatever the number
 * of updates or subscribers. Owned by the shard.
 */
public final class Topic {
    private static final byte[] TIME = MessageBuffer.ascii(",\"t\":");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");
    private static final byte[] STALE = MessageBuffer.ascii(",\"st\":\"stale\"");
    private static final byte[] CLOSED = MessageBuffer.ascii(",\"st\":\"closed\"");
    private static final byte[] VALUE = MessageBuffer.ascii(",\"v\":");
    private static final int DIGITS = 48;

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
    private TopicState state = TopicState.LIVE;
    private String stateReason;
    private long stateSinceUs;
    /** Something of the image is missing: dropped in front of the ring. */
    private boolean isIncomplete;

    /** The start of the protocol's entry, up to and with {@code t}; encoded once per update, and only if somebody is sent it. */
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

    /** {@link System#nanoTime()} when its newest update had been read from the upstream. */
    public long receivedNs() {
        return receivedNs;
    }

    /** The topic of the same channel that changed last before this one, or null. */
    public Topic older() {
        return older;
    }

    /** What it is worth by itself: its next value makes it live. */
    public TopicState state() {
        return state;
    }

    /** Why it is in that state, in words for the subscriber; may be null. */
    public String stateReason() {
        return stateReason;
    }

    /** Since when, in µs since 1970. */
    public long stateSinceUs() {
        return stateSinceUs;
    }

    /** The payload as the upstream sent it; valid up to {@link #payloadBytes()}. Of channels whose payloads are whole. */
    public byte[] payload() {
        return image.payload();
    }

    /** Bytes of the payload. */
    public int payloadBytes() {
        return image.payloadBytes();
    }

    /** Whether somebody who was last sent sequence {@code sentQ} can be told what changed since; if not, the image is owed. */
    public boolean isKnown(final long sentQ) {
        return sentQ >= image.knownQ();
    }

    /** Adds the protocol's entry with the whole image. */
    public void appendEntry(final MessageBuffer out, final TopicState worth) {
        appendHead(out, 0, worth);
        image.appendValue(out);
        out.put('}');
    }

    /** Adds the protocol's entry with what an update says to somebody who was last sent sequence {@code sentQ}. */
    public void appendUpdate(final MessageBuffer out, final long sentQ, final TopicState worth) {
        appendHead(out, q - sentQ - 1, worth);
        image.appendUpdate(out, sentQ);
        out.put('}');
    }

    void store(final Tick tick, final byte[] lane) {
        q = tick.q();
        p = tick.p();
        timeUs = tick.timeUs();
        receivedNs = tick.receivedNs();
        channel.changed(this);
        final boolean lacks = tick.update() == UpdateKind.DELTA && (isIncomplete || tick.missed() > 0);
        // should the image fail half-way, then it is not what it should be
        isIncomplete = true;
        image.store(tick, lane);
        isIncomplete = lacks;
    }

    void enter(final TopicState next, final String reason, final long sinceUs) {
        state = next;
        stateReason = reason;
        stateSinceUs = sinceUs;
    }

    boolean isIncomplete() {
        return isIncomplete;
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

    private void appendHead(final MessageBuffer out, final long conflated, final TopicState worth) {
        if (headQ != q) {
            encodeHead();
        }
        out.put(head.bytes(), 0, head.length());
        if (conflated > 0) {
            out.put(CONFLATED).put(conflated);
        }
        if (worth != TopicState.LIVE) {
            out.put(worth == TopicState.CLOSED ? CLOSED : STALE);
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
