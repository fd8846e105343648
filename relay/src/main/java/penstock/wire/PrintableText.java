package penstock.wire;

import java.util.Collection;

/** What the package needs to know of texts of strangers. Stateless. */
final class PrintableText {
    private static final int SHOWN_CHARS = 64;

    private PrintableText() {
    }

    /** Where the first control character, line separator or half surrogate pair is; -1 when there is none. */
    static int firstBad(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || Character.isLowSurrogate(c)) {
                return i;
            }
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    /** A text of a stranger, short enough and clean enough to be shown to him. */
    static String shown(final String text) {
        final StringBuilder shown = new StringBuilder();
        int i = 0;
        while (i < text.length() && shown.length() < SHOWN_CHARS) {
            final int c = text.codePointAt(i);
            i += Character.charCount(c);
            shown.appendCodePoint(c > 0xffff || firstBad(Character.toString(c)) < 0 ? c : '?');
        }
        return i < text.length() ? shown + "…" : shown.toString();
    }

    /** A step of a JSON pointer. */
    static String step(final String name) {
        return "/" + shown(name).replace("~", "~0").replace("/", "~1");
    }

    /** The name that a typing mistake most likely meant. */
    static String nearest(final String name, final Collection<String> known) {
        String nearest = "";
        int least = Integer.MAX_VALUE;
        final String typed = shown(name);
        for (final String candidate : known) {
            final int distance = distance(typed, candidate);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /** Characters to add, drop or change, whatever their case. */
    private static int distance(final String a, final String b) {
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            final int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                final boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                row[j] = Math.min(Math.min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
            }
            above = row;
        }
        return above[b.length()];
    }
}
