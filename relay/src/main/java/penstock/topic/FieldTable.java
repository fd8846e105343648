package penstock.topic;

import java.util.Arrays;
import penstock.wire.MessageBuffer;

/**
 * The fields of an object in the order in which they appeared, values verbatim, each with the version of its last
 * change. A removed field stays as a tombstone, the oldest are pruned beyond a bound. Looks first where the field stood
 * in the update before: fields come in the same order mostly. Owned by whoever merges.
 */
final class FieldTable {
    /** No field. */
    static final int NONE = -1;
    /** Tombstones kept besides one per field: half of them go when there are more. */
    private static final int TOMBSTONES = 64;
    private static final int REMOVED = -1;
    private static final byte[] NULL = MessageBuffer.ascii("null");

    private final boolean prunes;
    private byte[][] names = new byte[16][];
    private byte[][] values = new byte[16][];
    private int[] valueBytes = new int[16];
    private int[] hashes = new int[16];
    private int[] told = new int[16];
    private long[] changed = new long[16];
    private long[] born = new long[16];
    private int count;
    private int live;
    private int guess;
    private long pruned;
    private long[] ages = new long[16];
    private int bytes;
    private long newestChange;

    FieldTable(final boolean prunes) {
        this.prunes = prunes;
    }

    /** The newest version of a pruned tombstone. */
    long pruned() {
        return pruned;
    }

    /** The newest version of a change. */
    long newestChange() {
        return newestChange;
    }

    /** The most that {@link #appendAll} adds. */
    int maxBytes() {
        return bytes + count * 6 + 2;
    }

    /** Starts anew, and keeps the arrays. */
    void clear() {
        count = 0;
        live = 0;
        bytes = 0;
    }

    /** Sets the member's field, told in this round; a value that is the same is no change. */
    void set(final JsonMembers member, final long version, final int round) {
        final byte[] source = member.buffer();
        int i = find(source, member.keyOffset(), member.keyLength());
        if (i < 0) {
            i = add(source, member.keyOffset(), member.keyLength());
            born[i] = version;
        }
        told[i] = round;
        final int from = member.valueOffset();
        final int length = member.valueLength();
        if (valueBytes[i] != length || !Arrays.equals(values[i], 0, length, source, from, from + length)) {
            live += valueBytes[i] == REMOVED ? 1 : 0;
            bytes += length - Math.max(0, valueBytes[i]);
            if (values[i] == null || values[i].length < length) {
                values[i] = new byte[length + 8];
            }
            System.arraycopy(source, from, values[i], 0, length);
            valueBytes[i] = length;
            changed[i] = version;
            newestChange = version;
        }
    }

    /** Removes the member's field, if it is there; {@code unseen} leaves a tombstone even if it is not. */
    void remove(final JsonMembers member, final long version, final boolean unseen) {
        int i = find(member.buffer(), member.keyOffset(), member.keyLength());
        if (i < 0 && unseen) {
            i = add(member.buffer(), member.keyOffset(), member.keyLength());
        }
        if (i >= 0) {
            bury(i, version);
        }
    }

    /** Removes what was not told in this round. */
    void keepOnly(final int round, final long version) {
        for (int i = 0; i < count; i++) {
            if (told[i] != round) {
                bury(i, version);
            }
        }
    }

    /** Forgets the older half of the tombstones when there are too many. */
    void prune() {
        final int tombstones = count - live;
        if (prunes && tombstones > TOMBSTONES + live) {
            pruneOlderHalf(tombstones);
        }
    }

    /** Adds the object without what is removed. */
    void appendLive(final MessageBuffer out) {
        char before = '{';
        for (int i = 0; i < count; i++) {
            if (valueBytes[i] != REMOVED) {
                append(out.put(before), i);
                before = ',';
            }
        }
        end(out, before);
    }

    /**
     * Adds an object of what changed since a version that is no older than {@link #pruned()}; null for what is removed.
     */
    void appendChanges(final MessageBuffer out, final long since) {
        char before = '{';
        for (int i = 0; i < count; i++) {
            if (isChanged(i, since)) {
                append(out.put(before), i);
                before = ',';
            }
        }
        end(out, before);
    }

    /** Adds an object of everything; null for what is removed. */
    void appendAll(final MessageBuffer out) {
        char before = '{';
        for (int i = 0; i < count; i++) {
            append(out.put(before), i);
            before = ',';
        }
        end(out, before);
    }

    /**
     * Where a field is, first looked for at {@code guessed}; good until the next change. {@link #NONE} if it never was.
     */
    int place(final byte[] name, final int hash, final int guessed) {
        if (guessed >= 0 && guessed < count && is(guessed, hash, name, 0, name.length)) {
            return guessed;
        }
        for (int i = 0; i < count; i++) {
            if (is(i, hash, name, 0, name.length)) {
                return i;
            }
        }
        return NONE;
    }

    /** Whether the field is there, and no tombstone. */
    boolean isLive(final int place) {
        return valueBytes[place] != REMOVED;
    }

    /** Whether a field changed since a version. What was not there before and is gone again is no change. */
    boolean isChanged(final int place, final long since) {
        return changed[place] > since && (valueBytes[place] != REMOVED || born[place] <= since);
    }

    /** Whether any field changed since a version. */
    boolean isChanged(final long since) {
        if (newestChange > since) {
            for (int i = 0; i < count; i++) {
                if (isChanged(i, since)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Ends an object in front of whose next member {@code before} would stand. */
    static void end(final MessageBuffer out, final char before) {
        if (before == '{') {
            out.put('{');
        }
        out.put('}');
    }

    /** Adds a field and its value; null when it is removed. */
    void append(final MessageBuffer out, final int i) {
        out.put(names[i]).put(':');
        if (valueBytes[i] == REMOVED) {
            out.put(NULL);
        } else {
            out.put(values[i], 0, valueBytes[i]);
        }
    }

    private int find(final byte[] source, final int offset, final int length) {
        final int hash = hash(source, offset, length);
        if (++guess < count && is(guess, hash, source, offset, length)) {
            return guess;
        }
        for (int i = 0; i < count; i++) {
            if (is(i, hash, source, offset, length)) {
                guess = i;
                return i;
            }
        }
        return -1;
    }

    private boolean is(final int i, final int hash, final byte[] source, final int offset, final int length) {
        return hashes[i] == hash && Arrays.equals(names[i], 0, names[i].length, source, offset, offset + length);
    }

    private int add(final byte[] source, final int offset, final int length) {
        if (count == names.length) {
            grow();
        }
        names[count] = Arrays.copyOfRange(source, offset, offset + length);
        hashes[count] = hash(source, offset, length);
        valueBytes[count] = REMOVED;
        changed[count] = 0;
        born[count] = 0;
        told[count] = 0;
        bytes += length;
        guess = count;
        return count++;
    }

    private void bury(final int i, final long version) {
        if (valueBytes[i] != REMOVED) {
            bytes -= valueBytes[i];
            valueBytes[i] = REMOVED;
            changed[i] = version;
            newestChange = version;
            live--;
        }
    }

    private void pruneOlderHalf(final int tombstones) {
        if (ages.length < tombstones) {
            ages = new long[names.length];
        }
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (valueBytes[i] == REMOVED) {
                ages[n++] = changed[i];
            }
        }
        Arrays.sort(ages, 0, n);
        pruned = ages[n / 2];
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (valueBytes[i] != REMOVED || changed[i] > pruned) {
                move(i, kept++);
            } else {
                bytes -= names[i].length;
            }
        }
        count = kept;
    }

    private void move(final int from, final int to) {
        final byte[] room = values[to];
        names[to] = names[from];
        values[to] = values[from];
        values[from] = room;
        valueBytes[to] = valueBytes[from];
        hashes[to] = hashes[from];
        told[to] = told[from];
        changed[to] = changed[from];
        born[to] = born[from];
    }

    private void grow() {
        final int size = count * 2;
        names = Arrays.copyOf(names, size);
        values = Arrays.copyOf(values, size);
        valueBytes = Arrays.copyOf(valueBytes, size);
        hashes = Arrays.copyOf(hashes, size);
        told = Arrays.copyOf(told, size);
        changed = Arrays.copyOf(changed, size);
        born = Arrays.copyOf(born, size);
    }

    static int hash(final byte[] source, final int offset, final int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        return hash;
    }
}
