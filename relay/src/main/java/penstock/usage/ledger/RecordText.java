package penstock.usage.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes one record of the ledger as the body of a line: JSON without its closing brace. Owned by one thread. */
public final class RecordText {
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder(256);

    /** A record of {@code type}, written at {@code atMs} (milliseconds since 1970, UTC). */
    public RecordText(final String type, final long atMs) {
        text.append("{\"type\":\"").append(type).append('"');
        time("at", atMs);
    }

    /** Adds a text; null is {@code null}. */
    public RecordText text(final String name, final String value) {
        name(name);
        if (value == null) {
            text.append("null");
        } else {
            quote(value);
        }
        return this;
    }

    /** Adds a whole number. */
    public RecordText number(final String name, final long value) {
        name(name).append(value);
        return this;
    }

    /** Adds true or false. */
    public RecordText flag(final String name, final boolean value) {
        name(name).append(value);
        return this;
    }

    /** Adds a time in UTC, to the millisecond. */
    public RecordText time(final String name, final long ms) {
        name(name).append('"').append(format(ms)).append('"');
        return this;
    }

    /** How the ledger writes a time. */
    public static String format(final long ms) {
        return TIME.format(Instant.ofEpochMilli(ms));
    }

    byte[] body() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private StringBuilder name(final String name) {
        return text.append(",\"").append(name).append("\":");
    }

    private void quote(final String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c) && !isPaired(value, i)) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }

    private static boolean isPaired(final String value, final int i) {
        return Character.isHighSurrogate(value.charAt(i))
            ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
            : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }
}
