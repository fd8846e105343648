package penstock.client.value;

/**
 * Reads the fields of an object, or the names in an array, one after the other and in place. A name with an escape is
 * decoded, which is the only garbage.
 *
 * <p>Owned by the client's thread.
 */
public final class FieldCursor {
    private final JsonCursor json = new JsonCursor();
    private char[] text = new char[0];
    private int nameFrom;
    private int nameTo;
    /** Null without an escape. */
    private String decoded;

    /** Goes into the object between {@code first} and {@code last}. */
    public void enterObject(final char[] object, final int first, final int last) {
        text = object;
        json.enterObject(object, first, last);
    }

    /** Goes into the array of strings between {@code first} and {@code last}. */
    public void enterNames(final char[] array, final int first, final int last) {
        text = array;
        json.enterArray(array, first, last);
    }

    /** Moves to the next field of the object; false after the last one. */
    public boolean nextField() {
        if (!json.nextMember()) {
            return false;
        }
        name(json.nameFrom(), json.nameTo());
        return true;
    }

    /** Moves to the next name of the array; false after the last one. */
    public boolean nextName() {
        if (!json.nextElement()) {
            return false;
        }
        if (!CharRanges.isString(text, json.from(), json.to())) {
            throw new IllegalArgumentException("the name of a field that is no string");
        }
        name(json.from() + 1, json.to() - 1);
        return true;
    }

    private void name(final int from, final int to) {
        nameFrom = from;
        nameTo = to;
        decoded = CharRanges.hasEscape(text, from, to) ? CharRanges.decoded(text, from, to) : null;
    }

    /** Whether the field is named {@code name}. */
    public boolean isNamed(final String name) {
        return decoded == null ? CharRanges.equal(text, nameFrom, nameTo, name) : decoded.equals(name);
    }

    /** The field's name. */
    public String name() {
        return decoded == null ? new String(text, nameFrom, nameTo - nameFrom) : decoded;
    }

    /** Where the field's JSON begins. */
    public int from() {
        return json.from();
    }

    /** Where the field's JSON ends. */
    public int to() {
        return json.to();
    }
}
