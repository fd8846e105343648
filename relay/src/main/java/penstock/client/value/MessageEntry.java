package penstock.client.value;

/**
 * An entry of a snapshot or an update, read in place: an object of JSON, or a row. It is valid until the next one is
 * read.
 *
 * <p>Owned by the client's thread.
 */
public interface MessageEntry {
    /** Whether it is of a snapshot. */
    boolean isImage();

    /** When the relay began the flush, in microseconds since 1970. */
    long tsUs();

    /** Start of the relay; 0 where the message does not say. */
    long epoch();

    /** Its symbol. */
    String symbol();

    /** That of its symbol, without garbage. */
    int symbolHash();

    /** Whether it is that symbol's. */
    boolean isOf(String symbol);

    /** Its sequence. */
    long q();

    /** Earlier updates conflated into it. */
    long c();

    /** The venue's time, in microseconds since 1970; 0 without one. */
    long timeUs();

    /** {@code stale} or {@code closed}; null if it is live. */
    String state();

    /** Whether its value is an object. */
    boolean isObject();

    /** Whether its value is an object without fields. */
    default boolean isEmpty() {
        if (!isObject()) {
            return false;
        }
        enterFields();
        return !nextField();
    }

    /** Appends its value as JSON, with the digits of the relay. */
    void appendValue(StringBuilder out);

    /** The characters that places are in. */
    char[] chars();

    /** Where its value begins, if that is no object. */
    int valueFrom();

    /** Where its value ends, if that is no object. */
    int valueTo();

    /** Goes before the first field of the value; {@link IllegalArgumentException} if it has none. */
    void enterFields();

    /** Moves to the next field; false after the last one. */
    boolean nextField();

    /** Goes before the first name of the fields that were removed. */
    void enterRemoved();

    /** Moves to the next removed field; false after the last one. */
    boolean nextRemoved();

    /** Whether the field is named {@code name}. */
    boolean isField(String name);

    /** The name of the field. */
    String fieldName();

    /** Where the JSON of the field begins. */
    int fieldFrom();

    /** Where the JSON of the field ends. */
    int fieldTo();
}
