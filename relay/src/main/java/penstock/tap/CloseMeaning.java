package penstock.tap;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.text.Address;
import penstock.wire.CloseStatus;

/** What the end of a connection means to a subscriber, and whether to reconnect. Stateless. */
final class CloseMeaning {
    /** The client has given it up. */
    private static final int GIVEN_UP = 0;
    private static final int LOST = 1006;
    /** The client's word for a handshake that was refused. */
    private static final Pattern HTTP = Pattern.compile("\\bHTTP (\\d{3})$");

    private CloseMeaning() {
    }

    /** True if a subscriber should reconnect unchanged. */
    static boolean isReconnectable(final int code) {
        return code == GIVEN_UP || code == 1001 || code == LOST || code >= 1011 && code <= 1014 || code / 100 == 45;
    }

    /** How a connection ended that {@code isOpen}, or why there is none. */
    static String text(final int code, final String reason, final boolean isOpen, final Address address) {
        final Matcher refusal = HTTP.matcher(reason);
        if (!isOpen && refusal.find()) {
            return "cannot connect to " + address + ": " + refusal(refusal.group(1));
        }
        if (!isOpen && (code == LOST || code == GIVEN_UP)) {
            return "cannot connect to " + address + ": " + (code == LOST ? reason : "no welcome of a relay came");
        }
        return switch (code) {
            case GIVEN_UP -> "connection given up: " + (reason.equals("silent") ? "nothing came for too long"
                : "what came was not of the protocol");
            case LOST -> "connection lost" + (reason.isEmpty() ? "" : ": " + reason);
            default -> "closed by the server: " + code + " (" + of(code) + ")"
                + (reason.isEmpty() ? "" : " " + reason);
        };
    }

    private static String refusal(final String status) {
        return status.equals("401")
            ? "the server does not accept the key or token, or asks for one: --token-env names the environment "
            + "variable that has it"
            : "the server answered HTTP " + status + " instead of a WebSocket";
    }

    private static String of(final int code) {
        return switch (code) {
            case 1000 -> "normal end";
            case 1001 -> "the relay is shutting down: reconnect";
            case 1002 -> "protocol error";
            case 1003 -> "unsupported type of message";
            case 1005 -> "closed without a code";
            case 1007 -> "text that is not UTF-8";
            case 1009 -> "message too large";
            case 1011 -> "internal error of the server";
            default -> name(code) + (code / 100 == 44 ? "do not reconnect unchanged"
                : code / 100 == 45 ? "reconnect with back-off" : "unknown code");
        };
    }

    private static String name(final int code) {
        final CloseStatus status = CloseStatus.of(code);
        return status == null ? "" : status.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": ";
    }
}
