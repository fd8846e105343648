package penstock.topic.image;

import java.util.Arrays;
import penstock.rows.RowBuilder;
import penstock.versioned.VersionedEntries;
import penstock.wire.MessageBuffer;

/**
 * The fields of a JSON object in the order in which they appeared, values byte for byte, each with the version of its
 * last change. Fields mostly come in the same order, so a look-up tries first the place behind the last one found.
 * Owned by the owner of the image or conflator.
 */
final class FieldTable extends VersionedEntries {
    /** Before the first version. */
    static final long ALWAYS = -1;
    private static final int FIELDS = 8;
    static final byte[] REMOVED = MessageBuffer.ascii(",\"removed\":[");
    private static final byte[] NULL = MessageBuffer.ascii("null");

    private byte[][] names = new byte[FIELDS][];
    private byte[][] values = new byte[FIELDS][];
    private int[] valueBytes = new int[FIELDS];
    private int[] hashes = new int[FIELDS];
    private int guess;

    FieldTable(final boolean prunes) {
        super(FIELDS, prunes);
    }

    /** An upper bound of what {@link #appendAll} adds. */
    int maxBytes() {
        int bytes = 2;
        for (int i = 0; i < count(); i++) {
            bytes += names[slot(i)].length + (isLive(slot(i)) ? valueBytes[slot(i)] : NULL.length) + 2;
        }
        return bytes;
    }

    /** Sets the member's field; {@code round} is the number of the update. An equal value is no change. */
    void set(final JsonMembers member, final long version, final int round) {
        final byte[] source = member.buffer();
        int slot = find(source, member.keyOffset(), member.keyLength());
        if (slot == NONE) {
            slot = add(source, member.keyOffset(), member.keyLength(), version);
        }
        final int from = member.valueOffset();
        final int length = member.valueLength();
        if (isLive(slot) && valueBytes[slot] == length
            && Arrays.equals(values[slot], 0, length, source, from, from + length)) {
            keep(slot, round);
            return;
        }
        if (values[slot] == null || values[slot].length < length) {
            values[slot] = new byte[length + 8];
        }
        System.arraycopy(source, from, values[slot], 0, length);
        valueBytes[slot] = length;
        change(slot, version, round);
    }

    /** Removes the member's field, if it exists; {@code unseen} leaves a tombstone even if it does not. */
    void remove(final JsonMembers member, final long version, final boolean unseen) {
        int slot = find(member.buffer(), member.keyOffset(), member.keyLength());
        if (slot == NONE && unseen) {
            slot = add(member.buffer(), member.keyOffset(), member.keyLength(), 0);
        }
        if (slot != NONE) {
            remove(slot, version);
        }
    }

    /**
     * Adds an object of the changes since a version not older than {@link #pruned()}, null for a removed field; since
     * {@link #ALWAYS} these are the fields that exist.
     */
    void appendChanges(final MessageBuffer out, final long since) {
        char before = '{';
        for (int i = 0; i < count(); i++) {
            if (isChanged(slot(i), since)) {
                append(out.put(before), slot(i));
                before = ',';
            }
        }
        end(out, before);
    }

    /**
     * Adds the names of the fields that were removed since a version, as what follows a value in the protocol's entry:
     * the venue has nulls of its own. Nothing if there are none.
     */
    void appendRemoved(final MessageBuffer out, final long since) {
        int removed = 0;
        for (int i = 0; i < count() && live() < count(); i++) {
            if (!isLive(slot(i)) && isChanged(slot(i), since)) {
                appendRemoved(out, slot(i), removed++);
            }
        }
        endRemoved(out, removed);
    }

    /** Adds the name of a removed field behind {@code before} others. */
    void appendRemoved(final MessageBuffer out, final int slot, final int before) {
        if (before == 0) {
            out.put(REMOVED);
        } else {
            out.put(',');
        }
        out.put(names[slot]);
    }

    /** Ends the names of {@code count} removed fields. */
    static void endRemoved(final MessageBuffer out, final int count) {
        if (count > 0) {
            out.put(']');
        }
    }

    /** Adds an object of all fields; null for a removed field. */
    void appendAll(final MessageBuffer out) {
        char before = '{';
        for (int i = 0; i < count(); i++) {
            append(out.put(before), slot(i));
            before = ',';
        }
        end(out, before);
    }

    /** Adds the changes since a version to a row, or the fields that exist; false if they do not fit. */
    boolean addChanges(final RowBuilder row, final long since) {
        for (int i = 0; i < count(); i++) {
            if (isChanged(slot(i), since) && !add(row, slot(i))) {
                return false;
            }
        }
        return true;
    }

    /** Adds a field to a row; false if it does not fit. */
    boolean add(final RowBuilder row, final int slot) {
        return isLive(slot) ? row.add(names[slot], 0, names[slot].length, values[slot], 0, valueBytes[slot])
            : row.addRemoved(names[slot]);
    }

    /** The slot of a field, tried first at {@code hint}; {@link #NONE} if the table does not know the field. */
    int slotOf(final byte[] name, final int hash, final int hint) {
        if (isUsed(hint) && is(hint, hash, name, 0, name.length)) {
            return hint;
        }
        for (int i = 0; i < count(); i++) {
            if (is(slot(i), hash, name, 0, name.length)) {
                return slot(i);
            }
        }
        return NONE;
    }

    /** Adds a field and its value; null if the field is removed. */
    void append(final MessageBuffer out, final int slot) {
        out.put(names[slot]).put(':');
        if (isLive(slot)) {
            out.put(values[slot], 0, valueBytes[slot]);
        } else {
            out.put(NULL);
        }
    }

    @Override
    protected void grow(final int size) {
        super.grow(size);
        names = Arrays.copyOf(names, size);
        values = Arrays.copyOf(values, size);
        valueBytes = Arrays.copyOf(valueBytes, size);
        hashes = Arrays.copyOf(hashes, size);
    }

    private int find(final byte[] source, final int offset, final int length) {
        final int hash = hash(source, offset, length);
        if (++guess < count() && is(slot(guess), hash, source, offset, length)) {
            return slot(guess);
        }
        for (int i = 0; i < count(); i++) {
            if (is(slot(i), hash, source, offset, length)) {
                guess = i;
                return slot(i);
            }
        }
        return NONE;
    }

    private boolean is(final int slot, final int hash, final byte[] source, final int offset, final int length) {
        return hashes[slot] == hash
            && Arrays.equals(names[slot], 0, names[slot].length, source, offset, offset + length);
    }

    private int add(final byte[] source, final int offset, final int length, final long version) {
        guess = count();
        final int slot = insert(guess, version);
        names[slot] = Arrays.copyOfRange(source, offset, offset + length);
        hashes[slot] = hash(source, offset, length);
        return slot;
    }

    /** Ends an object; {@code before} is the character that would precede its next member. */
    static void end(final MessageBuffer out, final char before) {
        if (before == '{') {
            out.put('{');
        }
        out.put('}');
    }

    static int hash(final byte[] source, final int offset, final int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + source[i];
        }
        return hash;
    }
}
