package penstock.server.deflate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The server's answer to a client's offers of permessage-deflate (RFC 7692): accepts the first acceptable offer and
 * ignores the rest. The answer names only parameters that the client offered, because some clients refuse others.
 * Without memory for what the client's messages may refer to, it asks for messages that stand by themselves all the
 * same; nearly all clients take that. The server compresses each message by itself, whether the client asked for that
 * or not, so one compressed frame serves many connections. Immutable.
 *
 * @param windowBits        the largest window that the server's messages may need, 8 to 15
 * @param clientWindowBytes how far back into earlier messages the client's may refer; 0 if each stands by itself
 * @param text              the {@code Sec-WebSocket-Extensions} of the response
 */
record DeflateAnswer(int windowBits, int clientWindowBytes, String text) {
    /** The default window: 32 KiB. */
    static final int MAX_WINDOW_BITS = 15;
    /** The window that clients are asked to keep to, if they can be asked: 4 KiB, instead of 32, for each session. */
    static final int CLIENT_WINDOW_BITS = 12;

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";
    private static final String CLIENT_MAX_WINDOW_BITS = "client_max_window_bits";
    private static final String BITS = "[89]|1[0-5]";

    /**
     * The answer to {@code offers}, the values of all {@code Sec-WebSocket-Extensions} headers in order; null if none
     * is acceptable. {@code hasRoom}: whether that many bytes of the client's earlier messages can be kept.
     */
    public static DeflateAnswer to(final List<String> offers, final IntPredicate hasRoom) {
        for (final String header : offers) {
            for (final String offer : split(header, ',')) {
                final DeflateAnswer answer = toOffer(split(offer, ';'), hasRoom);
                if (answer != null) {
                    return answer;
                }
            }
        }
        return null;
    }

    private static DeflateAnswer toOffer(final List<String> parts, final IntPredicate hasRoom) {
        if (!NAME.equals(parts.get(0))) {
            return null;
        }
        final Map<String, String> offered = new HashMap<>();
        for (final String part : parts.subList(1, parts.size())) {
            final int equals = part.indexOf('=');
            final String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            final String value = equals < 0 ? "" : unquoted(part.substring(equals + 1).strip());
            if (!isAllowed(name, equals < 0 ? null : value) || offered.put(name, value) != null) {
                return null;
            }
        }
        return answer(offered, hasRoom);
    }

    private static DeflateAnswer answer(final Map<String, String> offered, final IntPredicate hasRoom) {
        final StringBuilder text = new StringBuilder(NAME);
        if (offered.containsKey(SERVER_NO_CONTEXT_TAKEOVER)) {
            text.append("; ").append(SERVER_NO_CONTEXT_TAKEOVER);
        }
        final int bits = bits(offered.get(SERVER_MAX_WINDOW_BITS));
        if (offered.containsKey(SERVER_MAX_WINDOW_BITS)) {
            text.append("; ").append(SERVER_MAX_WINDOW_BITS).append('=').append(bits);
        }
        final int offeredBits = bits(offered.get(CLIENT_MAX_WINDOW_BITS));
        final boolean isAsked = offered.containsKey(CLIENT_MAX_WINDOW_BITS) && offeredBits > CLIENT_WINDOW_BITS;
        final int window = 1 << (isAsked ? CLIENT_WINDOW_BITS : offeredBits);
        if (offered.containsKey(CLIENT_NO_CONTEXT_TAKEOVER) || !hasRoom.test(window)) {
            return new DeflateAnswer(bits, 0, text.append("; ").append(CLIENT_NO_CONTEXT_TAKEOVER).toString());
        }
        if (isAsked) {
            text.append("; ").append(CLIENT_MAX_WINDOW_BITS).append('=').append(CLIENT_WINDOW_BITS);
        }
        return new DeflateAnswer(bits, window, text.toString());
    }

    private static int bits(final String value) {
        return value == null || value.isEmpty() ? MAX_WINDOW_BITS : Integer.parseInt(value);
    }

    /** {@code value}: null without one. */
    private static boolean isAllowed(final String name, final String value) {
        return switch (name) {
            case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> value == null;
            case SERVER_MAX_WINDOW_BITS -> value != null && value.matches(BITS);
            case CLIENT_MAX_WINDOW_BITS -> value == null || value.matches(BITS);
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
