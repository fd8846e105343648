package penstock.venue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.venue.spec.ConnectionSpec;

/**
 * Walks the documents of a frame that holds several, and finds the prefix before the JSON of each. Separators are
 * ASCII, so the bytes need not be valid UTF-8 yet: an invalid document costs only itself. No garbage. Owned by the feed
 * thread.
 */
final class FrameSplitter {
    private static final byte RECORD_SEPARATOR = 0x1e;

    private final ConnectionSpec.Split split;
    private final byte[][] prefixes;
    private byte[] frame;
    private int next;
    private int end;
    private int offset;
    private int length;

    FrameSplitter(final ConnectionSpec.Split split, final List<String> prefixes) {
        this.split = split;
        this.prefixes = prefixes.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    /** Begins with a frame. */
    void open(final byte[] bytes, final int from, final int count) {
        frame = bytes;
        next = from;
        end = from + count;
    }

    /** Moves to the next document that is not empty; false after the last. */
    boolean next() {
        if (split == ConnectionSpec.Split.NONE) {
            offset = next;
            length = end - next;
            next = end;
            return length > 0;
        }
        while (next < end && isBetween(frame[next])) {
            next++;
        }
        offset = next;
        next = split == ConnectionSpec.Split.DOCUMENTS ? documentEnd(next) : lineEnd(next);
        int last = next;
        while (last > offset && isBetween(frame[last - 1])) {
            last--;
        }
        length = last - offset;
        return length > 0;
    }

    /** Position of the document, with its prefix. */
    int offset() {
        return offset;
    }

    /** Bytes of the document, with its prefix. */
    int length() {
        return length;
    }

    /** Bytes of the prefix; 0 = none. */
    int prefix() {
        return prefixAt(offset, offset + length);
    }

    private int prefixAt(final int at, final int limit) {
        for (final byte[] prefix : prefixes) {
            if (startsWith(prefix, at, limit)) {
                return prefix.length;
            }
        }
        return 0;
    }

    private boolean startsWith(final byte[] prefix, final int at, final int limit) {
        if (limit - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (frame[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean isBetween(final byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t'
            || b == RECORD_SEPARATOR && split == ConnectionSpec.Split.RECORD_SEPARATOR;
    }

    private int lineEnd(final int from) {
        final byte separator = split == ConnectionSpec.Split.LINES ? (byte) '\n' : RECORD_SEPARATOR;
        int at = from;
        while (at < end && frame[at] != separator) {
            at++;
        }
        return at;
    }

    /** The end of an object or array with its prefix, by its brackets; else of the text before the next of them. */
    private int documentEnd(final int from) {
        final int json = from + prefixAt(from, end);
        if (json < end && isOpening(frame[json])) {
            return closingEnd(json);
        }
        int at = from;
        while (at < end && !isOpening(frame[at])) {
            at++;
        }
        return at;
    }

    private int closingEnd(final int from) {
        int depth = 0;
        int at = from;
        while (at < end) {
            final byte b = frame[at];
            if (b == '"') {
                at = stringEnd(at + 1);
                continue;
            }
            at++;
            if (isOpening(b)) {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
                if (depth == 0) {
                    return at;
                }
            }
        }
        return end;
    }

    private int stringEnd(final int from) {
        int at = from;
        while (at < end && frame[at] != '"') {
            at += frame[at] == '\\' ? 2 : 1;
        }
        return Math.min(end, at + 1);
    }

    private static boolean isOpening(final byte b) {
        return b == '{' || b == '[';
    }
}
