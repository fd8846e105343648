package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.fanout.SessionTimeouts;
import penstock.feed.merge.MergedChannel;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.RecordedLog;
import penstock.testkit.TestAuthority;
import penstock.topic.Channel;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

class RelayPlanTest {
    private static final String VENUE = """
        name = prices
        channels { quote { default = true } }
        messages { rules = [ { name = quote, match { "$" = "*" }, key = "$/s" } ] }
        """;

    private final Venue venue = VenueReader.read(new StringReader(VENUE), "the-file.conf", name -> null);

    @Test
    void shouldNameTheFeedAsTheVenueFileSaysUnlessTheConfigurationDoes() {
        assertThat(name("")).isEqualTo("prices");
        assertThat(name("feed.name = mine")).isEqualTo("mine");
    }

    @Test
    void shouldDeriveTheMemoryOfEachUseFromTheHeapAndLeaveSomeForTheRest() {
        final long heap = Runtime.getRuntime().maxMemory();
        final Map<MemoryUse, Long> memory = plan("").memory();
        assertThat(memory.keySet()).containsExactlyInAnyOrder(MemoryUse.values());
        assertThat(memory).containsEntry(MemoryUse.SUBSCRIPTIONS, heap / 4).containsEntry(MemoryUse.VIEWS, heap / 8)
            .containsEntry(MemoryUse.PARTIAL_MESSAGES, heap / 16).containsEntry(MemoryUse.RESPONSES, heap / 16)
            .containsEntry(MemoryUse.NAMES, heap / 32);
        assertThat(memory.values().stream().mapToLong(Long::longValue).sum()).isLessThan(heap * 6 / 10);
        assertThat(plan("limits.memory.views = 1MiB").memory()).containsEntry(MemoryUse.VIEWS, 1L << 20);
    }

    @Test
    void shouldReadTheFilesOfTlsWithPlaceAndRemedy(@TempDir final Path folder) {
        final TestAuthority authority = new TestAuthority("authority");
        final Path trusted = authority.write(folder.resolve("authority.pem"));
        authority.issue("relay").write(folder.resolve("own.pem"), folder.resolve("own.key"));
        final String pair =
            "{ certificate = \"" + folder.resolve("own.pem") + "\", key = \"" + folder.resolve("own.key") + "\" }\n";
        final RelayPlan all = plan("server.tls " + pair + "admin.tls " + pair + "feed.tls " + pair
            + "feed.tls.authorities = \"" + trusted + "\"");
        assertThat(all.subscribersTls()).isNotNull();
        assertThat(all.operatorsTls()).isNotNull();
        assertThat(all.planned().get(0).tls()).isNotNull();
        assertThat(plan("").planned().get(0).tls()).as("the trust store of the JVM").isNull();
        assertThatThrownBy(() -> plan("feed.tls.authorities = \"" + folder.resolve("none.pem") + "\""))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("feed.tls.authorities: " + folder.resolve("none.pem") + ": no such file");
        assertThatThrownBy(() -> plan("feed.tls { certificate = \"" + trusted + "\", key = \""
            + folder.resolve("own.key") + "\" }")).hasMessageContaining("is not the key of the first certificate");
    }

    @Test
    void shouldNoticeADeadPeerWithin25Seconds() {
        final SessionTimeouts timeouts = plan("").sessions().timeouts();
        assertThat(timeouts.pingEveryNs() + timeouts.pongWithinNs()).isEqualTo(25_000_000_000L);
        assertThat(timeouts.evictBlockedAfterNs()).isLessThanOrEqualTo(25_000_000_000L);
    }

    @Test
    void shouldWarnWhenARequestOfAllSymbolsDoesNotFitAFrame() {
        try (RecordedLog log = new RecordedLog(RelayPlan.class.getName())) {
            plan("");
            assertThat(log.lines()).as("the defaults fit each other").isEmpty();
            plan("server.max-frame = 64k");
            assertThat(log.lines()).singleElement().asString().contains("server.max-frame: 65536 bytes hold about 2730",
                "fanout.limits.symbols = 5000; raise it to 120000");
        }
    }

    @Test
    void shouldRefuseAProductOfAChannelThatTheVenueLacks() {
        assertThatThrownBy(() -> plan("products.fx { channels = [quot], symbols = [A] }"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("products.fx.channels: venue prices has no channel quot; did you mean quote?");
        assertThat(plan("products.fx { channels = [quote], symbols = [A] }")).isNotNull();
    }

    @Test
    void shouldWarnOfARelayThatServesEveryoneOnTheNetwork() {
        try (RecordedLog log = new RecordedLog(RelayPlan.class.getName())) {
            plan("server.host = \"::1\"");
            assertThat(log.lines()).isEmpty();
            plan("server.host = \"0.0.0.0\"");
            assertThat(log.lines()).singleElement().asString().startsWith("WARN server.host = 0.0.0.0")
                .contains("auth.mode = keys");
        }
    }

    @Test
    void shouldNumberTheChannelsOfSeveralFeedsInARow() {
        final RelayPlan plan = several("a { venue = json, url = \"ws://h/\" }\n"
            + "b { venue = json, url = \"ws://h/\" }\n");
        assertThat(plan.feeds()).extracting(feed -> feed.place().name()).containsExactly("a", "b");
        assertThat(plan.feeds()).extracting(feed -> feed.place().firstChannel()).containsExactly(0, 1);
        assertThat(plan.channels(MemoryShare.unlimited(), 0)).extracting(channel -> channel.feed().name()
            + channel.index()).containsExactly("a0", "b1");
    }

    @Test
    void shouldNameTheFeedWhoseKeyDoesNotFit() {
        assertThatThrownBy(() -> several("a { venue = json, url = \"ws://feed.test/\" }\nb { venue = json, url = "
            + "\"ws://feed.test/\", channels = [trade] }\n"))
            .hasMessage("feeds.b.channels: trade is none of venue prices; it has quote");
    }

    @Test
    void shouldCheckTheFeedsOfAMergedChannel() {
        final String feeds = "a { venue = json, url = \"ws://h/\" }\nb { venue = json, url = \"ws://h/\" }\n";
        final RelayPlan plan = several(feeds + "}\nmerge { quote { from = [b, a] }", fields("bid = \"$/b\""));
        final List<Channel> channels = plan.channels(MemoryShare.unlimited(), 0);
        assertThat(channels).extracting(channel -> channel.feed().name() + "." + channel.name())
            .containsExactly("a.quote", "b.quote", "merged.quote");
        assertThat(plan.merged(channels)).containsExactly(
            new MergedChannel(2, List.of(1, 0), List.of("b", "a"), false, 2_000_000_000L));
        assertThatThrownBy(() -> several(feeds + "}\nmerge { trade { from = [b, a] }")).hasMessage(
            "merge.trade.from: feed b does not subscribe to it: add it to feeds.b.channels");
    }

    @Test
    void shouldRefuseToMergeValuesThatMayHaveTheFieldThatItAdds() {
        final String feeds = "a { venue = json, url = \"ws://h/\" }\nb { venue = json, url = \"ws://h/\" }\n"
            + "}\nmerge { quote { from = [a, b] }";
        assertThatThrownBy(() -> several(feeds, fields("bid = \"$/b\", from = \"$/from\""))).hasMessage(
            "merge.quote.from: feed b has a field from in it, as merge adds one: rename it in emit { … }");
        assertThatThrownBy(() -> several(feeds, VENUE)).hasMessage("merge.quote.from: feed b publishes the venue's own "
            + "bytes in it, which may have a field from, as merge adds one: choose the fields with emit { … } in its "
            + "rules, and leave feed.values at normalised");
    }

    @Test
    void shouldRefuseProductsOfUnknownFeedsAndOfChannelsThatTheirFeedsLack() {
        final String feeds = "a { venue = json, url = \"ws://h/\" }\nb { venue = json, url = \"ws://h/\" }\n";
        assertThatThrownBy(() -> several(feeds + "}\nproducts { x { feeds = [c], symbols = [S] }")).hasMessageStartingWith(
            "products.x.feeds: there is no feed c; ");
        assertThatThrownBy(() -> several(feeds + "}\nproducts { x { feeds = [a], channels = [trade], symbols = [S] }"))
            .hasMessageStartingWith("products.x.channels: venue prices has no channel trade; ");
    }

    @Test
    void shouldRefuseADelayedFeedOfTwoConnectionsWhoseUpdatesHaveNoNumbers() {
        assertThat(delayed("quote").feeds()).hasSize(2);
        assertThatThrownBy(() -> delayed("quote, trade")).hasMessage("feeds.b.delayed.of: feed a has two connections "
            + "(arbitrate), and venue prices numbers nothing on trade, so each update would come twice; leave it out "
            + "of feeds.b.channels, or record a feed with one connection");
    }

    private static RelayPlan delayed(final String channels) {
        final String file = """
            name = prices
            channels { quote { default = true }, trade { class = event } }
            messages { rules = [
              { name = quote, match { "$/b" = "*" }, channel = quote, key = "$/s", seq { rule = increasing, at = "$/n" } }
              { name = trade, match { "$" = "*" }, channel = trade, key = "$/s" }
            ] }
            """;
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "feeds {\n a { venue = json, url = \"ws://127.0.0.1:1/\", channels = [" + channels
            + "], arbitrate = true, record = there }\n b { delayed { of = a } }\n}", List.of());
        return new RelayPlan(config, Stream.of(file, file)
            .map(each -> VenueReader.read(new StringReader(each), "the-file.conf", name -> null)).toList());
    }

    private RelayPlan several(final String feeds) {
        return several(feeds, VENUE);
    }

    /** {@code second}: the venue file of the feed that is named last; the other one chooses fields. */
    private static RelayPlan several(final String feeds, final String second) {
        return new RelayPlan(new RelayConfigLoader(Map.of()).loadText("relay.conf", "feeds {\n" + feeds + "}",
            List.of()), Stream.of(fields("bid = \"$/b\""), second)
            .map(file -> VenueReader.read(new StringReader(file), "the-file.conf", name -> null)).toList());
    }

    private static String fields(final String emit) {
        return VENUE.replace("key = \"$/s\"", "key = \"$/s\", emit { " + emit + " }");
    }

    private String name(final String more) {
        return plan(more).channels(MemoryShare.unlimited(), 0).get(0).feed().name();
    }

    private RelayPlan plan(final String more) {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "feed { venue = json, url = \"ws://127.0.0.1:1/\" }\n" + more, List.of());
        return new RelayPlan(config, List.of(venue));
    }
}
