package penstock.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;
import penstock.text.PrintableText;

/**
 * Records the head of the upgrade response while XNIO reads it. XNIO does not expose the headers of a rejection, such
 * as {@code Retry-After}, and would read an endless head. Owned by the feed thread.
 */
final class UpgradeHead extends AbstractStreamSourceConduit<StreamSourceConduit> {
    static final int MAX_BYTES = 16 << 10;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9][0-9])([^\r\n]*)");

    private byte[] head = new byte[1024];
    private int length;

    UpgradeHead(final StreamSourceConduit next) {
        super(next);
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        final int start = target.position();
        final int count = super.read(target);
        if (head != null && count > 0) {
            record(target, start, count);
        }
        return count;
    }

    /** Ends the recording: the response is complete. */
    void stop() {
        head = null;
    }

    /** The HTTP status; 0 without a valid status line. */
    int status() {
        final Matcher matcher = STATUS.matcher(text());
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Status and reason as the server wrote them. */
    String statusLine() {
        final Matcher matcher = STATUS.matcher(text());
        return matcher.lookingAt() ? PrintableText.excerpt(matcher.group(1) + matcher.group(2)) : "";
    }

    /** The value of a header, null if absent. */
    String header(final String name) {
        final Matcher matcher = Pattern.compile("(?im)^" + name + ":[ \t]*([^\r\n]*)$").matcher(text());
        return matcher.find() ? matcher.group(1).trim() : null;
    }

    /** {@code Retry-After} in ms, given in seconds or as a date; -1 if absent or not understood. */
    long retryAfterMs(final long epochMs) {
        final String value = header("Retry-After");
        if (value == null) {
            return -1;
        }
        if (value.matches("[0-9]{1,9}")) {
            return Long.parseLong(value) * 1000;
        }
        try {
            final Instant then = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Math.max(0, then.toEpochMilli() - epochMs);
        } catch (DateTimeParseException e) {
            return -1;
        }
    }

    private void record(final ByteBuffer target, final int start, final int count) throws IOException {
        if (length + count > MAX_BYTES) {
            throw new IOException("the head of the server's response is larger than " + MAX_BYTES + " bytes");
        }
        if (length + count > head.length) {
            head = Arrays.copyOf(head, MAX_BYTES);
        }
        target.get(start, head, length, count);
        length += count;
    }

    private String text() {
        return head == null ? "" : new String(head, 0, length, StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0];
    }
}
