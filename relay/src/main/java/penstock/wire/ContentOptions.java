package penstock.wire;

import java.util.List;

/**
 * Which part of each topic a subscription is sent. In a request null and -1 mean "not specified". {@code fields}: the
 * field names, empty = all. {@code delta}: only changed fields. {@code depth}: price levels per side of an order book,
 * 0 = all. {@code payload}: also the venue's whole payload. Immutable.
 */
public record ContentOptions(List<String> fields, Boolean delta, int depth, Boolean payload) {
    /** A request that specifies nothing. */
    public static final ContentOptions UNSPECIFIED = new ContentOptions(null, null, -1);
    /**
     * As a depth: all levels, and in a change also those that came and went since the last one. Such a change fits
     * every image in between, which another session was sent. No client can ask for it.
     */
    public static final int EVERY_TOUCH = Integer.MAX_VALUE;
    /** Every field or level, whole. */
    public static final ContentOptions ALL = new ContentOptions(List.of(), false, 0, false);

    /** Nothing is specified of the payload. */
    public ContentOptions(final List<String> fields, final Boolean delta, final int depth) {
        this(fields, delta, depth, null);
    }

    /** These options, and those of {@code defaults} where these specify nothing. */
    public ContentOptions orElse(final ContentOptions defaults) {
        return new ContentOptions(fields != null ? fields : defaults.fields, delta != null ? delta : defaults.delta,
            depth >= 0 ? depth : defaults.depth, payload != null ? payload : defaults.payload);
    }
}
