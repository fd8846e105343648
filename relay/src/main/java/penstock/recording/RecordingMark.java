package penstock.recording;

import java.util.Locale;

/**
 * A line of the receive times that belongs to no message: {@code #NS WORD …}, with the time first.
 *
 * <pre>
 *   #NS begin 1 VENUE BOOT MONOTONIC_NS   a file begins; both times are of the same moment
 *   #NS open CONNECTION ADDRESS           a connection to the venue is open
 *   #NS close CONNECTION REASON           it has ended
 *   #NS lost MESSAGES                     the number of messages missing here
 * </pre>
 *
 * A line of a message is {@code NS}, or {@code NS CONNECTION FORM}. Forms are {@code text}, {@code binary} (what it
 * inflates to, at a venue that compresses each message), {@code packed} (a binary message that does not inflate) and
 * {@code fetched:KEY}, the answer to a request over HTTP. With {@code 64} behind the word the line of the message is
 * base64: it is no UTF-8, or has line ends.
 */
public enum RecordingMark {
    /** A file begins. */
    BEGIN,
    /** A connection is open. */
    OPEN,
    /** A connection has ended. */
    CLOSE,
    /** Messages are missing. */
    LOST;

    /** Of the format; a higher number cannot be read. */
    public static final int VERSION = 1;
    /** Begins a mark. */
    public static final char FIRST = '#';
    /** What a message is, in its line of the receive times. */
    public static final String TEXT = "text";
    /** Likewise. */
    public static final String BINARY = "binary";
    /** Likewise: a binary message that cannot be inflated as the venue file says. */
    public static final String PACKED = "packed";
    /** Likewise; the key follows. */
    public static final String FETCHED = "fetched";
    /** Behind one of them: the message is written as base64. */
    public static final String BASE64 = "64";

    private final String word = name().toLowerCase(Locale.ROOT);

    /** In the file. */
    public String word() {
        return word;
    }

    /** The line, without its end. */
    public String line(final long receivedNs, final String words) {
        return FIRST + Long.toString(receivedNs) + " " + word + " " + words;
    }

    /** The line that begins a file. */
    public static String begin(final RecordingClock clock, final String venue) {
        final long monotonicNs = clock.monotonicNs();
        return BEGIN.line(clock.epochNs(monotonicNs), VERSION + " " + venue.replaceAll("\\s", "_") + " " + clock.boot()
            + " " + monotonicNs);
    }
}
