package penstock.json;

/** The types of JSON values, one bit each, so that a condition may ask for any of several. */
public final class JsonType {
    /** Not there. */
    public static final int ABSENT = 0;
    /** {@code {…}}. */
    public static final int OBJECT = 1;
    /** {@code […]}. */
    public static final int ARRAY = 2;
    /** {@code "…"}. */
    public static final int STRING = 4;
    /** Any number. */
    public static final int NUMBER = 8;
    /** {@code true} or {@code false}. */
    public static final int BOOLEAN = 16;
    /** {@code null}. */
    public static final int NULL = 32;

    private JsonType() {
    }

    /** The bit of a name as rules spell it, or {@link #ABSENT} if there is no such type. */
    public static int named(final String name) {
        return switch (name) {
            case "object" -> OBJECT;
            case "array" -> ARRAY;
            case "string" -> STRING;
            case "number" -> NUMBER;
            case "boolean" -> BOOLEAN;
            case "null" -> NULL;
            default -> ABSENT;
        };
    }
}
