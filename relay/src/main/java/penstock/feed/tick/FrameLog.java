package penstock.feed.tick;

import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;

/**
 * Logs a sample of the frames that the rules could not use: of each kind the first, the tenth, the hundredth and so on.
 * A venue that changes its format is noticed and cannot fill the disk. Owned by the feed thread.
 */
public final class FrameLog {
    private static final Logger LOG = LoggerFactory.getLogger(FrameLog.class);

    private final String title;
    private final Map<Kind, long[]> counts = new EnumMap<>(Kind.class);

    /** Each kind is sampled separately. */
    enum Kind {
        UNMATCHED("no venue rule matches"),
        NOT_JSON("not JSON"),
        UNDECODABLE("a payload could not be inflated"),
        GAP("messages are missing"),
        TOO_MANY_TOPICS("feed.max-topics is reached, a new symbol is refused"),
        BAD_SYMBOL("a symbol is refused that no subscriber can ask for: it has over 128 characters, or a control "
            + "character"),
        NAME_TAKEN("another symbol has the name that the rules of symbols give this one, which keeps the venue's "
            + "spelling; feed.symbol-names can give it a name of its own"),
        NUMBER("a sequence number cannot be read"),
        REJECTED("venue rejected a request"),
        ERROR("venue reports an error"),
        FAILED("an update could not be used");

        private final String words;

        Kind(final String words) {
            this.words = words;
        }
    }

    /** {@code title}: how the log calls the feed. */
    public FrameLog(final String title) {
        this.title = title;
    }

    /** How the log calls the feed. */
    String title() {
        return title;
    }

    /** Counts, and logs if the count is a power of ten. */
    void sample(final Kind kind, final String detail, final byte[] frame, final int offset, final int length) {
        final long count = ++counts.computeIfAbsent(kind, each -> new long[1])[0];
        if (isPowerOfTen(count)) {
            LOG.warn("{}: {}{} (number {}; {} bytes): {}", title, kind.words, detail, count, length,
                PrintableText.excerpt(frame, offset, length));
        }
    }

    private static boolean isPowerOfTen(final long count) {
        long power = count;
        while (power % 10 == 0) {
            power /= 10;
        }
        return power == 1;
    }
}
