package penstock.config.relay;

import com.typesafe.config.ConfigObject;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import penstock.config.ConfigSection;
import penstock.config.Problems;
import penstock.text.Address;

/**
 * Reads a feed that is another one, later: keys that it does not set are those of the other feed, but for what is about
 * a connection to a venue. Owned by the thread that reads the configuration.
 */
final class DelayedFeedReader {
    private static final String DELAYED = "delayed";
    private static final String OF = "of";
    private static final String URL = "url";
    private static final String URLS = "urls";
    private static final String VENUE = "venue";
    private static final long DAY_MS = 86_400_000;
    private static final List<String> OF_A_CONNECTION = List.of("name", URL, URLS, "arbitrate", "record", DELAYED,
        "proxy", "tls", "headers", "max-topics");

    private DelayedFeedReader() {
    }

    static boolean isDelayed(final ConfigSection feed) {
        return feed.section(DELAYED).has(OF);
    }

    /** Whose recording is played, and how much later. */
    static FeedConfig.Delayed read(final ConfigSection feed) {
        final ConfigSection section = feed.section(DELAYED);
        return new FeedConfig.Delayed(section.text(OF, null),
            section.durationMs("by", FeedConfig.Delayed.NOT.byMs(), 1_000, DAY_MS));
    }

    /** A delayed feed with the keys of the other one; null if there is none, which is reported. */
    static ConfigSection completed(final ConfigSection section, final String name, final ConfigObject feeds,
            final Map<String, ConfigSection> sections, final Problems problems) {
        final String of = section.section(DELAYED).text(OF, null);
        final ConfigSection other = sections.get(of);
        // all keys are read of the completed one
        section.keys().forEach(section::has);
        section.section(DELAYED).keys().forEach(section.section(DELAYED)::has);
        if (other == null || isDelayed(other)) {
            final TreeSet<String> names = new TreeSet<>(sections.keySet());
            names.removeIf(each -> isDelayed(sections.get(each)));
            section.section(DELAYED).problem(OF, "must name another feed that is not delayed itself"
                + (names.isEmpty() ? "" : ", like " + names.first()) + ", got " + of);
            return null;
        }
        ConfigObject inherited = (ConfigObject) feeds.get(of);
        for (final String key : OF_A_CONNECTION) {
            inherited = inherited.withoutKey(key);
        }
        return new ConfigSection(((ConfigObject) feeds.get(name)).withFallback(inherited), section.path(), problems);
    }

    /** {@code read}: a delayed feed as its keys say, {@code other}: whose recording it plays. */
    static FeedConfig later(final FeedConfig read, final FeedConfig other, final ConfigSection section) {
        final FeedConfig.Delayed delayed = read.reception().delayed();
        final Address recording = new Address(FeedConfig.Delayed.SCHEME + delayed.of());
        if (other.record() == null) {
            section.section(DELAYED).problem(OF, "feed " + delayed.of() + " is not recorded; set feeds." + delayed.of()
                + ".record");
        }
        if (!read.identity().venue().equals(other.identity().venue())) {
            section.problem(VENUE, "must be that of feed " + delayed.of() + ", whose recording this feed plays; remove "
                + "it");
        }
        if (!read.urls().isEmpty() && !read.urls().equals(List.of(recording))) {
            section.problem(section.has(URL) ? URL : URLS, "must not be set: this feed plays the recording of feed "
                + delayed.of() + "; remove it");
        }
        if (read.record() != null || read.arbitrate()) {
            section.problem(read.record() != null ? "record" : "arbitrate", "has no use for a delayed feed; remove it");
        }
        return new FeedConfig(read.identity(), List.of(recording), read.topics(), read.access(), read.onDemand(),
            read.reception(), read.settings());
    }
}
