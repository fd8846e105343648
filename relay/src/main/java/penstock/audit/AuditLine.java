package penstock.audit;

import java.util.ArrayList;
import java.util.List;
import penstock.text.PrintableText;

/**
 * One line of the audit log: a word, then {@code name=value}. What comes from a client or an identity provider is
 * escaped, and at most 256 characters of it are shown. It becomes a text when it is written: that takes a millisecond
 * in a process that is new, and the io threads do not have it. Built by one thread, and immutable from then on.
 */
public final class AuditLine {
    static final int MAX_CHARS = 256;

    private static final String NOTHING = "-";
    private static final int LINE_BYTES = 128;
    /** Of a field, with a value that is no text. */
    private static final int FIELD_BYTES = 48;
    private static final int BYTES_PER_CHAR = 2;

    /** In seconds, to the millisecond. */
    private record Seconds(long ns) {
        @Override
        public String toString() {
            final long ms = ns / 1_000_000;
            final int fraction = (int) (ms % 1_000);
            return ms / 1_000 + "." + fraction / 100 + fraction / 10 % 10 + fraction % 10;
        }
    }

    private final String event;
    /** Names and values in turn; a value that is null is a dash. */
    private final List<Object> fields = new ArrayList<>();
    private int bytes;

    /** Begins with {@code event}. */
    AuditLine(final String event) {
        this.event = event;
        bytes = LINE_BYTES + BYTES_PER_CHAR * event.length();
    }

    /** A text of any origin; null or empty is a dash. */
    AuditLine put(final String name, final String value) {
        final boolean isNothing = value == null || value.isEmpty();
        bytes += isNothing ? 0 : BYTES_PER_CHAR * value.length();
        return add(name, isNothing ? null : value);
    }

    AuditLine put(final String name, final long value) {
        return add(name, value);
    }

    /** In seconds, to the millisecond. */
    AuditLine putSeconds(final String name, final long ns) {
        return add(name, new Seconds(ns));
    }

    /** The memory that it takes, in bytes. */
    int bytes() {
        return bytes;
    }

    private AuditLine add(final String name, final Object value) {
        fields.add(name);
        fields.add(value);
        bytes += FIELD_BYTES;
        return this;
    }

    /** In quotes if it could be taken for something else. */
    private static String shown(final String value) {
        final String escaped = PrintableText.escape(value, MAX_CHARS).replace("\"", "\\\"");
        final boolean isPlain = !value.equals(NOTHING) && escaped.chars().noneMatch(c -> c == ' ' || c == '='
            || c == '"');
        final int room = MAX_CHARS - (isPlain ? 0 : 2);
        final String cut = escaped.length() <= room ? escaped : escaped.substring(0, room - 1) + '…';
        return isPlain ? cut : '"' + cut + '"';
    }

    @Override
    public String toString() {
        final StringBuilder text = new StringBuilder(192).append(event);
        for (int i = 0; i < fields.size(); i += 2) {
            final Object value = fields.get(i + 1);
            text.append(' ').append(fields.get(i)).append('=')
                .append(value instanceof String any ? shown(any) : value == null ? NOTHING : value);
        }
        return text.toString();
    }
}
