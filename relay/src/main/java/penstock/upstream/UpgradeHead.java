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
 * Listens in while XNIO reads the answer to the upgrade: XNIO keeps the headers of a refusal to itself
 * ({@code Retry-After} is one) and would read a head without end. Owned by the feed thread.
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

    /** The answer was read: from now on bytes only pass. */
    void stop() {
        head = null;
    }

    /** 0 while there is no valid status line. */
    int status() {
        final Matcher matcher = STATUS.matcher(text());
        return matcher.lookingAt() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** Status and reason as the server wrote them. */
    String statusLine() {
        final Matcher matcher = STATUS.matcher(text());
        return matcher.lookingAt() ? PrintableText.excerpt(matcher.group(1) + matcher.group(2)) : "";
    }

    /** The header's value, null when absent. */
    String header(final String name) {
        final Matcher matcher = Pattern.compile("(?im)^" + name + ":[ \t]*([^\r\n]*)$").matcher(text());
        return matcher.find() ? matcher.group(1).trim() : null;
    }

    /** {@code Retry-After} in ms, as seconds or as a date, -1 when absent or not understood. */
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
            throw new IOException("the head of the server's answer is larger than " + MAX_BYTES + " bytes");
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
