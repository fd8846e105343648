package penstock.venue.spec;

import java.nio.charset.StandardCharsets;

/** Foreign bytes as they may stand in a log line: one line, no control characters, not long. */
public final class FrameText {
    /** Characters shown of a payload. */
    static final int MAX_CHARACTERS = 200;

    private FrameText() {
    }

    public static String shown(final byte[] buffer, final int offset, final int length) {
        // 4 bytes make at most one character: enough bytes for all that is shown, whatever the frame's size
        final int bytes = Math.min(length, MAX_CHARACTERS * 4);
        final String text = new String(buffer, offset, bytes, StandardCharsets.UTF_8);
        return length > bytes ? shown(text.substring(0, Math.min(MAX_CHARACTERS, text.length()))) + "…" : shown(text);
    }

    public static String shown(final String text) {
        final StringBuilder line = new StringBuilder();
        final int end = Math.min(text.length(), MAX_CHARACTERS);
        for (int i = 0; i < end; i++) {
            final char c = text.charAt(i);
            if (c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || isDirectional(c)) {
                line.append(String.format("\\u%04x", (int) c));
            } else {
                line.append(c);
            }
        }
        return end < text.length() ? line.append('…').toString() : line.toString();
    }

    /** Characters that turn the reading direction make a log line say what it does not. */
    private static boolean isDirectional(final char c) {
        return c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
    }
}
