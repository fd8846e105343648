package penstock.feed.merge;

import java.util.List;

/**
 * A channel whose topics come from several feeds. Immutable.
 *
 * @param channel      its number among the channels of all feeds
 * @param sources      the numbers of the channels that it is made of, the preferred one first
 * @param names        the names of their feeds, in the same order
 * @param prefersFirst whether a feed counts only while none before it has sent a value for {@code maxAgeNs}
 * @param maxAgeNs     how old a value may become before one counts that the venue's clock calls older
 */
public record MergedChannel(int channel, List<Integer> sources, List<String> names, boolean prefersFirst,
        long maxAgeNs) {
}
