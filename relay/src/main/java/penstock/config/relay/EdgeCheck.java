package penstock.config.relay;

import penstock.config.ConfigSection;
import penstock.config.VenueSettings;

/** What a relay behind another one cannot be configured to do. Stateless. */
final class EdgeCheck {
    private EdgeCheck() {
    }

    /** Records the problems of {@code feed}, whose venue is another relay. */
    static void check(final ConfigSection root, final FeedConfig feed) {
        final ConfigSection section = root.section("feed");
        if (feed.urls().isEmpty()) {
            section.problem("url", "is missing: the address of the other relay, like wss://ingest:8080/v1/ws; urls has "
                + "several with the same data");
        }
        // what is no address of any feed has been reported
        feed.urls().stream().filter(url -> url.text().startsWith("tcp://") || url.text().equals("stdin:"))
            .forEach(url -> section.problem(section.has("url") ? "url" : "urls",
                "must begin with ws:// or wss://, as the address of a relay does, got " + url));
        refuse(section, "name", feed.identity().name() != null);
        refuse(section, "options", !feed.settings().options().isEmpty());
        refuse(section, "spelling", feed.settings().spelling() != VenueSettings.Spelling.NORMALISED);
        refuse(section, "symbol-names", !feed.settings().symbolNames().isEmpty());
        refuse(section, "values", feed.settings().values() != VenueSettings.Values.NORMALISED);
        refuse(section, "channels", !feed.topics().channels().isEmpty());
        refuse(section, "symbols", !feed.topics().symbols().isEmpty());
        refuse(section, "arbitrate", feed.arbitrate());
        refuse(section, "record", feed.record() != null);
        if (!root.section("lease").texts("etcd").isEmpty()) {
            root.section("lease").problem("etcd", "is for relays with a connection to a venue, and this one is behind "
                + "another relay in any case");
        }
    }

    /** They change what a venue sends, or how it is asked. */
    private static void refuse(final ConfigSection section, final String key, final boolean isSet) {
        if (isSet) {
            section.problem(key, "has no effect behind another relay, which decides that: set it there");
        }
    }
}
