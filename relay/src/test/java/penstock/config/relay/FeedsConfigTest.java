package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.Problem;

/** Several feeds in one configuration. */
class FeedsConfigTest {
    private static final String TWO = """
        feeds {
          kraken { venue = kraken-v2, symbols = ["BTC/USD"], max-symbols = 100 }
          binance { venue = binance, urls = ["wss://a", "wss://b"], symbols = on-demand }
        }
        """;

    @Test
    void shouldReadFeedsInTheOrderOfTheirLines() {
        final RelayConfig config = load(TWO);
        assertThat(config.feeds().keySet()).containsExactly("feeds.kraken", "feeds.binance");
        assertThat(config.feed().identity()).isEqualTo(new FeedConfig.Identity("kraken", "kraken-v2"));
        assertThat(config.feed().onDemand().maxSymbolsPerSession()).as("a quarter of its own").isEqualTo(25);
        assertThat(config.feeds().get("feeds.binance").isOnDemand()).isTrue();
        assertThat(config.feeds().get("feeds.binance").topics().maxTopics())
            .isEqualTo(load("feed.venue = json").feed().topics().maxTopics() / 2);
    }

    @Test
    void shouldTakeTheShortFormForOneFeed() {
        final RelayConfig config = load("feed { venue = json, name = mine }");
        assertThat(config.feeds()).containsOnlyKeys("feed");
        assertThat(config.feed().identity().name()).isEqualTo("mine");
    }

    @Test
    void shouldReadWhatItPrints() {
        final RelayConfig config = load(TWO);
        assertThat(load(config.toHocon())).isEqualTo(config);
        assertThat(config.toHocon()).contains("feed = null\nfeeds {\n  kraken {\n    name = kraken\n");
    }

    @Test
    void shouldOverrideKeysOfAFeed() {
        final RelayConfig config = load(TWO, "feeds.kraken.symbols=ETH/USD,SOL/USD", "feeds.binance.url=wss://c");
        assertThat(config.feed().topics().symbols()).containsExactly("ETH/USD", "SOL/USD");
        assertThat(config.feeds().get("feeds.binance").urls()).singleElement().hasToString("wss://c");
    }

    @Test
    void shouldReadAFeedThatIsAnotherOneLater() {
        final RelayConfig config = load("""
            feeds {
              later { symbols = [ETHUSDT], delayed { of = live, by = 20m } }
              live { venue = binance, spelling = venue, symbols = [BTCUSDT, ETHUSDT], record = r, headers { a = b } }
            }
            """);
        final FeedConfig later = config.feed();
        assertThat(later.identity()).isEqualTo(new FeedConfig.Identity("later", "binance"));
        assertThat(later.urls()).singleElement().hasToString("recording:live");
        assertThat(later.topics().symbols()).containsExactly("ETHUSDT");
        assertThat(later.settings()).isEqualTo(config.feeds().get("feeds.live").settings());
        assertThat(later.access().headers()).isEmpty();
        assertThat(later.record()).isNull();
        assertThat(load(config.toHocon())).hasToString(config.toString());
    }

    @Test
    void shouldRefuseADelayedFeedThatCannotBe() {
        assertThat(problems("feeds {\n a { venue = binance }\n b { delayed { of = a } }\n c { delayed { of = b } }\n"
            + " d { venue = json, url = \"ws://h/\", delayed { of = a, by = 1 } }\n}"))
            .anySatisfy(line -> assertThat(line).contains(":3: feeds.b.delayed.of: feed a is not recorded; set "
                + "feeds.a.record"))
            .anySatisfy(line -> assertThat(line).contains(":4: feeds.c.delayed.of: must name another feed that is not "
                + "delayed itself, like a, got b"))
            .anySatisfy(line -> assertThat(line).contains(":5: feeds.d.venue: must be that of feed a"))
            .anySatisfy(line -> assertThat(line).contains(":5: feeds.d.url: must not be set"))
            .anySatisfy(line -> assertThat(line).contains(":5: feeds.d.delayed.by: must be from 1s to 1d"));
        assertThat(problems("feed { venue = json, delayed.of = a }")).singleElement().asString()
            .contains("feed.delayed.of: names another feed, and there is one; write both into feeds");
        assertThat(problems("feeds {\n a { venue = binance, record = r }\n b { delayed { of = a, by = 2h } }\n}\n"
            + "record.keep-for = 150m")).singleElement().asString()
            .contains(":5: record.keep-for: must be at least 3h: feeds.b.delayed.by and max-age");
        assertThat(problems("feed { venue = json, url = \"recording:a\" }")).singleElement().asString()
            .contains("must begin with ws://");
    }

    @Test
    void shouldRefuseMistakesWithPlaceAndRemedy() {
        assertThat(problems("feeds = [a]")).first().asString().startsWith(
            "relay.conf:1: feeds: must be feeds like { binance { venue = binance }, kraken { venue = kraken-v2 } }, got");
        assertThat(problems("feed.symbols = [A]\n" + TWO)).containsExactly(
            "relay.conf:1: feed: is set, and feeds too; keep one of them");
        assertThat(problems("feeds {\n a { url = \"ws://h\" }\n b { venue = json, name = c }\n \"d e\" { venue = json }\n"
            + " f { venue = json, symbls = [A] }\n g { venue = jsn }\n}")).satisfiesExactly(
            first -> assertThat(first).startsWith("relay.conf:2: feeds.a.venue: is missing; name a built-in venue ("),
            second -> assertThat(second).isEqualTo("relay.conf:3: feeds.b.name: differs from the key of the feed, which "
                + "is its name; remove it"),
            third -> assertThat(third).isEqualTo("relay.conf:4: feeds.\"d e\": is no name of a feed; use 1 to 64 of "
                + "A-Z a-z 0-9 . _ -"),
            fourth -> assertThat(fourth).isEqualTo("relay.conf:5: feeds.f.symbls: unknown key; did you mean symbols?"),
            fifth -> assertThat(fifth).startsWith("relay.conf:6: feeds.g.venue: unknown venue jsn;"));
        final StringBuilder many = new StringBuilder("feeds {\n");
        for (int i = 10; i < 43; i++) {
            many.append("f").append(i).append(" { venue = json }\n");
        }
        assertThat(problems(many + "}")).containsExactly("relay.conf:34: feeds.f42: is one feed too many: at most 32; run "
            + "another relay for the rest");
    }

    @Test
    void shouldReadMergedChannels() {
        final RelayConfig config = load(TWO + "merge { quote { from = [binance, kraken], prefer = first, max-age = 5s } }");
        assertThat(config.upstreams().merge()).containsExactly(Map.entry("quote",
            new MergeConfig(List.of("binance", "kraken"), MergeConfig.Prefer.FIRST, 5_000)));
        assertThat(load(config.toHocon())).isEqualTo(config);
    }

    @Test
    void shouldRefuseMistakesOfMergedChannels() {
        assertThat(problems("feed.venue = json\nmerge.quote.from = [a, b]")).first().asString()
            .isEqualTo("relay.conf:2: merge.quote.from: names a, which is no feed; write feeds { … }");
        assertThat(problems(TWO + "merge {\n quote { from = [kraken] }\n trade { from = [kraken, kraken] }\n"
            + " book { from = [kraken, binanc], prefer = last }\n}\n")).containsExactly(
            "relay.conf:6: merge.quote.from: must name two feeds or more; write it like from = [binance, kraken]",
            "relay.conf:7: merge.trade.from: names a feed twice; remove one",
            "relay.conf:8: merge.book.from: names binanc, which is no feed; did you mean binance?",
            "relay.conf:8: merge.book.prefer: must be one of freshest, first, got last");
        assertThat(problems("feeds { merged { venue = json }, a { venue = json } }\nmerge.quote.from = [a, merged]"))
            .containsExactly("relay.conf:1: feeds: has a feed merged, which is the name of the feed of merge; take "
            + "another name");
        assertThat(problems(TWO + "merge = 7")).singleElement().asString().startsWith("relay.conf:5: merge: must be "
            + "channels like { quote { from = [binance, kraken] } }, got");
    }

    @Test
    void shouldTakeNoSecretOfAFeedFromTheCommandLine() {
        assertThat(catchThrowableOfType(ConfigException.class,
            () -> load(TWO, "feeds.kraken.headers.X-Key=secret"))).hasMessageContaining("is a secret, and every user")
            .hasMessageContaining("${NAME}");
    }

    private static RelayConfig load(final String text, final String... settings) {
        return new RelayConfigLoader(Map.of()).loadText("relay.conf", text, List.of(settings));
    }

    private static List<String> problems(final String text) {
        return catchThrowableOfType(ConfigException.class, () -> load(text)).problems().stream().map(Problem::toString)
            .toList();
    }
}
