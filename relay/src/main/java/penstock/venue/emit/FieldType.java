package penstock.venue.emit;

import java.nio.charset.StandardCharsets;
import penstock.json.JsonNumber;
import penstock.json.JsonType;
import penstock.venue.rule.ByteSlice;

/**
 * What the value of a field may be, and how its characters become JSON. Immutable.
 */
enum FieldType {
    /** A number; quotes are taken off, digits stay. */
    NUMBER("a number"),
    /** Text: an id of 19 digits would lose digits as a number in JavaScript. */
    TEXT("text"),
    /** {@code buy} or {@code sell}. */
    SIDE("buy or sell"),
    /** {@code true} or {@code false}. */
    FLAG("true or false"),
    /** A number or a boolean if the characters are one, else text; arrays and objects as they are. */
    ANY("any value");

    private static final byte[] BUY = bytes("buy");
    private static final byte[] SELL = bytes("sell");
    private static final byte[] TRUE = bytes("true");
    private static final byte[] FALSE = bytes("false");

    private final String meaning;

    FieldType(final String meaning) {
        this.meaning = meaning;
    }

    /** For messages. */
    String meaning() {
        return meaning;
    }

    /** True if a value of this JSON type may be copied as it stands: nothing has to be looked at or changed. */
    boolean copies(final int jsonType) {
        return switch (this) {
            case NUMBER -> jsonType == JsonType.NUMBER;
            case TEXT -> jsonType == JsonType.STRING;
            case SIDE -> false;
            case FLAG -> jsonType == JsonType.BOOLEAN;
            case ANY -> (jsonType & (JsonType.STRING | JsonType.NULL)) == 0;
        };
    }

    /** Appends the characters as JSON; false, and nothing is appended, if they are no value of this type. */
    boolean append(final ByteSlice text, final EmitBuffer out) {
        return switch (this) {
            case NUMBER -> isNumber(text) && out.put(text);
            case TEXT -> out.putQuoted(text);
            case SIDE -> (text.is(BUY) || text.is(SELL)) && out.putQuoted(text);
            case FLAG -> isFlag(text) && out.put(text);
            case ANY -> isNumber(text) || isFlag(text) ? out.put(text) : out.putQuoted(text);
        };
    }

    private static boolean isNumber(final ByteSlice text) {
        return JsonNumber.is(text.bytes(), text.offset(), text.length());
    }

    private static boolean isFlag(final ByteSlice text) {
        return text.is(TRUE) || text.is(FALSE);
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
