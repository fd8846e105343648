package penstock.schema;

import java.util.Set;

/**
 * The shape of a message: its fields with the types of their values, and what tells its kind. Entries of the same shape
 * count once, and the value of an entry not at all, so that a relay sends some hundred shapes. Reads one character
 * after the other, 2 ns each, for tests with a million messages. One thread.
 */
final class MessageShape {
    private static final Set<String> KINDS = Set.of("type", "op", "scope", "state", "mode", "replaces");
    private static final long FACTOR = 0x9E3779B97F4A7C15L;
    private static final int MAX_SHAPES = 16;

    private final String text;
    private int at;

    private MessageShape(final String text) {
        this.text = text;
    }

    /** Of valid JSON; messages of different shapes have different numbers, but for chance. */
    static long of(final String message) {
        return new MessageShape(message).value(false);
    }

    private long value(final boolean isKind) {
        final char first = text.charAt(at);
        return switch (first) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> {
                final long hash = string();
                yield isKind ? hash : first;
            }
            default -> scalar(first);
        };
    }

    private long object() {
        long shape = '{';
        at++;
        while (text.charAt(at) != '}') {
            skip(',');
            final int from = at + 1;
            final long name = string();
            final boolean isKind = KINDS.contains(text.substring(from, at - 1));
            final boolean isValue = text.startsWith("\"v\"", from - 1);
            skip(':');
            final long value = value(isKind);
            shape += mixed(name * FACTOR + (isValue ? 0 : value));
        }
        at++;
        return shape;
    }

    private long array() {
        final long[] seen = new long[MAX_SHAPES];
        int count = 0;
        long shape = '[';
        at++;
        while (text.charAt(at) != ']') {
            skip(',');
            final long element = mixed(value(false));
            boolean isNew = count < MAX_SHAPES;
            for (int i = 0; i < count; i++) {
                isNew &= seen[i] != element;
            }
            if (isNew) {
                seen[count++] = element;
                shape += element;
            }
        }
        at++;
        return shape;
    }

    /** Reads a string; its hash. */
    private long string() {
        long hash = 0;
        for (at++; text.charAt(at) != '"'; at++) {
            at += text.charAt(at) == '\\' ? 1 : 0;
            hash = hash * 31 + text.charAt(at);
        }
        at++;
        return hash;
    }

    private long scalar(final char first) {
        while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return first == '-' || first >= '0' && first <= '9' ? '0' : first;
    }

    private void skip(final char separator) {
        at += text.charAt(at) == separator ? 1 : 0;
    }

    private static long mixed(final long bits) {
        final long mixed = (bits ^ bits >>> 32) * FACTOR;
        return mixed ^ mixed >>> 29;
    }
}
