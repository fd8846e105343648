package penstock.wire;

import java.util.List;

/**
 * How the topics of a subscription are to be sent, as far as a request says so: null or -1 is what it does not say.
 * What a running subscription keeps to is said in full. {@code intervalMs} counts in mode {@code conflate},
 * {@code overflow} in mode {@code all}; {@code maxRate} is updates per second and {@code maxBytes} bytes per second, 0
 * = no limit; {@code fields} are the names wanted, none = all; {@code depth} is price levels per side, 0 = all.
 * Immutable.
 */
public record SubscriptionOptions(Mode mode, int intervalMs, Overflow overflow, int maxRate, long maxBytes,
        List<String> fields, Boolean delta,
                    int depth) {
    /** A request that says nothing of it. */
    public static final SubscriptionOptions UNSAID = of(null, -1, null);

    /** Why {@code interval} is refused. */
    public static final String NO_INTERVAL =
        "mode all sends each update at once, an interval makes no sense: leave it out";
    /** Why {@code overflow} is refused. */
    public static final String NO_OVERFLOW = "overflow belongs to mode all: leave it out";
    /** Why {@code depth} is refused. */
    public static final String NO_DEPTH =
        "mode all sends each change of a book, whatever its depth: leave it out, or take mode conflate";

    /** What says nothing besides. */
    public static SubscriptionOptions of(final Mode mode, final int intervalMs, final Overflow overflow) {
        return new SubscriptionOptions(mode, intervalMs, overflow, -1, -1, null, null, -1);
    }
}
