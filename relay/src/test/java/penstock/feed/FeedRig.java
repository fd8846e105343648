package penstock.feed;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.text.Address;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** A feed with a manual clock and fake servers, for a venue whose data is {@code {"s":"A","v":1}}. */
final class FeedRig {
    /** With four %s: keys of the connection, any other keys, more texts, keys of the rule for quotes. */
    static final String VENUE = """
        name = plain
        connection { idle { any-frame = 0, data = 0 }, reconnect { min = 1s, max = 8s, reset-after = 60s }, %s }
        channels { quote { class = last-value, default = true } }
        %s
        messages {
          text = [ { equals = pong, as = heartbeat }%s ]
          rules = [
            { name = ok, match { "$/ok" = true }, as = ack }
            { name = full, match { "$/full" = true }, as = nack, classify = [ { do = shard } ] }
            { name = no, match { "$/ok" = false }, as = nack }
            { name = answer, match { "$/code" = "*" }, as = ack }
            { name = ping, match { "$/ping" = "*" }, as = heartbeat }
            { name = move, match { "$/move" = "*" }, as = rollover }
            { name = trouble, match { "$/trouble" = "*" }, as = error }
            { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", ts { at = "$/t", unit = us }, emit = "$/v"%s }
          ]
        }
        """;

    static final long LINGER_MS = 1_000;

    final ManualClock clock;
    final FakeUpstreams upstreams;
    final List<String> fatal = new ArrayList<>();
    final RecordedRing ring;
    FeedProxy session;
    /** The rules of the last start. */
    Venue venue;
    private List<String> urls = List.of("ws://one.invalid/");
    private String seq = "";
    private List<String> channels = List.of();
    private String texts = "";
    private boolean isRedundant;
    private int maxTopics = 1_000;

    FeedRig() {
        this(new ManualClock());
    }

    FeedRig(final ManualClock clock) {
        this(clock, new RecordedRing(1024));
    }

    FeedRig(final ManualClock clock, final RecordedRing ring) {
        this.clock = clock;
        this.ring = ring;
        upstreams = new FakeUpstreams(clock);
    }

    FeedRig urls(final String... addresses) {
        urls = List.of(addresses);
        return this;
    }

    /** The venue sends this text, too. */
    FeedRig text(final String rule) {
        texts = ", " + rule;
        return this;
    }

    /** Other channels than the default one. */
    FeedRig channels(final String... names) {
        channels = List.of(names);
        return this;
    }

    FeedRig maxTopics(final int topics) {
        maxTopics = topics;
        return this;
    }

    /** {@code "n":1} in a quote is its sequence number. */
    FeedRig numbered(final String rule) {
        seq = ", seq { rule = " + rule + ", at = \"$/n\" }";
        return this;
    }

    /** {@code "k":"snapshot"} in a quote says that it is history. */
    FeedRig withHistory() {
        seq += ", kind = \"$/k | default(full)\"";
        return this;
    }

    /** Two connections subscribe to the same. */
    FeedRig redundant() {
        isRedundant = true;
        return this;
    }

    /** Starts, and opens the first connection. */
    FakeUpstreams.Server open(final String connection, final String more, final String... symbols) {
        start(connection, more, symbols);
        return upstreams.last().open();
    }

    void start(final String connection, final String more, final String... symbols) {
        startVenue(VENUE.formatted(connection, more, texts, seq), symbols);
    }

    /** Starts with a venue file of the test. */
    void startVenue(final String file, final String... symbols) {
        venue = VenueReader.read(new StringReader(file), "test.conf", Map.of("KEY", "k3y")::get);
        final FeedPlan plan =
            FeedPlan.of(venue, new FeedConfig(new FeedConfig.Identity("test", "plain"),
                urls.stream().map(Address::new).toList(),
            new FeedConfig.Topics(channels, List.of(symbols), maxTopics), new FeedConfig.Access(Map.of(), null),
            new FeedConfig.OnDemand(LINGER_MS, 100, 100, 0),
            isRedundant, VenueSettings.DEFAULT));
        session = FeedProxy.of(plan, upstreams, clock, new SplittableRandom(1), ring.publisher, ring.telemetry,
            fatal::add);
        session.start();
    }

    FakeUpstreams.Server server(final int number) {
        return upstreams.all.get(number);
    }

    long count(final Counter counter) {
        return ring.count(counter);
    }

    static String quote(final String symbol, final long value, final long number) {
        return "{\"s\":\"" + symbol + "\",\"n\":" + number + ",\"v\":" + value + "}";
    }

    static String quote(final String symbol, final long value) {
        return "{\"s\":\"" + symbol + "\",\"v\":" + value + "}";
    }
}
