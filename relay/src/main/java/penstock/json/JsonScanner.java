package penstock.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.json.PointerTrie.Node;

/**
 * Scans one JSON text (RFC 8259) once, validates all of it, and keeps slices of the values that its pointers lead to.
 *
 * <p>Strict: no comments, no leading zeros, no control characters in strings, nothing after the value; at most {@value
 * #MAX_DEPTH} levels of nesting. A {@code \\u} escape may be half of a surrogate pair, as the grammar allows. Of equal
 * keys in one object the first counts; the others are only validated. The caller ensures that bytes above 0x7f are
 * valid UTF-8. Elements counted from the end of an array are known only at its end: these elements alone are scanned a
 * second time.
 *
 * <p>No garbage. Owned by one thread.
 */
public final class JsonScanner {
    /** Deepest nesting of arrays and objects. */
    public static final int MAX_DEPTH = 64;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final PointerTrie trie;
    private final JsonValues values;
    private final int[] visits;
    private final int[] tails;
    private byte[] buffer;
    private int end;
    private int visit;
    private int errorAt = -1;
    private boolean escaped;
    private int next;
    private boolean isInObject;
    private int elementOffset;
    private int elementEnd;

    /** {@code trie} has the pointers whose values are kept. */
    public JsonScanner(final PointerTrie trie) {
        this.trie = trie;
        values = new JsonValues(trie.slotCount() + 1);
        visits = new int[trie.nodeCount];
        tails = new int[trie.tailLength];
    }

    /** The values of the last scan; undefined after a failed scan. */
    public JsonValues values() {
        return values;
    }

    /** Position in the buffer where the last text stopped being JSON, or -1. */
    public int errorAt() {
        return errorAt;
    }

    /** Scans a text; false if it is not JSON. */
    public boolean scan(final byte[] source, final int offset, final int length) {
        buffer = source;
        end = offset + length;
        elementOffset = offset;
        elementEnd = end;
        values.reset(source);
        nextVisit();
        int at = value(skip(offset), trie.root, 0);
        at = at < 0 ? at : skip(at);
        at = at < 0 || at == end ? at : ~at;
        errorAt = at < 0 ? ~at : -1;
        return at >= 0;
    }

    /** Begins to scan the elements of a validated array, or the values of an object, brackets included. */
    public void open(final byte[] source, final int offset, final int length) {
        isInObject = source[offset] == '{';
        buffer = source;
        end = offset + length;
        next = skip(offset + 1);
    }

    /** Scans the next element; false after the last. */
    public boolean next() {
        if (next >= end || buffer[next] == ']' || buffer[next] == '}') {
            return false;
        }
        values.reset(buffer);
        nextVisit();
        if (isInObject) {
            final int after = string(next + 1);
            values.capture(trie.nameSlot, JsonType.STRING, next, after, escaped);
            next = skip(skip(after) + 1);
        }
        elementOffset = next;
        elementEnd = value(next, trie.root, 1);
        next = skip(elementEnd);
        next = next < end && buffer[next] == ',' ? skip(next + 1) : next;
        return true;
    }

    /** Position of the element in the buffer, or of the text that was scanned. */
    public int elementOffset() {
        return elementOffset;
    }

    /** Length of the element in bytes. */
    public int elementLength() {
        return elementEnd - elementOffset;
    }

    /**
     * All scan methods take the position where they begin and return the position after the end, or the complement of
     * the position of an error.
     */
    private int value(final int at, final Node node, final int depth) {
        if (at >= end) {
            return ~at;
        }
        final int type;
        final int after;
        switch (buffer[at]) {
            case '"' -> {
                type = JsonType.STRING;
                after = string(at + 1);
            }
            case '{' -> {
                type = JsonType.OBJECT;
                after = depth == MAX_DEPTH ? ~at : object(at + 1, node, depth + 1);
            }
            case '[' -> {
                type = JsonType.ARRAY;
                after = depth == MAX_DEPTH ? ~at : array(at + 1, node, depth + 1);
            }
            case 't' -> {
                type = JsonType.BOOLEAN;
                after = literal(at, "true");
            }
            case 'f' -> {
                type = JsonType.BOOLEAN;
                after = literal(at, "false");
            }
            case 'n' -> {
                type = JsonType.NULL;
                after = literal(at, "null");
            }
            default -> {
                type = JsonType.NUMBER;
                after = number(at);
            }
        }
        if (node != null && node.slot >= 0 && after >= 0) {
            values.capture(node.slot, type, at, after, type == JsonType.STRING && escaped);
        }
        return after;
    }

    private int object(final int from, final Node node, final int depth) {
        final byte[] bytes = buffer;
        final int limit = end;
        int at = skip(from);
        if (at < limit && bytes[at] == '}') {
            return at + 1;
        }
        while (at < limit && bytes[at] == '"') {
            final int keyAt = at + 1;
            at = string(keyAt);
            if (at < 0) {
                return at;
            }
            final Node child = node == null ? null : member(node, keyAt, at - 1);
            at = skip(at);
            if (at >= limit || bytes[at] != ':') {
                return ~at;
            }
            at = value(skip(at + 1), child, depth);
            if (at < 0) {
                return at;
            }
            at = skip(at);
            if (at < limit && bytes[at] == '}') {
                return at + 1;
            }
            if (at >= limit || bytes[at] != ',') {
                return ~at;
            }
            at = skip(at + 1);
        }
        return ~at;
    }

    private int array(final int from, final Node node, final int depth) {
        final byte[] bytes = buffer;
        final int limit = end;
        int at = skip(from);
        if (at < limit && bytes[at] == ']') {
            return at + 1;
        }
        int index = 0;
        while (true) {
            if (node != null && node.tail > 0) {
                tails[node.tailBase + index % node.tail] = at;
            }
            at = value(at, node == null || index > node.maxIndex ? null : node.element(index), depth);
            if (at < 0) {
                return at;
            }
            index++;
            at = skip(at);
            if (at < limit && bytes[at] == ']') {
                if (node != null && node.tail > 0) {
                    fromTheEnd(node, index, depth);
                }
                return at + 1;
            }
            if (at >= limit || bytes[at] != ',') {
                return ~at;
            }
            at = skip(at + 1);
        }
    }

    private void fromTheEnd(final Node node, final int count, final int depth) {
        for (final Node child : node.children) {
            if (child.index < 0 && count + child.index >= 0) {
                value(tails[node.tailBase + (count + child.index) % node.tail], child, depth);
            }
        }
    }

    private Node member(final Node node, final int from, final int to) {
        if (escaped) {
            return memberSlowly(node, from, to);
        }
        final int length = to - from;
        final long word = keyWord(from, length);
        if (node.byWord != null) {
            final Node child = node.byWord[Node.place(word, node.byWord.length)];
            return child != null && is(child, word, from, to) ? visit(child) : null;
        }
        for (final Node child : node.children) {
            if (is(child, word, from, to)) {
                return visit(child);
            }
        }
        return null;
    }

    private boolean is(final Node child, final long word, final int from, final int to) {
        final int length = to - from;
        return child.keyWord == word && child.key.length == length
            && (length <= 8 || Arrays.equals(buffer, from + 8, to, child.key, 8, length));
    }

    private long keyWord(final int from, final int length) {
        if (from + 8 <= buffer.length) {
            final long word = (long) LONGS.get(buffer, from);
            return length >= 8 ? word : word & (1L << (length << 3)) - 1;
        }
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | buffer[from + i] & 0xff;
        }
        return word;
    }

    /** Makes garbage; keys with escapes are rare. */
    private Node memberSlowly(final Node node, final int from, final int to) {
        final byte[] key = new byte[to - from];
        final int length = JsonUnescape.unescape(buffer, from, to, key);
        for (final Node child : node.children) {
            if (Arrays.equals(key, 0, length, child.key, 0, child.key.length)) {
                return visit(child);
            }
        }
        return null;
    }

    /** A node is visited once per text: a second visit is a second equal key. */
    private Node visit(final Node child) {
        if (visits[child.id] == visit) {
            return null;
        }
        visits[child.id] = visit;
        return child;
    }

    private void nextVisit() {
        visit++;
        if (visit == 0) {
            Arrays.fill(visits, 0);
            visit = 1;
        }
    }

    private int string(final int from) {
        escaped = false;
        int at = plain(from);
        while (at < end && buffer[at] == '\\') {
            escaped = true;
            at = escape(at + 1);
            if (at < 0) {
                return at;
            }
            at = plain(at);
        }
        return at < end && buffer[at] == '"' ? at + 1 : ~at;
    }

    /**
     * Position of the first quote, backslash or control character, or the end; 8 bytes at a time. The lowest hit of the
     * bit tricks is exact.
     */
    private int plain(final int from) {
        final byte[] bytes = buffer;
        final int limit = end;
        int at = from;
        while (at + 8 <= limit) {
            final long word = (long) LONGS.get(bytes, at);
            final long quote = word ^ '"' * ONES;
            final long backslash = word ^ '\\' * ONES;
            final long hits =
                (quote - ONES & ~quote | backslash - ONES & ~backslash | word - ' ' * ONES & ~word) & HIGH_BITS;
            if (hits != 0) {
                return at + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
            at += 8;
        }
        while (at < limit && bytes[at] != '"' && bytes[at] != '\\' && (bytes[at] & 0xff) >= ' ') {
            at++;
        }
        return at;
    }

    private int escape(final int at) {
        if (at >= end) {
            return ~at;
        }
        switch (buffer[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
                return at + 1;
            case 'u':
                for (int i = at + 1; i <= at + 4; i++) {
                    if (i >= end || JsonUnescape.hexDigit(buffer[i]) < 0) {
                        return ~i;
                    }
                }
                return at + 5;
            default:
                return ~at;
        }
    }

    private int number(final int from) {
        int at = buffer[from] == '-' ? from + 1 : from;
        at = at < end && buffer[at] == '0' ? at + 1 : digits(at);
        if (at >= 0 && at < end && buffer[at] == '.') {
            at = digits(at + 1);
        }
        if (at >= 0 && at < end && (buffer[at] | 0x20) == 'e') {
            at++;
            at = digits(at < end && (buffer[at] == '+' || buffer[at] == '-') ? at + 1 : at);
        }
        return at;
    }

    /** One or more digits. */
    private int digits(final int from) {
        final byte[] bytes = buffer;
        final int limit = end;
        int at = from;
        while (at < limit && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at == from ? ~at : at;
    }

    private int literal(final int at, final String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= end || buffer[at + i] != text.charAt(i)) {
                return ~(at + i);
            }
        }
        return at + text.length();
    }

    private int skip(final int at) {
        return at < end && buffer[at] <= ' ' ? skipSlowly(at) : at;
    }

    private int skipSlowly(final int from) {
        int at = from;
        while (at < end && (buffer[at] == ' ' || buffer[at] == '\n' || buffer[at] == '\r' || buffer[at] == '\t')) {
            at++;
        }
        return at;
    }
}
