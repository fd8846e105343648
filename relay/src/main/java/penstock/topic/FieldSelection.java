package penstock.topic;

import java.util.Arrays;
import java.util.List;
import penstock.wire.MessageBuffer;

/**
 * The names of the fields that a view shows, in bytes, quoted as keys of a JSON object are; none for all. Compared with
 * keys as they are written: a feed that escapes what needs no escape is not found. Immutable.
 */
final class FieldSelection {
    private final byte[][] names;
    private final int[] hashes;

    FieldSelection(final List<String> fields) {
        names = fields.stream().distinct().map(name -> new MessageBuffer(name.length() + 2).putString(name).toBytes())
            .toArray(byte[][]::new);
        hashes = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            hashes[i] = FieldTable.hash(names[i], 0, names[i].length);
        }
    }

    boolean isAll() {
        return names.length == 0;
    }

    int count() {
        return names.length;
    }

    byte[] name(final int i) {
        return names[i];
    }

    int hash(final int i) {
        return hashes[i];
    }

    /** Whether a member is wanted. */
    boolean has(final JsonMembers member) {
        final int from = member.keyOffset();
        final int to = from + member.keyLength();
        for (final byte[] name : names) {
            if (Arrays.equals(name, 0, name.length, member.buffer(), from, to)) {
                return true;
            }
        }
        return isAll();
    }
}
