package penstock.topic.image;

/**
 * Iterates over the members of a JSON object that was validated before: it finds where keys and values begin and end
 * and checks nothing else. Keys are compared as written, with their quotes. Owned by the thread that reads with it.
 */
public final class JsonMembers {
    private byte[] buffer;
    private int at;
    private int end;
    private int keyOffset;
    private int keyLength;
    private int valueOffset;
    private int valueLength;

    /** Starts with an object; call {@link #next()} for the first member. */
    public JsonMembers wrap(final byte[] source, final int offset, final int length) {
        buffer = source;
        at = offset;
        end = offset + length;
        skipTo('{');
        return this;
    }

    /** Moves to the next member; false after the last. */
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

    /** True if the value is null: no other value begins with an n. */
    boolean isNull() {
        return valueLength > 0 && buffer[valueOffset] == 'n';
    }

    private void skipTo(final char c) {
        while (at < end && buffer[at++] != c) {
            // only white space comes before it
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
