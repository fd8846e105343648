package penstock.text;

import java.nio.charset.StandardCharsets;

/**
 * Makes text of a peer safe to show: one line, no control characters, nothing that hides text or turns the reading
 * direction, and short. Used for the log, for error messages and for the terminal. Stateless.
 */
public final class PrintableText {
    /** Characters of an excerpt; enough to recognise a message. */
    public static final int EXCERPT_CHARS = 200;

    private static final int MAX_UTF8_BYTES_PER_CHAR = 4;

    private PrintableText() {
    }

    /** The first {@link #EXCERPT_CHARS} characters of a text, escaped; {@code …} stands for the rest. */
    public static String excerpt(final String text) {
        return escape(text, EXCERPT_CHARS);
    }

    /** The same of UTF-8 bytes; it decodes only as many bytes as it shows. */
    public static String excerpt(final byte[] utf8, final int offset, final int length) {
        final int bytes = Math.min(length, EXCERPT_CHARS * MAX_UTF8_BYTES_PER_CHAR);
        final String text = new String(utf8, offset, bytes, StandardCharsets.UTF_8);
        return bytes == length || text.length() > EXCERPT_CHARS ? excerpt(text) : excerpt(text) + '…';
    }

    /** The first {@code maxChars} characters of a text, escaped; {@code …} stands for the rest. */
    public static String escape(final String text, final int maxChars) {
        final StringBuilder line = new StringBuilder();
        appendEscaped(line, text, maxChars);
        return text.length() > maxChars ? line.append('…').toString() : line.toString();
    }

    /** Appends the first {@code maxChars} characters of a text; those that are unsafe to show as a 4-digit escape. */
    public static void appendEscaped(final StringBuilder line, final String text, final int maxChars) {
        final int end = Math.min(text.length(), maxChars);
        for (int i = 0; i < end; i++) {
            final char c = text.charAt(i);
            if (isUnsafe(c) || isHalfPair(text, i)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
    }

    /** The index of the first control character, line separator or half surrogate pair; -1 if there is none. */
    public static int firstUnprintable(final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (breaksLine(text.charAt(i)) || isHalfPair(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isUnsafe(final char c) {
        return breaksLine(c) || turnsDirection(c);
    }

    private static boolean breaksLine(final char c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    private static boolean turnsDirection(final char c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }

    private static boolean isHalfPair(final String text, final int i) {
        final char c = text.charAt(i);
        return Character.isHighSurrogate(c) && (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1)))
            || Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }
}
