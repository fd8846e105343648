package penstock.config.relay;

import java.util.List;

/**
 * A channel that is made of the same channel of several feeds. Immutable.
 *
 * @param from     the names of the feeds, the preferred one first
 * @param maxAgeMs how old a value may become before another feed may show an older one, or an update of one less
 *                 preferred counts
 */
public record MergeConfig(List<String> from, Prefer prefer, long maxAgeMs) {
    /** The name of the feed that has the merged channels. */
    public static final String FEED = "merged";

    /** Which value counts. */
    public enum Prefer {
        /** The newest of all. */
        FRESHEST,
        /** That of the first feed which has a young one. */
        FIRST
    }
}
