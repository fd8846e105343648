package penstock.feed;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a feed among the feeds of a relay. Immutable.
 *
 * @param name         the name that clients use; null = the relay has one feed, which needs none here
 * @param number       from 0
 * @param firstChannel the number of its first channel among the channels of all feeds
 * @param channels     the numbers of its channels; empty = they follow the first one
 */
public record FeedPlace(String name, int number, int firstChannel, List<Integer> channels) {
    /** The only feed of a relay. */
    public static final FeedPlace ONLY = new FeedPlace(null, 0, 0);

    /** A key of the only feed, not a part of an address. */
    private static final Pattern KEY = Pattern.compile("(?<![\\w./-])feed\\.(?=[a-z])");

    /** One whose channels follow each other. */
    public FeedPlace(final String name, final int number, final int firstChannel) {
        this(name, number, firstChannel, List.of());
    }

    /** One with these channels. */
    public FeedPlace(final String name, final int number, final List<Integer> channels) {
        this(name, number, channels.get(0), List.copyOf(channels));
    }

    /** The number of one of its channels among the channels of all feeds. */
    public int toRelay(final int channel) {
        return channels.isEmpty() ? firstChannel + channel : channels.get(channel);
    }

    /** The number of a channel among those of the feed. */
    public int fromRelay(final int channel) {
        return channels.isEmpty() ? channel - firstChannel : channels.indexOf(channel);
    }

    /** Whose counters are those of the feed thread for this feed. */
    public String owner() {
        return name == null ? "feed" : "feed/" + name;
    }

    /** How the log calls it. */
    public String title() {
        return name == null ? "feed" : "feed " + name;
    }

    /** A sentence about keys of {@code feed}, about the keys of this feed. */
    public String about(final String sentence) {
        return name == null || sentence == null ? sentence
            : KEY.matcher(sentence).replaceAll(Matcher.quoteReplacement("feeds." + name + "."));
    }
}
