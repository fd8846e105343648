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

    private final TextSlot whole = new TextSlot();
    private String[] names = new String[0];
    private TextSlot[] values = new TextSlot[0];
    private int count;
    private boolean isObject;

    /** Takes over a whole value. */
    public void replace(final MessageEntry entry) {
        isObject = entry.isObject();
        count = 0;
        if (!isObject) {
            whole.set(entry.chars(), entry.valueFrom(), entry.valueTo());
            return;
        }
        entry.enterFields();
        while (entry.nextField()) {
            add(entry);
        }
    }

    /** Sets the fields of an object that changed, each to what it has there: {@code null} is a value. */
    public void merge(final MessageEntry entry) {
        entry.enterFields();
        int expected = 0;
        while (entry.nextField()) {
            final int index = indexOf(entry, expected);
            if (index >= 0) {
                values[index].set(entry.chars(), entry.fieldFrom(), entry.fieldTo());
                expected = index + 1;
            } else {
                add(entry);
            }
        }
        entry.enterRemoved();
        while (entry.nextRemoved()) {
            remove(indexOf(entry, 0));
        }
    }

    private void remove(final int index) {
        if (index >= 0) {
            final TextSlot free = values[index];
            count--;
            System.arraycopy(names, index + 1, names, index, count - index);
            System.arraycopy(values, index + 1, values, index, count - index);
            names[count] = null;
            values[count] = free;
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

    /** Fields mostly come in the order that they have here: the search begins at {@code expected}. */
    private int indexOf(final MessageEntry entry, final int expected) {
        for (int i = expected; i < count; i++) {
            if (entry.isField(names[i])) {
                return i;
            }
        }
        for (int i = 0; i < expected; i++) {
            if (entry.isField(names[i])) {
                return i;
            }
        }
        return -1;
    }

    /** Adds the field at which the entry is; the place often has its name already. */
    private void add(final MessageEntry entry) {
        if (count == names.length) {
            final int size = Math.max(MIN_FIELDS, 2 * count);
            names = Arrays.copyOf(names, size);
            values = Arrays.copyOf(values, size);
        }
        if (values[count] == null) {
            values[count] = new TextSlot();
        }
        if (names[count] == null || !entry.isField(names[count])) {
            names[count] = entry.fieldName();
        }
        values[count].set(entry.chars(), entry.fieldFrom(), entry.fieldTo());
        count++;
    }
}
