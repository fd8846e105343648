package penstock.client.value;

import java.util.Arrays;

/**
 * A value: the fields of an object in their order, each as the JSON that the relay sent, or one JSON text that is no
 * object. Names and texts stay in their places, so that equal fields in the same order cost no garbage.
 *
 * <p>Owned by the client's thread.
 */
public final class FieldTable {
    private static final int MIN_FIELDS = 4;

    private final JsonCursor cursor = new JsonCursor();
    private final TextSlot whole = new TextSlot();
    private String[] names = new String[0];
    private TextSlot[] values = new TextSlot[0];
    private int count;
    private boolean isObject;

    /** Whether the range is a JSON object. */
    public static boolean isObject(final char[] text, final int from, final int to) {
        return from < to && text[from] == '{';
    }

    /** Takes over a whole value. */
    public void replace(final char[] text, final int from, final int to) {
        isObject = isObject(text, from, to);
        count = 0;
        if (!isObject) {
            whole.set(text, from, to);
            return;
        }
        cursor.enterObject(text, from, to);
        while (cursor.nextMember()) {
            place(count, text);
            values[count].set(text, cursor.from(), cursor.to());
            count++;
        }
    }

    /** Sets the fields of an object that changed, each to what it has there: {@code null} is a value. */
    public void merge(final char[] text, final int from, final int to) {
        cursor.enterObject(text, from, to);
        while (cursor.nextMember()) {
            final int index = indexOf(text, cursor.nameFrom(), cursor.nameTo());
            if (index >= 0) {
                values[index].set(text, cursor.from(), cursor.to());
            } else {
                place(count, text);
                values[count].set(text, cursor.from(), cursor.to());
                count++;
            }
        }
    }

    /** Removes the fields that an array of names lists. */
    public void removeAll(final char[] text, final int from, final int to) {
        cursor.enterArray(text, from, to);
        while (cursor.nextElement()) {
            final int index = indexOf(text, cursor.from() + 1, cursor.to() - 1);
            if (index >= 0) {
                final TextSlot free = values[index];
                count--;
                System.arraycopy(names, index + 1, names, index, count - index);
                System.arraycopy(values, index + 1, values, index, count - index);
                names[count] = null;
                values[count] = free;
            }
        }
    }

    /** Whether it has fields. */
    public boolean isObject() {
        return isObject;
    }

    /** Number of fields. */
    public int count() {
        return count;
    }

    /** A field's name. */
    public String name(final int index) {
        return names[index];
    }

    /** A field's JSON; the value's own with −1. */
    public TextSlot value(final int index) {
        return index < 0 ? whole : values[index];
    }

    /** The place of a field; −1 if it is not there. */
    public int indexOf(final String name) {
        for (int i = 0; i < count; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** The value as JSON, with the digits of the relay. */
    public void appendJson(final StringBuilder out) {
        if (!isObject) {
            out.append(whole.chars(), 0, whole.length());
            return;
        }
        out.append('{');
        for (int i = 0; i < count; i++) {
            JsonWriter.string(i == 0 ? out : out.append(','), names[i]).append(':')
                .append(values[i].chars(), 0, values[i].length());
        }
        out.append('}');
    }

    private int indexOf(final char[] text, final int from, final int to) {
        if (CharRanges.hasEscape(text, from, to)) {
            return indexOf(CharRanges.decoded(text, from, to));
        }
        for (int i = 0; i < count; i++) {
            if (CharRanges.equal(text, from, to, names[i])) {
                return i;
            }
        }
        return -1;
    }

    /** The name of the member at the cursor is that of the field at {@code index}, which often has it already. */
    private void place(final int index, final char[] text) {
        if (index == names.length) {
            final int size = Math.max(MIN_FIELDS, 2 * index);
            names = Arrays.copyOf(names, size);
            values = Arrays.copyOf(values, size);
        }
        if (values[index] == null) {
            values[index] = new TextSlot();
        }
        if (names[index] == null || !cursor.isNamed(names[index])) {
            names[index] = CharRanges.decoded(text, cursor.nameFrom(), cursor.nameTo());
        }
    }
}
