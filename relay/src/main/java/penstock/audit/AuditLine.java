package penstock.audit;

import penstock.text.PrintableText;

/**
 * One line of the audit log: a word, then {@code name=value}. What comes from a client or an identity provider is
 * escaped, and at most 256 characters of it are shown. Owned by the thread that writes the line.
 */
final class AuditLine {
    static final int MAX_CHARS = 256;

    private static final String NOTHING = "-";

    private final StringBuilder text = new StringBuilder(192);

    /** Begins with {@code event}. */
    AuditLine(final String event) {
        text.append(event);
    }

    /** A text of any origin; null or empty is a dash. */
    AuditLine put(final String name, final String value) {
        text.append(' ').append(name).append('=').append(value == null || value.isEmpty() ? NOTHING : shown(value));
        return this;
    }

    AuditLine put(final String name, final long value) {
        text.append(' ').append(name).append('=').append(value);
        return this;
    }

    /** In seconds, to the millisecond. */
    AuditLine putSeconds(final String name, final long ns) {
        final long ms = ns / 1_000_000;
        text.append(' ').append(name).append('=').append(ms / 1_000).append('.');
        final int fraction = (int) (ms % 1_000);
        text.append(fraction / 100).append(fraction / 10 % 10).append(fraction % 10);
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
        return text.toString();
    }
}
