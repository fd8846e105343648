package penstock.wire;

import java.util.List;

/**
 * How the topics of a subscription are delivered. In a request null and -1 mean "not specified"; a running
 * subscription has every option resolved. {@code intervalMs} applies to mode {@code conflate}, {@code overflow} to mode
 * {@code all}. {@code maxRate} is in updates per second, {@code maxBytes} in bytes per second; 0 = no limit. Immutable.
 */
public record SubscriptionOptions(Mode mode, int intervalMs, Overflow overflow, int maxRate, long maxBytes,
        ContentOptions content) {
    /** A request that specifies no option. */
    public static final SubscriptionOptions UNSPECIFIED = of(null, -1, null);

    /** Why {@code interval} is rejected in mode {@code all}. */
    public static final String NO_INTERVAL =
        "mode all sends each update at once and has no interval: leave it out";
    /** Why {@code overflow} is rejected outside mode {@code all}. */
    public static final String NO_OVERFLOW = "overflow applies to mode all only: leave it out";
    /** Why {@code depth} is rejected in mode {@code all}. */
    public static final String NO_DEPTH =
        "mode all sends each change of a book at any depth: leave it out, or use mode conflate";

    /** The same options with an equal list of fields. */
    public SubscriptionOptions withFields(final List<String> fields) {
        return new SubscriptionOptions(mode, intervalMs, overflow, maxRate, maxBytes,
            new ContentOptions(fields, content.delta(), content.depth(), content.payload()));
    }

    /** Options with a mode, an interval and an overflow, everything else unspecified. */
    public static SubscriptionOptions of(final Mode mode, final int intervalMs, final Overflow overflow) {
        return new SubscriptionOptions(mode, intervalMs, overflow, -1, -1, ContentOptions.UNSPECIFIED);
    }
}
