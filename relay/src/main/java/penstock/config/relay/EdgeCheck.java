package penstock.config.relay;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.ServiceKeys;
import penstock.config.SourceText;
import penstock.config.VenueSettings;

/** What a relay behind another one cannot be configured to do. Stateless. */
final class EdgeCheck {
    private static final String SUBJECT = "subject";
    /** As many as a relay has. */
    private static final int MAX_FEEDS = 32;

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
                "must begin with ws:// or wss://, as the address of a relay does, or with nats:// or tls://, as that "
                + "of a bus does, got " + url));
        checkBus(root, section, feed);
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

    /** Records what is wrong with the address of a bus. */
    static void checkBusUrl(final ConfigSection section, final String key, final String url) {
        ServiceKeys.checkAddresses(section, key, List.of(url), Set.of("nats", "tls"),
            "nats://bus1:4222 or tls://bus1:4222");
    }

    private static void checkBus(final ConfigSection root, final ConfigSection section, final FeedConfig feed) {
        final ConfigSection bus = section.section("bus");
        final FeedConfig.Bus keys = feed.access().bus();
        if (!feed.isOverBus()) {
            if (!keys.equals(FeedConfig.Bus.NONE)) {
                section.problem("bus", "has no effect: it is for addresses of NATS, like url = \"nats://bus1:4222\"");
            }
            return;
        }
        if (feed.urls().stream().anyMatch(url -> !FeedConfig.isOfBus(url.text()))) {
            section.problem("urls", "has addresses of a bus and others; an edge follows a relay over one of both: keep "
                + "those of the bus, or those that begin with ws:// or wss://");
        }
        if (keys.subject().isEmpty()) {
            bus.problem(SUBJECT, "is missing: the beginning of the subjects of the feed, like penstock.demo; it is "
                + "what bus.nats.subject of the relay that publishes has, with the name of the feed");
        }
        checkSubjects(bus, keys.subject());
        checkLoop(root, feed);
        if (!feed.access().headers().isEmpty()) {
            section.problem("headers", "has no effect over a bus, which asks for no token: log in with bus.user and "
                + "bus.password-file, bus.token-file, or bus.credentials-file");
        }
        if (feed.access().proxy() != null) {
            section.problem("proxy", "has no effect over a bus: remove it");
        }
        if (feed.urls().stream().noneMatch(url -> url.text().startsWith("tls:"))
                && !feed.access().tls().equals(FeedConfig.Tls.DEFAULT)) {
            section.problem("tls", "has no effect: no address in url or urls begins with tls://");
        }
    }

    /** It would read what it publishes itself. Of servers with several addresses the link finds that later. */
    private static void checkLoop(final ConfigSection root, final FeedConfig feed) {
        final ConfigSection nats = root.section("bus").section("nats");
        final List<String> servers = nats.textOrTexts("url");
        final String published = nats.text(SUBJECT, BusConfig.DEFAULT_SUBJECT);
        if (feed.urls().stream().noneMatch(url -> servers.contains(url.text()))) {
            return;
        }
        final String pattern = Pattern.quote(published).replace("{feed}", "\\E[^.]+\\Q");
        feed.access().bus().subject().stream().filter(subject -> subject.matches(pattern)).findFirst()
            .ifPresent(subject -> nats.problem(SUBJECT, "is a loop: on the same servers feed.bus.subject has " + subject
                + ", which " + published + " may stand for; set another one, like edge.{feed}"));
    }

    private static void checkSubjects(final ConfigSection bus, final List<String> subjects) {
        final Set<String> seen = new HashSet<>();
        for (final String subject : subjects) {
            if (subject.contains("{feed}")) {
                bus.problem(SUBJECT, "must name a feed, like " + SourceText.of(subject.replace("{feed}", "demo"))
                    + ", got " + SourceText.of(subject) + "; several feeds are a list");
            } else if (subject.length() > BusConfig.MAX_SUBJECT_CHARS
                    || !subject.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
                bus.problem(SUBJECT, "must be words of A-Z a-z 0-9 _ - with dots between, at most "
                    + BusConfig.MAX_SUBJECT_CHARS + " characters, got " + SourceText.of(subject));
            } else if (!seen.add(subject)) {
                bus.problem(SUBJECT, "has " + subject + " twice; remove one");
            }
        }
        if (subjects.size() > MAX_FEEDS) {
            bus.problem(SUBJECT, "has more than " + MAX_FEEDS + " feeds");
        }
    }

    /** They change what a venue sends, or how it is asked. */
    private static void refuse(final ConfigSection section, final String key, final boolean isSet) {
        if (isSet) {
            section.problem(key, "has no effect behind another relay, which decides that: set it there");
        }
    }
}
