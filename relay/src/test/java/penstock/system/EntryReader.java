package penstock.system;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the entries of a snapshot or update message straight from its bytes; {@code v} comes out exactly as it was
 * sent.
 */
final class EntryReader {
    /** One entry. */
    interface Sink {
        void onEntry(String symbol, long q, long conflated, boolean stale, byte[] value);
    }

    private final byte[] bytes;
    private final int end;
    private int at;

    private EntryReader(final byte[] bytes, final int offset, final int length) {
        this.bytes = bytes;
        at = offset;
        end = offset + length;
    }

    static void read(final byte[] bytes, final int offset, final int length, final Sink sink) {
        new EntryReader(bytes, offset, length).read(sink);
    }

    /** The text of a top-level field in front of {@code data}, without quotes; null when it is not there. */
    static String field(final byte[] bytes, final int offset, final int length, final String name) {
        final String head = new String(bytes, offset, Math.min(length, 400), StandardCharsets.UTF_8);
        final int found = head.indexOf("\"" + name + "\":");
        if (found < 0) {
            return null;
        }
        final int start = found + name.length() + 3;
        if (head.charAt(start) == '"') {
            return head.substring(start + 1, head.indexOf('"', start + 1));
        }
        int stop = start;
        while (stop < head.length() && ",}]".indexOf(head.charAt(stop)) < 0) {
            stop++;
        }
        return head.substring(start, stop);
    }

    private void read(final Sink sink) {
        while (!startsWith("\"data\":[")) {
            at++;
        }
        expect("\"data\":[");
        while (bytes[at] != ']') {
            if (bytes[at] == ',') {
                at++;
            }
            expect("{\"s\":\"");
            final String symbol = until('"');
            expect("\",\"q\":");
            final long q = number();
            if (startsWith(",\"t\":")) {
                expect(",\"t\":");
                number();
            }
            long conflated = 0;
            if (startsWith(",\"c\":")) {
                expect(",\"c\":");
                conflated = number();
            }
            final boolean stale = startsWith(",\"st\":");
            if (stale) {
                expect(startsWith(",\"st\":\"closed\"") ? ",\"st\":\"closed\"" : ",\"st\":\"stale\"");
            }
            expect(",\"v\":");
            sink.onEntry(symbol, q, conflated, stale, value());
            expect("}");
        }
        expect("]}");
        if (at != end) {
            throw new AssertionError("something behind the data");
        }
    }

    private byte[] value() {
        final int start = at;
        int depth = 0;
        boolean inString = false;
        do {
            final byte b = bytes[at++];
            if (inString) {
                if (b == '\\') {
                    at++;
                } else if (b == '"') {
                    inString = false;
                }
            } else if (b == '"') {
                inString = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        } while (depth > 0 || inString || ",}]".indexOf(bytes[at]) < 0);
        return Arrays.copyOfRange(bytes, start, at);
    }

    private long number() {
        long value = 0;
        while (bytes[at] >= '0' && bytes[at] <= '9') {
            value = value * 10 + bytes[at++] - '0';
        }
        return value;
    }

    private String until(final char stop) {
        final int start = at;
        while (bytes[at] != stop) {
            at++;
        }
        return new String(bytes, start, at - start, StandardCharsets.UTF_8);
    }

    private boolean startsWith(final String text) {
        if (at + text.length() > end) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private void expect(final String text) {
        if (!startsWith(text)) {
            throw new AssertionError("expected " + text + " at "
                + new String(bytes, at, Math.min(60, end - at), StandardCharsets.UTF_8));
        }
        at += text.length();
    }
}
