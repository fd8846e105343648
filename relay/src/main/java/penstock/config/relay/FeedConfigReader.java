package penstock.config.relay;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import penstock.config.BusLogin;
import penstock.config.ConfigSection;
import penstock.config.Problems;
import penstock.config.SourceText;
import penstock.config.VenueName;
import penstock.config.VenueSettings;
import penstock.text.Address;
import penstock.text.SecretMask;

/** Reads and checks {@code feed}, or {@code feeds}. Owned by the thread that reads the configuration. */
final class FeedConfigReader {
    private static final String VENUES =
        "name a built-in venue (" + String.join(", ", VenueName.BUILT_IN) + ") or the path of a .conf file";
    private static final String NO_PROXY = "none";
    private static final Pattern PROXY =
        Pattern.compile("(?i)(http://)?([^/@?#\\s]*@)?([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?/?");
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String FEEDS = "feeds";
    private static final String EXAMPLE = "{ binance { venue = binance }, kraken { venue = kraken-v2 } }";
    /** A session keeps a bit for each. */
    private static final int MAX_FEEDS = 32;

    private final Problems problems;
    private final ConfigObject file;
    private final Path folder;

    FeedConfigReader(final Problems problems, final ConfigObject file, final Path folder) {
        this.problems = problems;
        this.file = file;
        this.folder = folder;
    }

    /**
     * Reads the feed, or the feeds, of a relay with that many io threads and records the problems.
     *
     * @param written without the defaults
     */
    RelayConfig.Upstreams read(final ConfigSection root, final ConfigObject written, final int ioThreads) {
        final ConfigValue several = root.has(FEEDS) ? root.written(FEEDS) : null;
        if (several != null && !(several instanceof ConfigObject)) {
            root.problem(FEEDS, "must be feeds like " + EXAMPLE + ", got " + SourceText.kind(several));
        }
        final Map<String, ConfigSection> sections = several instanceof ConfigObject object
            ? sections(root.section(FEEDS), object) : Map.of();
        if (sections.isEmpty()) {
            final FeedConfig alone = alone(root.section("feed"), FeedConfig.defaultMaxTopics(ioThreads));
            if (alone.identity().venue().equals(FeedConfig.RELAY)) {
                EdgeCheck.check(root, alone);
            }
            return new RelayConfig.Upstreams(alone, Map.of(), MergeConfigReader.read(root, Set.of()));
        }
        if (written.get("feed") instanceof ConfigObject feed && !feed.isEmpty()) {
            problems.add(feed.origin(), "feed", "is set, and feeds too; keep one of them");
        }
        final int maxTopics = Math.max(1, FeedConfig.defaultMaxTopics(ioThreads) / sections.size());
        final Map<String, FeedConfig> feeds = new LinkedHashMap<>();
        sections.forEach((name, section) -> feeds.put(name,
            DelayedFeedReader.isDelayed(section) ? null : feed(section, name, maxTopics)));
        sections.forEach((name, section) -> {
            if (DelayedFeedReader.isDelayed(section)) {
                feeds.put(name, later(name, sections, feeds, (ConfigObject) several, maxTopics));
            }
        });
        return new RelayConfig.Upstreams(null, Collections.unmodifiableMap(feeds),
            MergeConfigReader.read(root, feeds.keySet()));
    }

    private FeedConfig later(final String name, final Map<String, ConfigSection> sections,
            final Map<String, FeedConfig> feeds, final ConfigObject written, final int maxTopics) {
        final ConfigSection section =
            DelayedFeedReader.completed(sections.get(name), name, written, sections, problems);
        if (section == null) {
            return new FeedConfig(name, "json", List.of(), List.of(), List.of(), Map.of());
        }
        final FeedConfig read = feed(section, name, maxTopics);
        return DelayedFeedReader.later(read, feeds.get(read.reception().delayed().of()), section);
    }

    private FeedConfig alone(final ConfigSection section, final int maxTopics) {
        if (section.section("delayed").isText("of")) {
            section.section("delayed").problem("of", "names another feed, and there is one; write both into feeds: "
                + "feeds { live { … }, later { delayed { of = live } } }");
        }
        return feed(section, null, maxTopics);
    }

    /** In the order of their lines. */
    private static Map<String, ConfigSection> sections(final ConfigSection section, final ConfigObject object) {
        final List<String> names = new ArrayList<>(section.keys());
        names.sort(Comparator.comparingInt(name -> object.get(name).origin().lineNumber()));
        final Map<String, ConfigSection> sections = new LinkedHashMap<>();
        for (final String name : names) {
            if (!NAME.matcher(name).matches()) {
                section.problem(name, "is no name of a feed; use 1 to 64 of A-Z a-z 0-9 . _ -");
            }
            sections.put(name, section.section(name));
        }
        if (names.size() > MAX_FEEDS) {
            section.problem(names.get(MAX_FEEDS), "is one feed too many: at most " + MAX_FEEDS
                + "; run another relay for the rest");
        }
        return sections;
    }

    /** {@code key}: the name of one of several feeds, null = there is one. */
    private FeedConfig feed(final ConfigSection section, final String key, final int maxTopics) {
        final String venue = venue(section, key);
        final String name = section.text("name", key);
        if (key != null && venue.equals(FeedConfig.RELAY)) {
            section.problem("venue", "penstock is another relay, whose feeds this one has, and no others; write it "
                + "alone: feed { venue = penstock, url = \"ws://…\" }");
        }
        if (key != null && !name.equals(key)) {
            section.problem("name", "differs from the key of the feed, which is its name; remove it");
        }
        final int maxSymbols = section.integer("max-symbols", 10_000, 1, 1_000_000);
        return new FeedConfig(
            new FeedConfig.Identity(name, venue),
            urls(section, venue),
            new FeedConfig.Topics(names(section, "channels", section.texts("channels")), symbols(section),
                section.integer("max-topics", maxTopics, 1, FeedConfig.MAX_TOPICS)),
            new FeedConfig.Access(headers(section), proxy(section), TlsFiles.ofFeed(section.section("tls"), folder),
                bus(section, venue)),
            new FeedConfig.OnDemand(section.durationMs("linger", 30_000, 0, 3_600_000), maxSymbols,
                section.integer("max-symbols-per-session", Math.max(1, maxSymbols / 4), 1, 1_000_000),
                section.integer("max-symbols-per-address", maxSymbols - maxSymbols / 10, 0, 1_000_000)),
            new FeedConfig.Reception(section.flag("arbitrate", false), record(section),
                DelayedFeedReader.read(section)),
            settings(section));
    }

    private FeedConfig.Bus bus(final ConfigSection section, final String venue) {
        final ConfigSection bus = section.section("bus");
        final FeedConfig.Bus read = new FeedConfig.Bus(bus.textOrTexts("subject"), BusLogin.read(bus, folder));
        if (!venue.equals(FeedConfig.RELAY) && !read.equals(FeedConfig.Bus.NONE)) {
            section.problem("bus", "is for a relay behind another one, with venue = penstock and url = \"nats://…\"; to "
                + "publish feeds on a bus set bus.nats");
        }
        return read;
    }

    private String record(final ConfigSection section) {
        final String directory = section.path("record", "must be the path of a directory, or null for no recording");
        return directory == null ? null : folder.resolve(directory).toString();
    }

    private static VenueSettings settings(final ConfigSection section) {
        final Map<String, String> names = section.textMap("symbol-names");
        final VenueSettings.Spelling spelling =
            section.choice("spelling", VenueSettings.Spelling.NORMALISED, VenueSettings.Spelling.class);
        if (spelling == VenueSettings.Spelling.VENUE && !names.isEmpty()) {
            section.problem("symbol-names", "have no effect with spelling = venue; remove one of the two");
        }
        return new VenueSettings(section.textMap("options"),
            section.choice("values", VenueSettings.Values.NORMALISED, VenueSettings.Values.class), names, spelling);
    }

    private String venue(final ConfigSection section, final String key) {
        final String venue = section.text("venue", "");
        if (!section.has("venue") && section.isText("url") && isOfLines(section.text("url", ""))) {
            return "json";
        }
        if (!section.has("venue") && key != null) {
            section.problem("venue", "is missing; " + VENUES);
        } else if (!section.has("venue")) {
            final ConfigObject where = file.get("feed") instanceof ConfigObject feed ? feed : file;
            problems.add(where.origin(), "feed.venue", "is missing; " + VENUES);
        } else if (venue.isBlank()) {
            section.problem("venue", "is empty; " + VENUES);
        } else if (venue.indexOf('\0') >= 0) {
            section.problem("venue", "contains a NUL character");
        } else if (VenueName.isPath(venue)) {
            return venuePath(section, venue);
        } else if (!VenueName.isBuiltIn(venue) && !venue.equals(FeedConfig.RELAY)) {
            section.problem("venue", "unknown venue " + SourceText.of(venue) + "; " + VenueName.remedy(venue));
        }
        return venue;
    }

    /** Looks next to the configuration file first, then in the working directory. */
    private String venuePath(final ConfigSection section, final String venue) {
        final Path beside = folder.resolve(venue);
        if (Files.isRegularFile(beside)) {
            return beside.toString();
        }
        if (!Files.isRegularFile(Path.of(venue))) {
            section.problem("venue", "no such file; looked for " + beside.toAbsolutePath().normalize()
                + ", then in the working directory");
        }
        return venue;
    }

    private static List<Address> urls(final ConfigSection section, final String venue) {
        final List<String> urls = section.texts("urls");
        urls.forEach(url -> checkUrl(section, "urls", url, venue));
        if (!section.has("url")) {
            return names(section, "urls", urls).stream().map(Address::new).toList();
        }
        if (!urls.isEmpty()) {
            section.problem("urls", "is set, and url too; keep one of them");
        }
        final String url = section.text("url", null);
        if (url == null) {
            return List.of();
        }
        checkUrl(section, "url", url, venue);
        return List.of(new Address(url));
    }

    /** Never echo an unparsable URL: it may contain a password. */
    private static void checkUrl(final ConfigSection section, final String key, final String url,
            final String venue) {
        if (venue.equals(FeedConfig.RELAY) && FeedConfig.isOfBus(url)) {
            EdgeCheck.checkBusUrl(section, key, url);
            return;
        }
        if (url.equals("stdin:") || url.startsWith(FeedConfig.Delayed.SCHEME)
                && DelayedFeedReader.isDelayed(section)) {
            return;
        }
        try {
            // values of the login are filled in later; a whole address may be one
            final String filled = url.replaceFirst("^\\$?\\{(http|plugin):[^{}]+}", "wss://x")
                .replaceAll("\\$?\\{[A-Za-z-]+(:[^{}]+)?}", "x");
            final URI uri = new URI(filled);
            if (isOfLines(url)) {
                checkLines(section, key, uri);
                return;
            }
            final boolean isWebSocket = "ws".equalsIgnoreCase(uri.getScheme())
                || "wss".equalsIgnoreCase(uri.getScheme());
            if (!isWebSocket) {
                section.problem(key, "must begin with ws://, wss:// or tcp://, or be stdin:, got "
                    + SourceText.of(new Address(url).toString()));
            } else if (uri.getHost() == null) {
                section.problem(key, "has no valid host and port; write it like wss://stream.example.com:9443/path");
            } else if (uri.getRawUserInfo() != null) {
                section.problem(key, "must not carry user:password@; put credentials into headers");
            } else if (uri.getPort() > 65_535 || uri.getPort() == 0 || uri.getRawFragment() != null) {
                section.problem(key,
                    (uri.getRawFragment() != null ? "must not have a #fragment" : "must have a port from 1 to 65535")
                    + ", got " + SourceText.of(new Address(url).toString()));
            }
        } catch (final URISyntaxException wrong) {
            section.problem(key, "is not an address: " + wrong.getReason() + " at character " + (wrong.getIndex() + 1)
                + "; write it like wss://stream.example.com:9443/path");
        }
    }

    /** Whether the messages at an address are lines. */
    private static boolean isOfLines(final String url) {
        return url.equals("stdin:") || url.startsWith("tcp://");
    }

    private static void checkLines(final ConfigSection section, final String key, final URI uri) {
        final boolean isWrong = uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535
            || uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null
            || !uri.getRawPath().isEmpty();
        if (isWrong) {
            section.problem(key, "must have a host, a port and nothing behind them, like tcp://localhost:5000");
        }
    }

    private static List<String> symbols(final ConfigSection section) {
        final boolean isWord = section.isText("symbols") && section.text("symbols", "").equals(FeedConfig.ON_DEMAND);
        final List<String> symbols = isWord ? List.of(FeedConfig.ON_DEMAND) : section.texts("symbols");
        if (symbols.size() > 1 && symbols.contains(FeedConfig.ON_DEMAND)) {
            section.problem("symbols", "on-demand stands alone: symbols = on-demand, or a list of symbols without it");
        }
        return names(section, "symbols", symbols);
    }

    private static List<String> names(final ConfigSection section, final String key, final List<String> names) {
        final Set<String> seen = new HashSet<>();
        for (final String name : names) {
            if (name.isBlank()) {
                section.problem(key, "has an empty entry; remove it");
            } else if (!seen.add(name)) {
                section.problem(key, "duplicate entry " + SourceText.of(SecretMask.url(name)) + "; remove one");
            }
        }
        return names;
    }

    /** Never echoes the text: it may contain a password. */
    private static String proxy(final ConfigSection section) {
        final String proxy = section.text("proxy", NO_PROXY);
        if (!section.has("proxy") || proxy.equals(NO_PROXY)) {
            return section.has("proxy") ? NO_PROXY : null;
        }
        if (!PROXY.matcher(proxy).matches()) {
            section.problem("proxy", "must be none or the address of an HTTP proxy, like http://proxy.example.com:3128 "
                + "or http://user:password@host:port with special characters as %XX");
            return NO_PROXY;
        }
        return proxy.contains("://") ? proxy : "http://" + proxy;
    }

    private static Map<String, String> headers(final ConfigSection section) {
        final Map<String, String> headers = section.textMap("headers");
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()) {
                section.problem("headers", "has the name " + SourceText.of(name)
                    + ", which HTTP does not allow; use letters, digits and -");
            } else if (!value.chars().allMatch(c -> c >= ' ' && c != 0x7f)) {
                section.problem("headers", "has a control character in the value of " + name + "; remove it");
            }
        });
        return headers;
    }
}
