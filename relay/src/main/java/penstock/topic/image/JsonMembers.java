package penstock.topic.image;

/**
 * Walks the members of a JSON object that was checked before: it finds where keys and values begin and end, and looks
 * no further. Keys are taken as they are written, with their quotes. Owned by whoever reads with it.
 */
public final class JsonMembers {
    private byte[] buffer;
    private int at;
    private int end;
    private int keyOffset;
    private int keyLength;
    private int valueOffset;
    private int valueLength;

    /** Begins with an object; call {@link #next()} before the first member. */
    public JsonMembers wrap(final byte[] source, final int offset, final int length) {
        buffer = source;
        at = offset;
        end = offset + length;
        skipTo('{');
        return this;
    }

    /** Goes to the next member; false behind the last. */
    public boolean next() {
        while (at < end && buffer[at] != '"') {
            at++;
        }
        if (at >= end) {
            return false;
        }
        keyOffset = at;
        skipString();
        keyLength = at - keyOffset;
        skipTo(':');
        while (at < end && isSpace(buffer[at])) {
            at++;
        }
        valueOffset = at;
        skipValue();
        valueLength = at - valueOffset;
        return true;
    }

    byte[] buffer() {
        return buffer;
    }

    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return valueLength;
    }

    /** No other value begins with an n. */
    boolean isNull() {
        return valueLength > 0 && buffer[valueOffset] == 'n';
    }

    private void skipTo(final char c) {
        while (at < end && buffer[at++] != c) {
            // what stands before it is white space
        }
    }

    private void skipValue() {
        int depth = 0;
        while (at < end) {
            final byte b = buffer[at];
            if (b == '"') {
                skipString();
            } else if (b == '{' || b == '[') {
                depth++;
                at++;
            } else if (b == '}' || b == ']') {
                if (depth-- == 0) {
                    return;
                }
                at++;
            } else if (depth == 0 && (b == ',' || isSpace(b))) {
                return;
            } else {
                at++;
            }
        }
    }

    private void skipString() {
        for (at++; at < end; at++) {
            final byte b = buffer[at];
            if (b == '\\') {
                at++;
            } else if (b == '"') {
                at++;
                return;
            }
        }
    }

    private static boolean isSpace(final byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
