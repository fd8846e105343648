package penstock.tap;

import java.util.Locale;
import penstock.wire.CloseStatus;

/** What a close code means to a subscriber, and whether to reconnect. Stateless. */
final class CloseMeaning {
    private CloseMeaning() {
    }

    /** True if a subscriber should reconnect unchanged. */
    static boolean isReconnectable(final int code) {
        return code == 1001 || code == 1006 || code >= 1011 && code <= 1014 || code / 100 == 45;
    }

    static String of(final int code) {
        return switch (code) {
            case 1000 -> "normal end";
            case 1001 -> "the relay is shutting down: reconnect";
            case 1002 -> "protocol error";
            case 1003 -> "unsupported type of message";
            case 1005 -> "closed without a code";
            case 1006 -> "connection lost";
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
