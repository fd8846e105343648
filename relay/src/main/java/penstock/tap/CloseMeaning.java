package penstock.tap;

/** What a close code tells a subscriber to do. */
final class CloseMeaning {
    private CloseMeaning() {
    }

    /** Whether to come back unchanged makes sense. */
    static boolean isToReturn(final int code) {
        return code == 1001 || code == 1006 || code >= 1011 && code <= 1014 || code / 100 == 45;
    }

    static String of(final int code) {
        return switch (code) {
            case 1000 -> "normal end";
            case 1001 -> "the relay goes away: reconnect";
            case 1002 -> "protocol error";
            case 1003 -> "a kind of message that is not supported";
            case 1005 -> "closed without a code";
            case 1006 -> "connection lost";
            case 1007 -> "text that is not UTF-8";
            case 1009 -> "message too large";
            case 1011 -> "internal error of the server";
            case 4400 -> "too many bad requests: do not reconnect unchanged";
            case 4401 -> "not authenticated, or the token expired: do not reconnect unchanged";
            case 4403 -> "forbidden: do not reconnect unchanged";
            case 4408 -> "no authentication in time: do not reconnect unchanged";
            case 4413 -> "limits exceeded: do not reconnect unchanged";
            case 4429 -> "flooding: do not reconnect unchanged";
            case 4500 -> "internal error: reconnect with back-off";
            case 4503 -> "draining: reconnect with back-off";
            case 4504 -> "no pong for too long: reconnect with back-off";
            case 4508 -> "slow consumer: reconnect with back-off";
            default -> code / 100 == 44 ? "do not reconnect unchanged" : code / 100 == 45 ? "reconnect with back-off"
                : "unknown code";
        };
    }
}
