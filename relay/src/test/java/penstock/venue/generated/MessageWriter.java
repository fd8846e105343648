package penstock.venue.generated;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Collects messages and their receive times. Time passes only with {@link #pass}, and the seed is the name of the
 * venue: every run writes the same bytes. One thread at a time.
 */
public final class MessageWriter {
    private static final long BEGIN_US = 1_795_000_000_000_000L;
    private static final String[] FRACTIONS = {"", ".SSS", ".SSSSSS", ".SSSSSSSSS"};

    private final List<String> messages = new ArrayList<>();
    private final List<Long> timesNs = new ArrayList<>();
    private final Random random;
    private long nowUs = BEGIN_US;
    private int gaps;

    MessageWriter(final String venue) {
        random = new Random(venue.hashCode());
    }

    /** One message; single quotes stand for double quotes. */
    public void say(final String format, final Object... values) {
        messages.add(text(format, values).replace('\'', '"'));
        timesNs.add(nowUs * 1_000);
    }

    public static String text(final String format, final Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /** Time passes: at least this many milliseconds, at most twice as many. */
    void pass(final int ms) {
        nowUs += ms * 1_000L + random.nextInt(ms * 1_000);
    }

    /** The next message has a number that does not follow. */
    public void gap() {
        gaps++;
    }

    int gaps() {
        return gaps;
    }

    List<String> messages() {
        return messages;
    }

    List<Long> timesNs() {
        return timesNs;
    }

    public int random(final int bound) {
        return random.nextInt(bound);
    }

    /** A random number with this many decimals, from {@code least} to less than twice of it. */
    public String random(final long least, final int decimals) {
        return number(least + random.nextInt((int) least), decimals);
    }

    public static String number(final long unscaled, final int decimals) {
        return BigDecimal.valueOf(unscaled, decimals).toPlainString();
    }

    public long us() {
        return nowUs;
    }

    public long ms() {
        return nowUs / 1_000;
    }

    /** Like 1795000000.123456. */
    public String seconds() {
        return number(nowUs, 6);
    }

    /** RFC 3339 with 0, 3, 6 or 9 decimals. */
    public String rfc3339(final int decimals) {
        return time("yyyy-MM-dd'T'HH:mm:ss" + FRACTIONS[decimals / 3] + "'Z'");
    }

    public String time(final String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC)
            .format(Instant.ofEpochSecond(nowUs / 1_000_000, nowUs % 1_000_000 * 1_000));
    }
}
