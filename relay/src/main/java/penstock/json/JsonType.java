package penstock.json;

/** The types of JSON values, one bit each, so that a condition can accept several. */
public final class JsonType {
    /** No value. */
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

    /** The type with this name in rules, or {@link #ABSENT}. */
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
