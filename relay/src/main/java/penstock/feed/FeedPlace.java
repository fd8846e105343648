package penstock.feed;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a feed among the feeds of a relay. Immutable.
 *
 * @param name         the name that clients use; null = it is the only one, and needs none here
 * @param number       from 0
 * @param firstChannel the number of its first channel among the channels of all feeds
 */
public record FeedPlace(String name, int number, int firstChannel) {
    /** The only feed of a relay. */
    public static final FeedPlace ONLY = new FeedPlace(null, 0, 0);

    /** A key of the only feed, not a part of an address. */
    private static final Pattern KEY = Pattern.compile("(?<![\\w./-])feed\\.(?=[a-z])");

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
