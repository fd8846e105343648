package penstock.link.message;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import penstock.envelope.EnvelopeDecoder;
import penstock.envelope.EnvelopeDecoder.EntriesDecoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageHeaderDecoder;
import penstock.ring.TopicState;

/**
 * Reads a binary message. All lengths of it are checked before anything of it is used, so a message that is not whole
 * has no effect. Fields that a later release adds are skipped. Reused. Owned by the feed thread.
 */
public final class Envelope {
    /** What an age of null stands for: longer than any age. */
    static final long OLD_US = 3_600_000_001L;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int ENTRY_BYTES = EntriesDecoder.sbeBlockLength();
    private static final TopicState[] STATES = {TopicState.LIVE, TopicState.STALE, TopicState.CLOSED};
    private static final int LAST = 1;
    private static final int CHANGE = 1;
    private static final int PAYLOAD = 1 << 2;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[0]);
    private byte[] bytes;
    private int start;
    private int end;
    private int block;
    private int first;
    private int count;
    private int read;
    private int at;
    private int subAt;
    private int requestAt;

    /** Begins with a message; checks all of it. */
    public Envelope wrap(final byte[] source, final int offset, final int length) {
        bytes = source;
        start = offset;
        end = length;
        buffer.wrap(source, offset, length);
        need(0, HEADER);
        final int template = u16(MessageHeaderDecoder.templateIdEncodingOffset());
        final int schema = u16(MessageHeaderDecoder.schemaIdEncodingOffset());
        if (template != EnvelopeDecoder.TEMPLATE_ID || schema != EnvelopeDecoder.SCHEMA_ID) {
            throw bad("is template " + template + " of schema " + schema, 0);
        }
        final int fields = u16(MessageHeaderDecoder.blockLengthEncodingOffset());
        if (fields < EnvelopeDecoder.BLOCK_LENGTH) {
            throw bad("has " + fields + " bytes of fields", 0);
        }
        final int group = HEADER + fields;
        need(group, EntriesDecoder.sbeHeaderSize());
        block = u16(group);
        count = u16(group + Short.BYTES);
        if (block < ENTRY_BYTES) {
            throw bad("has entries of " + block + " bytes", group);
        }
        first = group + EntriesDecoder.sbeHeaderSize();
        checkFields();
        checkEntries();
        read = 0;
        at = first;
        return this;
    }

    private void checkFields() {
        if (kind() > 1) {
            throw bad("is of kind " + kind(), HEADER);
        }
        if (epoch() < 0 || p() < 0 || tsUs() < 0) {
            throw bad("has an epoch, a position or a time beyond 63 bits", HEADER);
        }
    }

    private void checkEntries() {
        int place = first;
        for (int i = 0; i < count; i++) {
            need(place, block);
            if (buffer.getLong(place + EntriesDecoder.pEncodingOffset(), ORDER) < 1
                    || buffer.getLong(place + EntriesDecoder.qEncodingOffset(), ORDER) < 1) {
                throw bad("has an entry without position or sequence", place);
            }
            if (buffer.getByte(place + EntriesDecoder.stateEncodingOffset()) >= STATES.length
                    || buffer.getByte(place + EntriesDecoder.stateEncodingOffset()) < 0) {
                throw bad("has an entry of an unknown state", place);
            }
            final int value = place + block;
            place = behindData(value);
            if (place == value + Integer.BYTES) {
                throw bad("has an entry without a value", value);
            }
            place = behindData(place);
        }
        subAt = place;
        requestAt = behindText(subAt);
        behindText(requestAt);
    }

    /** Reads the next entry; false behind the last. */
    public boolean next(final LinkUpdate entry, final long receivedNs) {
        if (read == count) {
            return false;
        }
        read++;
        entry.bytes = bytes;
        entry.topic = u32(at + EntriesDecoder.topicEncodingOffset());
        entry.q = buffer.getLong(at + EntriesDecoder.qEncodingOffset(), ORDER);
        entry.p = buffer.getLong(at + EntriesDecoder.pEncodingOffset(), ORDER);
        entry.timeUs = buffer.getLong(at + EntriesDecoder.tEncodingOffset(), ORDER);
        final long age = u32(at + EntriesDecoder.ageEncodingOffset());
        entry.receivedNs = receivedNs - (age == EntriesDecoder.ageNullValue() ? OLD_US : age) * 1_000;
        entry.state = STATES[buffer.getByte(at + EntriesDecoder.stateEncodingOffset())];
        final int flags = buffer.getByte(at + EntriesDecoder.flagsEncodingOffset());
        entry.isImage = isSnapshot();
        entry.isChange = (flags & CHANGE) != 0;
        entry.hasPayload = (flags & PAYLOAD) != 0;
        at += block;
        entry.valueLength = buffer.getInt(at, ORDER);
        entry.valueAt = start + at + Integer.BYTES;
        at = behindData(at);
        entry.besideLength = buffer.getInt(at, ORDER);
        entry.besideAt = start + at + Integer.BYTES;
        at = behindData(at);
        return true;
    }

    /** When the other relay began the flush, in microseconds since 1970. */
    public long tsUs() {
        return buffer.getLong(HEADER + EnvelopeDecoder.tsEncodingOffset(), ORDER);
    }

    /** The epoch of its numbers. */
    public long epoch() {
        return buffer.getLong(HEADER + EnvelopeDecoder.epochEncodingOffset(), ORDER);
    }

    /** Everything of the subscription up to here was sent; 0 = it says nothing of that. */
    public long p() {
        return buffer.getLong(HEADER + EnvelopeDecoder.pEncodingOffset(), ORDER);
    }

    private int kind() {
        return buffer.getByte(HEADER + EnvelopeDecoder.kindEncodingOffset()) & 0xff;
    }

    /** Whether it is a piece of a snapshot. */
    public boolean isSnapshot() {
        return kind() == Kind.SNAPSHOT.value();
    }

    /** Whether it is the last piece of a snapshot. */
    public boolean isLast() {
        return (buffer.getByte(HEADER + EnvelopeDecoder.flagsEncodingOffset()) & LAST) != 0;
    }

    /** The subscription, whose name is a number; -1 if it is none. */
    public int sub() {
        final int length = u16(subAt);
        int number = length < 3 || length > 8 ? -1 : 0;
        for (int i = 1; i < length - 1 && number >= 0; i++) {
            final int digit = bytes[start + subAt + Short.BYTES + i] - '0';
            number = digit >= 0 && digit <= 9 ? 10 * number + digit : -1;
        }
        return number;
    }

    /** Whether it is of the subscription with that name, as JSON. */
    public boolean isSub(final byte[] name) {
        final int from = start + subAt + Short.BYTES;
        return Arrays.equals(bytes, from, from + u16(subAt), name, 0, name.length);
    }

    /** The request that a snapshot answers, whose id is a number; -1 if it answers none. */
    public long request() {
        final int length = u16(requestAt);
        long number = length == 0 || length > 18 ? -1 : 0;
        for (int i = 0; i < length && number >= 0; i++) {
            final int digit = bytes[start + requestAt + Short.BYTES + i] - '0';
            number = digit >= 0 && digit <= 9 ? 10 * number + digit : -1;
        }
        return number;
    }

    private int behindData(final int place) {
        need(place, Integer.BYTES);
        final int length = buffer.getInt(place, ORDER);
        if (length < 0) {
            throw bad("has data of more than 2^31 bytes", place);
        }
        need(place + Integer.BYTES, length);
        return place + Integer.BYTES + length;
    }

    private int behindText(final int place) {
        need(place, Short.BYTES);
        need(place + Short.BYTES, u16(place));
        return place + Short.BYTES + u16(place);
    }

    private void need(final int place, final int length) {
        if (length > end - place) {
            throw bad("ends early", end);
        }
    }

    private int u16(final int place) {
        return buffer.getShort(place, ORDER) & 0xffff;
    }

    private long u32(final int place) {
        return buffer.getInt(place, ORDER) & 0xffff_ffffL;
    }

    private static BadMessageException bad(final String what, final int place) {
        return new BadMessageException("a binary message " + what + ", at byte " + place);
    }
}
