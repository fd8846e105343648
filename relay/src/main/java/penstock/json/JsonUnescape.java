package penstock.json;

/** The characters of a JSON string. Static; any thread. */
public final class JsonUnescape {
    private JsonUnescape() {
    }

    /**
     * Resolves the escapes of a validated string into UTF-8. Half a surrogate pair becomes U+FFFD: it has no UTF-8
     * form.
     *
     * @param from   first byte after the opening quote
     * @param to     the closing quote
     * @param target has room for {@code to - from} bytes, the maximum
     * @return bytes written
     */
    public static int unescape(final byte[] source, final int from, final int to, final byte[] target) {
        int length = 0;
        int at = from;
        while (at < to) {
            final byte b = source[at++];
            if (b != '\\') {
                target[length++] = b;
            } else if (source[at] != 'u') {
                target[length++] = simple(source[at++]);
            } else {
                int codePoint = unit(source, at + 1);
                at += 5;
                if (Character.isHighSurrogate((char) codePoint) && at + 6 <= to && source[at] == '\\'
                        && source[at + 1] == 'u' && Character.isLowSurrogate((char) unit(source, at + 2))) {
                    codePoint = Character.toCodePoint((char) codePoint, (char) unit(source, at + 2));
                    at += 6;
                } else if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                    codePoint = 0xfffd;
                }
                length = put(target, length, codePoint);
            }
        }
        return length;
    }

    /** The value of a hex digit, or -1. */
    static int hexDigit(final byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        final int letter = b | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
    }

    private static byte simple(final byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> letter;
        };
    }

    private static int unit(final byte[] source, final int at) {
        return hexDigit(source[at]) << 12 | hexDigit(source[at + 1]) << 8 | hexDigit(source[at + 2]) << 4 | hexDigit(
            source[at + 3]);
    }

    private static int put(final byte[] target, final int from, final int codePoint) {
        int at = from;
        if (codePoint < 0x80) {
            target[at++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            target[at++] = (byte) (0xc0 | codePoint >> 6);
            target[at++] = (byte) (0x80 | codePoint & 0x3f);
        } else if (codePoint < 0x10000) {
            target[at++] = (byte) (0xe0 | codePoint >> 12);
            target[at++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            target[at++] = (byte) (0x80 | codePoint & 0x3f);
        } else {
            target[at++] = (byte) (0xf0 | codePoint >> 18);
            target[at++] = (byte) (0x80 | codePoint >> 12 & 0x3f);
            target[at++] = (byte) (0x80 | codePoint >> 6 & 0x3f);
            target[at++] = (byte) (0x80 | codePoint & 0x3f);
        }
        return at;
    }
}
