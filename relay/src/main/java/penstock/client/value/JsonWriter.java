package penstock.client.value;

import java.util.List;

/** Writes JSON strings, and arrays of them. Stateless. */
public final class JsonWriter {
    private static final char FIRST_PRINTED = ' ';

    private JsonWriter() {
    }

    /** Appends {@code text} in quotes, escaped. */
    public static StringBuilder string(final StringBuilder out, final String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < FIRST_PRINTED || Character.isSurrogate(c) && !isPaired(text, i)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"');
    }

    /** Appends an array of strings. */
    public static StringBuilder strings(final StringBuilder out, final List<String> texts) {
        out.append('[');
        for (int i = 0; i < texts.size(); i++) {
            string(i == 0 ? out : out.append(','), texts.get(i));
        }
        return out.append(']');
    }

    /** Half of a character alone has no UTF-8. */
    private static boolean isPaired(final String text, final int i) {
        return Character.isHighSurrogate(text.charAt(i))
            ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
            : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
}
