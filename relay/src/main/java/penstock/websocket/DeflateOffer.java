package penstock.websocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The client's offer of permessage-deflate (RFC 7692), and the check of the server's answer. An answer that was not
 * offered or violates the RFC fails the connection, as the RFC demands. Stateless: any thread.
 */
public final class DeflateOffer {
    /**
     * The {@code Sec-WebSocket-Extensions} to send. The client never compresses, so the server needs no window for it.
     */
    public static final String OFFER = "permessage-deflate; client_no_context_takeover";

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_NO_CONTEXT_TAKEOVER = "server_no_context_takeover";
    private static final String CLIENT_NO_CONTEXT_TAKEOVER = "client_no_context_takeover";
    private static final String SERVER_MAX_WINDOW_BITS = "server_max_window_bits";

    private DeflateOffer() {
    }

    /**
     * True if the server compresses. {@code responseExtensions}: its {@code Sec-WebSocket-Extensions} joined by commas,
     * or null.
     */
    public static boolean accepted(final String responseExtensions) throws ProtocolException {
        return !parameters(responseExtensions).isEmpty();
    }

    /**
     * True if the server starts every message with an empty window: the opposite of {@link MessageInflater}'s context
     * takeover.
     */
    public static boolean serverNoContextTakeover(final String responseExtensions) throws ProtocolException {
        return parameters(responseExtensions).contains(SERVER_NO_CONTEXT_TAKEOVER);
    }

    /** The extension's name and the names of its parameters, validated; empty if the server does not compress. */
    private static Set<String> parameters(final String extensions) throws ProtocolException {
        if (extensions == null || extensions.isBlank()) {
            return Set.of();
        }
        final List<String> parts = split(extensions);
        final Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            final String part = parts.get(i);
            final int equals = part.indexOf('=');
            final String name = (equals < 0 ? part : part.substring(0, equals)).strip();
            final String value = equals < 0 ? null : unquoted(part.substring(equals + 1).strip());
            if (i == 0 ? !NAME.equals(part) : !isAllowed(name, value)) {
                throw rejected(part, i == 0 ? "was not offered" : "is unknown, was not offered or has a wrong value",
                    extensions);
            }
            if (!names.add(name)) {
                throw rejected(part, "appears twice", extensions);
            }
        }
        return names;
    }

    /** The client offers one extension, so a comma can only introduce an extension that was not offered. */
    private static List<String> split(final String extensions) throws ProtocolException {
        final List<String> parts = new ArrayList<>();
        for (final String part : extensions.split(";", -1)) {
            if (part.indexOf(',') >= 0) {
                throw rejected(part.strip(), "adds a second extension", extensions);
            }
            parts.add(part.strip());
        }
        return parts;
    }

    private static boolean isAllowed(final String name, final String value) {
        return switch (name) {
            case SERVER_NO_CONTEXT_TAKEOVER, CLIENT_NO_CONTEXT_TAKEOVER -> value == null;
            // the inflater's window always has the maximum of 15 bits, which fits every value
            case SERVER_MAX_WINDOW_BITS -> value != null && value.matches("[89]|1[0-5]");
            default -> false;
        };
    }

    private static String unquoted(final String value) {
        final boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private static ProtocolException rejected(final String part, final String why, final String extensions) {
        return ProtocolException.framing("Sec-WebSocket-Extensions of the server: '" + part + "' " + why + " (in '"
            + extensions + "')");
    }
}
