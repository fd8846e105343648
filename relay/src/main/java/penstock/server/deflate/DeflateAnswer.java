package penstock.server.deflate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The server's answer to a client's offers of permessage-deflate (RFC 7692): accepts the first acceptable offer and
 * ignores the rest. Neither side keeps a window between messages, so one compressed frame serves many connections and
 * no connection needs zlib memory. Immutable.
 *
 * @param windowBits the largest window that the server's messages may need, 8 to 15
 * @param text       the {@code Sec-WebSocket-Extensions} of the response
 */
record DeflateAnswer(int windowBits, String text) {
    /** The default window: 32 KiB. */
    static final int MAX_WINDOW_BITS = 15;

    private static final String NAME = "permessage-deflate";
    private static final String ALWAYS = NAME + "; server_no_context_takeover; client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String BITS = "[89]|1[0-5]";

    /**
     * The answer to {@code offers}, the values of all {@code Sec-WebSocket-Extensions} headers in order; null if none
     * is acceptable.
     */
    public static DeflateAnswer to(final List<String> offers) {
        for (final String header : offers) {
            for (final String offer : split(header, ',')) {
                final DeflateAnswer answer = toOffer(split(offer, ';'));
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    private static DeflateAnswer toOffer(final List<String> parts) {
        if (!NAME.equals(parts.get(0))) {
            return null;
        }
        final Set<String> names = new HashSet<>();
        int bits = 0;
        for (final String part : parts.subList(1, parts.size())) {
            final int equals = part.indexOf('=');
            final String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            final String value = equals < 0 ? null : unquoted(part.substring(equals + 1).strip());
            if (!isAllowed(name, value) || !names.add(name)) {
                return null;
            }
            if (name.equals(SERVER_MAX_WINDOW_BITS)) {
                bits = Integer.parseInt(value);
            }
        }
        return bits == 0 ? new DeflateAnswer(MAX_WINDOW_BITS, ALWAYS)
            : new DeflateAnswer(bits, ALWAYS + "; " + SERVER_MAX_WINDOW_BITS + "=" + bits);
    }

    private static boolean isAllowed(final String name, final String value) {
        return switch (name) {
            case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
            case SERVER_MAX_WINDOW_BITS -> value != null && value.matches(BITS);
            // the inflater accepts any window, so the answer does not ask for a smaller one
            case "client_max_window_bits" -> value == null || value.matches(BITS);
            default -> false;
        };
    }

    /**
     * Splits at separators outside quotes. An unclosed quote extends to the end of the text.
     */
    private static List<String> split(final String text, final char separator) {
        final List<String> pieces = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                pieces.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        pieces.add(text.substring(start).strip());
        return pieces;
    }

    private static String unquoted(final String value) {
        final boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1") : value;
    }
}
