package penstock.client.value;

/** Ranges of characters: compared, hashed as {@link String#hashCode} does, and decoded from JSON. Stateless. */
public final class CharRanges {
    private static final int HEX_DIGITS = 4;
    private static final int MAX_WHOLE_DIGITS = 18;

    private CharRanges() {
    }

    /** Whether the range is {@code expected}. */
    public static boolean equal(final char[] text, final int from, final int to, final CharSequence expected) {
        if (to - from != expected.length()) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (text[from + i] != expected.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The hash of the range as a {@link String}. */
    public static int hash(final char[] text, final int from, final int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        return hash;
    }

    /** Whether the range, inside a text of JSON, has an escape. */
    public static boolean hasEscape(final char[] text, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '\\') {
                return true;
            }
        }
        return false;
    }

    /** The content of a JSON string without its quotes. */
    public static String decoded(final char[] text, final int from, final int to) {
        if (!hasEscape(text, from, to)) {
            return new String(text, from, to - from);
        }
        final StringBuilder content = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            if (text[i] != '\\') {
                content.append(text[i]);
            } else {
                i++;
                final char escaped = i < to ? text[i] : 0;
                content.append(switch (escaped) {
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    case 'u' -> (char) hex(text, i + 1, to);
                    case '"', '\\', '/' -> escaped;
                    default -> throw new IllegalArgumentException("no JSON: an escape that there is not");
                });
                i += escaped == 'u' ? HEX_DIGITS : 0;
            }
        }
        return content.toString();
    }

    /** The content of a JSON string, or the JSON of any other value. */
    public static String content(final char[] text, final int from, final int to) {
        return isString(text, from, to) ? decoded(text, from + 1, to - 1) : new String(text, from, to - from);
    }

    /** Whether the range is a JSON string. */
    public static boolean isString(final char[] text, final int from, final int to) {
        return to - from >= 2 && text[from] == '"';
    }

    /** A whole number of up to 18 digits, with or without quotes. */
    public static long whole(final char[] text, final int from, final int to) {
        final int quote = isString(text, from, to) ? 1 : 0;
        int i = from + quote;
        final int end = to - quote;
        final boolean isNegative = i < end && text[i] == '-';
        i += isNegative ? 1 : 0;
        if (i == end || end - i > MAX_WHOLE_DIGITS) {
            throw notWhole(text, from, to);
        }
        long number = 0;
        for (; i < end; i++) {
            if (text[i] < '0' || text[i] > '9') {
                throw notWhole(text, from, to);
            }
            number = 10 * number + text[i] - '0';
        }
        return isNegative ? -number : number;
    }

    private static IllegalArgumentException notWhole(final char[] text, final int from, final int to) {
        return new IllegalArgumentException("not a whole number: " + new String(text, from, Math.min(to - from, 40)));
    }

    private static int hex(final char[] text, final int from, final int to) {
        int code = 0;
        for (int i = from; i < from + HEX_DIGITS; i++) {
            final int digit = i < to ? Character.digit(text[i], 16) : -1;
            if (digit < 0) {
                throw new IllegalArgumentException("no JSON: an escape without four digits");
            }
            code = 16 * code + digit;
        }
        return code;
    }
}
