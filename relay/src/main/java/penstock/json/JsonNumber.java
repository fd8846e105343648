package penstock.json;

/** Recognises JSON numbers in bytes. Static; any thread. */
public final class JsonNumber {
    private JsonNumber() {
    }

    /** True if the bytes are a number as RFC 8259 writes it: no sign but a minus, no leading zero, no bare point. */
    public static boolean is(final byte[] bytes, final int offset, final int length) {
        final int end = offset + length;
        int at = offset < end && bytes[offset] == '-' ? offset + 1 : offset;
        if (at < end && bytes[at] == '0') {
            at++;
        } else {
            at = digits(bytes, at, end);
        }
        if (at >= 0 && at < end && bytes[at] == '.') {
            at = digits(bytes, at + 1, end);
        }
        if (at >= 0 && at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            at = digits(bytes, at < end && (bytes[at] == '+' || bytes[at] == '-') ? at + 1 : at, end);
        }
        return at == end && length > 0;
    }

    /** Position after one or more digits, -1 if there is none. */
    private static int digits(final byte[] bytes, final int from, final int end) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at == from ? -1 : at;
    }
}
