package penstock.venue.spec;

import java.util.Arrays;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;

/**
 * Copies of the changes of one book that wait for its snapshot, in their order. Owned by the feed thread.
 */
public final class DeltaBuffer {
    /**
     * Of one change: first and last number, the feed's time, when it came, where its payload and its levels begin,
     * where they end.
     */
    private static final int WORDS = 7;

    private long[] words = new long[16 * WORDS];
    private byte[] bytes = new byte[4_096];
    private int count;
    private int length;
    private final LevelBuffer reader = new LevelBuffer();

    public int count() {
        return count;
    }

    /** All that is kept of the messages. */
    public int bytes() {
        return length;
    }

    public void clear() {
        count = 0;
        length = 0;
    }

    public void add(final long first, final long last, final long timeUs, final long receivedNs,
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

    long first(final int index) {
        return words[index * WORDS];
    }

    public long last(final int index) {
        return words[index * WORDS + 1];
    }

    public long timeUs(final int index) {
        return words[index * WORDS + 2];
    }

    public long receivedNs(final int index) {
        return words[index * WORDS + 3];
    }

    /** The first whose last number is larger; their count if there is none. */
    int firstAfter(final long number) {
        int at = 0;
        while (at < count && last(at) <= number) {
            at++;
        }
        return at;
    }

    /** Sets {@code slices} to a change; {@code levels} is overwritten. */
    public void read(final int index, final UpdateSlice slices, final LevelBuffer levels) {
        final int payloadAt = (int) words[index * WORDS + 4];
        final int levelsAt = (int) words[index * WORDS + 5];
        final int end = (int) words[index * WORDS + 6];
        slices.set(bytes, payloadAt, levelsAt - payloadAt, payloadAt, levelsAt - payloadAt);
        slices.update = UpdateKind.DELTA;
        // a copy, because a book that is cut adds what fell out of it
        levels.clear();
        reader.wrap(bytes, levelsAt, end - levelsAt);
        while (reader.next()) {
            levels.add(reader.side(), bytes, reader.priceOffset(), reader.priceLength(), bytes, reader.sizeOffset(),
                reader.sizeLength());
        }
        slices.levels = levels;
    }

    private void append(final byte[] source, final int offset, final int size) {
        if (length + size > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + size, bytes.length * 2));
        }
        System.arraycopy(source, offset, bytes, length, size);
        length += size;
    }
}
