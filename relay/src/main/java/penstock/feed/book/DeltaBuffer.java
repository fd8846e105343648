package penstock.feed.book;

import java.util.Arrays;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.book.BookProcedure;

/** Copies of the changes of one book that wait for its snapshot, in order. Owned by the feed thread. */
final class DeltaBuffer {
    /** Of one change: first number, last number, venue's time, arrival, start of payload, start of levels, end. */
    private static final int WORDS = 7;

    private long[] words = new long[16 * WORDS];
    private byte[] bytes = new byte[4_096];
    private int count;
    private int length;
    private final LevelBuffer reader = new LevelBuffer();

    int count() {
        return count;
    }

    /** The size of payloads and levels. */
    int bytes() {
        return length;
    }

    void clear() {
        count = 0;
        length = 0;
    }

    void add(final long first, final long last, final long timeUs, final long receivedNs,
            final UpdateSlice slices) {
        if ((count + 1) * WORDS > words.length) {
            words = Arrays.copyOf(words, words.length * 2);
        }
        final int payloadAt = length;
        append(slices.buffer, slices.payloadOffset, slices.payloadLength);
        final int levelsAt = length;
        append(slices.levels.buffer(), 0, slices.levels.length());
        final int at = count++ * WORDS;
        words[at] = first;
        words[at + 1] = last;
        words[at + 2] = timeUs;
        words[at + 3] = receivedNs;
        words[at + 4] = payloadAt;
        words[at + 5] = levelsAt;
        words[at + 6] = length;
    }

    long last(final int index) {
        return words[index * WORDS + 1];
    }

    long timeUs(final int index) {
        return words[index * WORDS + 2];
    }

    long receivedNs(final int index) {
        return words[index * WORDS + 3];
    }

    /**
     * The first change that a snapshot does not contain, the count of changes if it contains all, -1 if it is too old.
     *
     * @param number the last change that the snapshot contains
     */
    int firstNewer(final BookProcedure.Follows follows, final long number) {
        if (count == 0) {
            return -1;
        }
        final int at = firstAfter(number);
        return switch (follows) {
            // the ranges of numbers show that no change is missing between the snapshot and the first newer one
            case STRADDLES -> at == count || first(at) <= number + 1 ? at : -1;
            case PREVIOUS -> at == count || first(at) == number + 1 ? at : -1;
            // times do not count: a change may be missing between an older snapshot and the first change that waited
            case NEWER -> last(0) <= number ? at : -1;
        };
    }

    /** The first change whose last number is larger; the count of changes if there is none. */
    private int firstAfter(final long number) {
        int at = 0;
        while (at < count && last(at) <= number) {
            at++;
        }
        return at;
    }

    /** Sets {@code slices} to a change; {@code levels} is overwritten. */
    void read(final int index, final UpdateSlice slices, final LevelBuffer levels) {
        final int payloadAt = (int) words[index * WORDS + 4];
        final int levelsAt = (int) words[index * WORDS + 5];
        final int end = (int) words[index * WORDS + 6];
        slices.set(bytes, payloadAt, levelsAt - payloadAt, payloadAt, levelsAt - payloadAt);
        slices.kind = UpdateKind.DELTA;
        // a copy, because a truncated book adds the levels that fell out of it
        levels.clear();
        reader.wrap(bytes, levelsAt, end - levelsAt);
        while (reader.next()) {
            levels.add(reader.side(), bytes, reader.priceOffset(), reader.priceLength(), bytes, reader.sizeOffset(),
                reader.sizeLength());
        }
        slices.levels = levels;
    }

    private long first(final int index) {
        return words[index * WORDS];
    }

    private void append(final byte[] source, final int offset, final int size) {
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + size, bytes.length * 2));
        }
        System.arraycopy(source, offset, bytes, length, size);
        length += size;
    }
}
