package penstock.link.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The message {@code {"type":"position","p":N}}, which ends each write to a link: everything of all subscriptions of
 * the session up to N was sent. It is read without making objects, because it is the most frequent of all text
 * messages. Stateless.
 */
public final class PositionMessage {
    /** The {@code type} of the message. */
    public static final String TYPE = "position";

    private static final byte[] BEGIN = "{\"type\":\"position\",\"p\":".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DIGITS = 18;

    private PositionMessage() {
    }

    /** Its position; -1 if the message is another one, or is not written like this. */
    public static long read(final byte[] buffer, final int offset, final int length) {
        final int digits = length - BEGIN.length - 1;
        if (digits < 1 || digits > MAX_DIGITS || buffer[offset + length - 1] != '}'
                || !Arrays.equals(buffer, offset, offset + BEGIN.length, BEGIN, 0, BEGIN.length)) {
            return -1;
        }
        long p = 0;
        for (int at = offset + BEGIN.length; at < offset + length - 1; at++) {
            final int digit = buffer[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            p = 10 * p + digit;
        }
        return p;
    }
}
