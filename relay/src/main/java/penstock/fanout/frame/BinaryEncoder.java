package penstock.fanout.frame;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import penstock.envelope.EntryFlagsEncoder;
import penstock.envelope.EnvelopeEncoder;
import penstock.envelope.EnvelopeEncoder.EntriesEncoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageFlagsEncoder;
import penstock.envelope.MessageHeaderEncoder;
import penstock.envelope.Scope;
import penstock.envelope.State;
import penstock.fanout.subscription.PendingSnapshots;
import penstock.fanout.subscription.Subscription;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.rows.RowText;
import penstock.topic.JournalEntries;
import penstock.topic.JournalProjection;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;
import penstock.wire.Replaces;

/**
 * Binary messages: envelopes in Simple Binary Encoding, an entry per update, the values as they are. But for changes,
 * nothing in an entry depends on what the session was sent before. The numbers of topics go out in a message of their
 * own in front of the first one that needs them. Owned by the shard's io thread; one for all its sessions.
 */
final class BinaryEncoder {
    private static final int HEAD_BYTES =
        MessageHeaderEncoder.ENCODED_LENGTH + EnvelopeEncoder.BLOCK_LENGTH + EntriesEncoder.HEADER_SIZE;
    private static final int ENTRY_BYTES = EntriesEncoder.sbeBlockLength() + EntriesEncoder.valueHeaderLength();
    private static final int LENGTH_BYTES = EntriesEncoder.besideHeaderLength();
    private static final long MAX_AGE_US = 3_600_000_000L;
    private static final byte[] NOTHING = {};
    private static final byte[] COUNT_ONLY = MessageBuffer.ascii("{}");
    private static final byte[] REMOVED = MessageBuffer.ascii("},\"removed\":[");
    private static final byte[] ANNOUNCED = MessageBuffer.ascii("{\"type\":\"topics\",\"sub\":");
    private static final byte[] TOPICS = MessageBuffer.ascii(",\"topics\":[");

    private final TopicTable table;
    private final JournalEntries stored;
    private final JournalProjection projection;
    private final FrameBuilder frames;
    private final WriteBudget budget;
    private final UnsafeBuffer buffer = new UnsafeBuffer(NOTHING);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final EnvelopeEncoder message = new EnvelopeEncoder();
    private final MessageBuffer text = new MessageBuffer(1024);
    private final Announcement announcement = new Announcement();
    private EntriesEncoder entries;
    private boolean hasPayloads;
    private long tsUs;
    /** The time of the clock at {@link #tsUs}. */
    private long tsNs;
    private int valueAt;

    BinaryEncoder(final TopicTable table, final FrameBuilder frames, final WriteBudget budget) {
        this.table = table;
        this.frames = frames;
        this.budget = budget;
        stored = table.journal().entries();
        projection = table.journal().projection();
    }

    /** The messages that follow are of {@code atUs}; sessions that share it are sent the same ages, too. */
    void at(final long atUs, final long nowNs) {
        if (atUs != tsUs) {
            tsUs = atUs;
            tsNs = nowNs;
        }
    }

    /** Begins a message, which {@link FrameBuilder#startMessage} began. */
    void begin(final Subscription subscription) {
        announcement.clear();
        hasPayloads = subscription.sendsPayloads();
        final MessageBuffer out = frames.entries;
        buffer.wrap(out.room(HEAD_BYTES));
        message.wrapAndApplyHeader(buffer, 0, header);
        entries = message.entriesCount(EntriesEncoder.countMaxValue());
        out.length(HEAD_BYTES);
    }

    /** Announces a topic that an entry needs; its next update counts from {@code q}. Once in a message. */
    void announce(final int slot, final Topic topic, final long q) {
        if (announcement.add(slot)) {
            RowText.putTopic(announcement.topics(), announcement.count() == 1, topic.id(), topic.symbol(), q);
        }
    }

    /** Adds the image of a topic. */
    void image(final Topic topic, final View view) {
        beginEntry(topic.id(), topic.q(), topic.p(), topic.timeUs(), topic.receivedNs(), table.state(topic));
        topic.appendValue(frames.entries, view);
        endEntry(false);
        addPayload(topic);
    }

    /** Adds the newest update of a topic for a client that was last sent sequence {@code sentQ}. */
    void update(final Topic topic, final long sentQ, final View view) {
        beginEntry(topic.id(), topic.q(), topic.p(), topic.timeUs(), topic.receivedNs(), table.state(topic));
        topic.appendUpdateValue(frames.entries, sentQ, view);
        endEntry(topic.channel().isBook() || view.delta());
        addPayload(topic);
    }

    /** Adds an entry of the journal; {@code isImage}: the client cannot apply it as a change. */
    void entry(final PendingSequences reached, final int slot, final long address, final View view,
            final boolean isImage) {
        final Topic topic = announced(reached, slot, stored.topic(address));
        final TopicState state = stored.state(address);
        final boolean isLost = state == TopicState.LIVE && topic.isLostSince(stored.p(address));
        beginEntry(topic.id(), stored.q(address), stored.p(address), stored.timeUs(address),
            stored.receivedNs(address), isLost ? TopicState.STALE : state);
        projection.appendValue(address, view, frames.entries);
        endEntry(!isImage && (topic.channel().isBook() || view.delta()));
        if (hasPayloads) {
            final int payloadAt = frames.entries.length();
            stored.appendPayload(address, frames.entries);
            endPayload(payloadAt);
        }
    }

    /** Adds the sequence that a topic has reached, which shows nothing: a client of events counts from there. */
    void count(final PendingSequences reached, final int slot, final int number) {
        final Topic topic = announced(reached, slot, number);
        beginEntry(number, reached.q(slot), 0, TickPublisher.NO_TIME, Long.MIN_VALUE, table.state(topic));
        frames.entries.put(COUNT_ONLY);
        endEntry(false);
    }

    private Topic announced(final PendingSequences reached, final int slot, final int number) {
        final Topic topic = table.topic(number);
        if (!reached.isAnnounced(slot)) {
            announce(slot, topic, reached.q(slot));
        }
        return topic;
    }

    /** Ends a message of updates; null when the write has no room for it. */
    PendingFrame endUpdate(final Subscription subscription, final long p) {
        message.kind(Kind.UPDATE).replaces(Scope.NOTHING).flags().clear();
        return end(subscription, null, p);
    }

    /** Ends a piece of a snapshot that answers no request; null when the write has no room for it. */
    PendingFrame endImages(final Subscription subscription, final boolean isLast, final long p) {
        message.kind(Kind.SNAPSHOT).replaces(Scope.ONE).flags().clear().last(isLast);
        return end(subscription, null, p);
    }

    /** Ends a piece of a snapshot; null when the write has no room for it. */
    PendingFrame endSnapshot(final Subscription subscription, final PendingSnapshots.Snapshot snapshot,
            final boolean isLast, final long p) {
        final MessageFlagsEncoder flags =
            message.kind(Kind.SNAPSHOT).replaces(scope(snapshot.replaces())).flags().clear();
        flags.last(isLast).resumed(snapshot.isResumed());
        return end(subscription, snapshot.requestId(), p);
    }

    private PendingFrame end(final Subscription subscription, final String requestId, final long p) {
        if (announcement.count() > 0 && !putAnnouncement(subscription)) {
            return null;
        }
        entries.resetCountToIndex();
        message.ts(tsUs).epoch(table.epoch()).p(p);
        final MessageBuffer out = frames.entries;
        putText(out, subscription.label(), Subscription.nameOffset(), subscription.nameBytes());
        final byte[] id = requestId == null ? NOTHING : requestId.getBytes(StandardCharsets.UTF_8);
        putText(out, id, 0, id.length);
        frames.position(table.epoch(), p);
        final PendingFrame frame = frames.endBinary(subscription);
        if (frame != null) {
            frame.keepsAnnounced = true;
        }
        return frame;
    }

    private boolean putAnnouncement(final Subscription subscription) {
        final MessageBuffer topics = announcement.topics();
        text.clear().put(ANNOUNCED).put(subscription.label(), Subscription.nameOffset(), subscription.nameBytes())
            .put(TOPICS).put(topics.bytes(), 0, topics.length()).put(']').put('}');
        if (frames.putAnnouncement(subscription, text, announcement.slots(), announcement.count(),
                subscription.announcedColumns()) == null) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        return true;
    }

    private void beginEntry(final int topic, final long q, final long p, final long timeUs, final long receivedNs,
            final TopicState state) {
        final MessageBuffer out = frames.entries;
        final int at = out.length();
        follow(out.room(ENTRY_BYTES));
        message.limit(at);
        entries.next().topic(topic).q(q).p(p).t(timeUs).age(age(receivedNs)).state(State.get((short) state.ordinal()));
        valueAt = at + ENTRY_BYTES;
        out.length(valueAt);
    }

    /** What was added since is the value, and perhaps the names of removed fields behind it. */
    private void endEntry(final boolean isChange) {
        final MessageBuffer out = frames.entries;
        follow(out.bytes());
        final boolean isObject = out.bytes()[valueAt] == '{';
        final EntryFlagsEncoder flags = entries.flags().clear();
        int valueEnd = out.length();
        if (isChange && isObject) {
            valueEnd = valueEnd(out.bytes(), out.length());
            flags.change(true);
        }
        final int besideBytes = valueEnd == out.length() ? 0 : out.length() - valueEnd - REMOVED.length + 2;
        follow(out.room(LENGTH_BYTES));
        if (besideBytes > 0) {
            flags.removed(true);
            System.arraycopy(out.bytes(), out.length() - besideBytes, out.bytes(), valueEnd + LENGTH_BYTES,
                besideBytes);
        }
        buffer.putInt(valueAt - LENGTH_BYTES, valueEnd - valueAt, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(valueEnd, besideBytes, ByteOrder.LITTLE_ENDIAN);
        out.length(valueEnd + LENGTH_BYTES + besideBytes);
    }

    private void addPayload(final Topic topic) {
        if (hasPayloads && topic.payload() != null) {
            final int payloadAt = frames.entries.length();
            frames.entries.put(topic.payload(), 0, topic.payloadBytes());
            endPayload(payloadAt);
        }
    }

    /** What was added since is the payload, unless the value says the same. */
    private void endPayload(final int payloadAt) {
        final MessageBuffer out = frames.entries;
        final int end = out.length();
        follow(out.bytes());
        if (Arrays.equals(out.bytes(), valueAt, payloadAt - LENGTH_BYTES, out.bytes(), payloadAt, end)) {
            entries.flags().valueIsPayload(true);
            out.length(payloadAt);
        } else if (end > payloadAt) {
            entries.flags().payload(true);
            buffer.putInt(payloadAt - LENGTH_BYTES, end - payloadAt, ByteOrder.LITTLE_ENDIAN);
        }
    }

    /**
     * Where the object ends behind which the names of removed fields may be. The text between them occurs in no list of
     * names: there a quote follows no comma but at the beginning of a name.
     */
    private int valueEnd(final byte[] bytes, final int end) {
        if (bytes[end - 1] != ']') {
            return end;
        }
        int at = end - REMOVED.length;
        while (!isRemovedAt(bytes, at)) {
            at--;
        }
        return at + 1;
    }

    private static boolean isRemovedAt(final byte[] bytes, final int at) {
        for (int i = 0; i < REMOVED.length; i++) {
            if (bytes[at + i] != REMOVED[i]) {
                return false;
            }
        }
        return true;
    }

    /** The buffer of the message may have grown. */
    private void follow(final byte[] bytes) {
        if (buffer.byteArray() != bytes) {
            buffer.wrap(bytes);
        }
    }

    private static void putText(final MessageBuffer out, final byte[] bytes, final int offset, final int length) {
        out.put((char) (length & 0xff)).put((char) (length >> Byte.SIZE)).put(bytes, offset, length);
    }

    private long age(final long receivedNs) {
        final long age = (tsNs - receivedNs) / 1_000;
        return receivedNs == Long.MIN_VALUE || age > MAX_AGE_US ? EntriesEncoder.ageNullValue() : Math.max(0, age);
    }

    private static Scope scope(final Replaces replaces) {
        return switch (replaces) {
            case ALL -> Scope.ALL;
            case SOME -> Scope.SOME;
            case ONE -> Scope.ONE;
            case NONE -> Scope.NOTHING;
        };
    }
}
