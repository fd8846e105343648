package penstock.venue.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.VenueSettings;
import penstock.venue.Venue;
import penstock.venue.VenueLog;
import penstock.venue.VenueReader;
import penstock.venue.rule.ByteSlice;

/** Symbols are renamed both ways, and each published name leads back to its symbol. */
class SymbolNamesTest {
    private static final String CRYPTO = """
        names { GOLD = XAUUSD }
        rules = [
          { venue = "PERP_(.+?)(USDT|USDC|USD|BTC)", publish = "$1/$2:$2" }
          { venue = "^(.+?)(USDT|USDC|USD|BTC)$", publish = "$1/$2" }
        ]
        currencies { BTC = XBT, DOGE = XDG }
        """.replace("|BTC)", "|XBT)");

    @Test
    void shouldRenameByRulesAndNames() {
        final SymbolSpec symbols = symbols(CRYPTO);
        for (final String pair : List.of("XBTUSDT BTC/USDT", "ETHXBT ETH/BTC", "XDGXBT DOGE/BTC", "XAUUSD GOLD",
                "PERP_ETHUSDT ETH/USDT:USDT", "PERP_XBTUSD BTC/USD:USD", "EURGBP EURGBP", "USD USD")) {
            final String[] names = pair.split(" ");
            assertThat(symbols.published(names[0])).as(pair).isEqualTo(names[1]);
            assertThat(symbols.spelling(names[1])).as(pair).isEqualTo(names[0]);
        }
    }

    @Test
    void shouldChangeTheCase() {
        final SymbolSpec symbols = symbols("""
            rules = [ { venue = "(.+)_(usdt|btc)(-perp)", publish = "$1/$2$3" }, { venue = "(.+)_(usdt|btc)", publish = "$1/$2" } ]
            publish-case = upper, venue-case = lower
            """);
        assertThat(symbols.published("eth_btc")).isEqualTo("ETH/BTC");
        assertThat(symbols.published("eth_btc-perp")).isEqualTo("ETH/BTC-PERP");
        assertThat(symbols.spelling("ETH/BTC-PERP")).isEqualTo("eth_btc-perp");
        assertThat(symbols.published("Eth_btc")).as("would lead back to eth_btc").isEqualTo("Eth_btc");
    }

    @Test
    void shouldGiveANameToOneSymbolOnly() {
        final SymbolSpec symbols = symbols("""
            names { X = OTHER }
            rules = [ { venue = "t([A-Z]{3})([A-Z]{3})", publish = "$1/$2" }, { venue = "t(.+):(.+)", publish = "$1/$2" } ]
            """);
        assertThat(symbols.published("tBTCUSD")).isEqualTo("BTC/USD");
        assertThat(symbols.published("tBTC:USD")).as("the earlier rule has the name").isEqualTo("tBTC:USD");
        assertThat(symbols.spelling("tBTC:USD")).isEqualTo("tBTC:USD");
        assertThat(symbols.published("X")).as("the name of another symbol").isNull();
    }

    /** Whatever is renamed leads back; no two symbols share a name. */
    @Test
    void shouldLeadBackFromEveryPublishedName() {
        final long seed = Long.getLong("penstock.seed", System.nanoTime());
        System.out.println("penstock.seed = " + seed);
        final SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 200; round++) {
            final String file = randomFile(random);
            final SymbolSpec symbols = symbols(file);
            final Map<String, String> byName = new HashMap<>();
            for (int i = 0; i < 50; i++) {
                final String venue = randomSymbol(random);
                final String name = symbols.published(venue);
                if (name != null) {
                    assertThat(symbols.spelling(name)).as("seed %d: %s of %s", seed, name, file).isEqualTo(venue);
                    final String other = byName.put(name, venue);
                    assertThat(other).as("seed %d: %s of %s", seed, name, file).isIn(null, venue);
                    assertThat(symbols.problem(name)).isNull();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "rules = [ { venue = \"(.+)(A)\", publish = \"$1\" } ]; symbols.rules[0].publish: must have $2",
        "rules = [ { venue = \"(.+)\", publish = \"$1/$2\" } ]; symbols.rules[0].publish: has $2, but venue has one group",
        "rules = [ { venue = \"A.+\", publish = B } ]; symbols.rules[0].venue: may have only literal characters outside of its groups",
        "rules = [ { venue = \"ABC\", publish = B } ]; symbols.rules[0].venue: must have a group in parentheses",
        "rules = [ { venue = \"((A)B)\", publish = \"$1\" } ]; symbols.rules[0].venue: has a group that is none or that has another inside",
        "rules = [ { venue = \"(A\", publish = \"$1\" } ]; symbols.rules[0].venue: has a group without its closing parenthesis",
        "rules = [ { venue = \"(A[)\", publish = \"$1\" } ]; symbols.rules[0].venue: has a group without",
        "rules = [ { venue = \"(A{)\", publish = \"$1\" } ]; symbols.rules[0].venue: bad regular expression",
        "rules = [ { venue = \"(A)\", publish = \"$1$x\" } ]; symbols.rules[0].publish: may have $1 to $9 and literal characters",
        "rules = [ { venue = \"(A)\" } ]; symbols.rules[0].publish: is missing",
        "names { A = X, B = X }; symbols.names: publishes X under two names: A and B",
        "currencies { A = X, B = X }, rules = []; symbols.currencies: publish X under two names",
        "currencies { A = \"X/Y\" }, rules = []; symbols.currencies: must have letters and digits only",
        "currencies { A = X }; symbols.rules: are missing",
        "rules = [], publish-case = upper; symbols.publish-case: needs venue-case",
        "rules = [], publish-case = title; symbols.publish-case: must be one of keep, upper, lower"})
    void shouldRefuseMistakes(final String file, final String message) {
        assertThatThrownBy(() -> symbols(file)).hasMessageContaining(message);
    }

    @Test
    void shouldPublishUpdatesUnderTheirNames() {
        final VenueLog log = new VenueLog(venue(CRYPTO, VenueSettings.DEFAULT));
        for (final String symbol : List.of("XBTUSDT", "XBTUSDT", "XAUUSD", "GOLD", "BTC/USDT", "EURGBP")) {
            log.text("{'s':'" + symbol + "'}");
        }
        assertThat(log.lines.stream().map(line -> line.replaceAll(" - .*", ""))).containsExactly(
            "update quote BTC/USDT", "update quote BTC/USDT", "update quote GOLD", "collision GOLD", "IGNORED",
            "collision BTC/USDT", "IGNORED", "update quote EURGBP");
    }

    @Test
    void shouldKeepFewNamesOfAVenueThatMakesThemUp() {
        final PublishedNames names = new PublishedNames(symbols(CRYPTO));
        final ByteSlice symbol = new ByteSlice();
        for (int i = 0; i < 100_000; i++) {
            symbol.take(("C" + i + "USDT").getBytes(StandardCharsets.UTF_8));
            assertThat(names.publish(symbol)).isTrue();
            assertThat(symbol.toString()).isEqualTo("C" + i + "/USDT");
        }
        assertThat(names.size()).isLessThanOrEqualTo(32_768);
        symbol.take("U".repeat(1_000).getBytes(StandardCharsets.UTF_8));
        assertThat(names.publish(symbol)).isTrue();
        assertThat(symbol.length()).isEqualTo(1_000);
    }

    @Test
    void shouldLetTheConfigurationAddReplaceAndSwitchOff() {
        final Map<String, String> added = Map.of("SILVER", "XAGUSD", "BITCOIN", "XBTUSDT", "AU", "XAUUSD");
        final SymbolSpec more = venue(CRYPTO, new VenueSettings(Map.of(), VenueSettings.Values.NORMALISED, added,
            VenueSettings.Spelling.NORMALISED)).symbols();
        assertThat(List.of("XAGUSD", "XBTUSDT", "XAUUSD", "ETHUSD").stream().map(more::published))
            .containsExactly("SILVER", "BITCOIN", "AU", "ETH/USD");
        assertThat(more.spelling("BITCOIN")).isEqualTo("XBTUSDT");
        assertThat(more.spelling("GOLD")).isEqualTo("GOLD");
        final SymbolSpec off = venue(CRYPTO, new VenueSettings(Map.of(), VenueSettings.Values.VENUE, Map.of(),
            VenueSettings.Spelling.VENUE)).symbols();
        assertThat(off.published("XBTUSDT")).isEqualTo("XBTUSDT");
        assertThat(off.spelling("BTC/USDT")).isEqualTo("BTC/USDT");
        assertThat(off.isVerbatim()).isTrue();
    }

    @Test
    void shouldSayHowASymbolIsPublished() {
        final SymbolSpec symbols = symbols(CRYPTO + ", pattern = \"[A-Z_]{3,20}\"");
        assertThat(symbols.problem("ETH/USDT")).isNull();
        assertThat(symbols.problem("ETHUSDT")).isEqualTo("the symbol is published as ETH/USDT: use that name");
        assertThat(symbols.problem("eth/usdt")).endsWith("case counts: try ETH/USDT");
        assertThat(symbols.problem("ethusdt")).endsWith("case counts: try ETH/USDT");
        assertThat(symbols.problem("e t h")).isEqualTo("no symbol of the venue looks like that");
    }

    @Test
    void shouldTakeConfiguredSymbolsInEitherSpelling() {
        final SymbolSpec symbols = symbols(CRYPTO);
        assertThat(ConfiguredSymbols.published(List.of("XBTUSDT", "ETH/USD", "EURGBP"), symbols))
            .containsExactly("BTC/USDT", "ETH/USD", "EURGBP");
        assertThatThrownBy(() -> ConfiguredSymbols.published(List.of("XBTUSDT", "BTC/USDT"), symbols))
            .hasMessage("feed.symbols: XBTUSDT and BTC/USDT are both published as BTC/USDT; remove one, or give one "
            + "another name in feed.symbol-names");
        final SymbolSpec two = symbols("rules = [ { venue = \"a([A-Z])\", publish = \"$1\" }, "
            + "{ venue = \"b([A-Z])\", publish = \"$1\" } ]");
        assertThatThrownBy(() -> ConfiguredSymbols.published(List.of("aX", "bX"), two))
            .hasMessageContaining("aX and bX are both published as X");
    }

    private static String randomFile(final SplittableRandom random) {
        final String[] rules = {
            "{ venue = \"(.+)(USDT|BTC|USD)\", publish = \"$1/$2\" }", "{ venue = \"(.+?)(USDT|BTC|USD)\", publish = \"$1/$2\" }",
            "{ venue = \"t(.+):(.+)\", publish = \"$1/$2\" }", "{ venue = \"(.+)-(.+)\", publish = \"$1/$2\" }",
            "{ venue = \"(.+)-(.+)-PERP\", publish = \"$1/$2:$2\" }", "{ venue = \"(.)(.+)\", publish = \"$2$1\" }",
            "{ venue = \"([A-Z]+)(.*)\", publish = \"$1.$2\" }"};
        return random.ints(random.nextInt(4), 0, rules.length).mapToObj(i -> rules[i])
            .collect(Collectors.joining(", ", "rules = [", "]"))
            + (random.nextBoolean() ? ", currencies { BTC = USD, USD = BTC }" : "")
            + (random.nextBoolean() ? ", venue-case = upper, publish-case = lower" : "")
            + (random.nextBoolean() ? ", names { \"BTC/USDT\" = BTCUSD, X = \"BTC/USD\" }" : "");
    }

    private static String randomSymbol(final SplittableRandom random) {
        final String[] words = {"BTC", "USD", "USDT", "t", ":", "-", "PERP", "/", ".", "X", "btc"};
        return random.ints(1 + random.nextInt(4), 0, words.length).mapToObj(i -> words[i])
            .collect(Collectors.joining());
    }

    private static SymbolSpec symbols(final String symbols) {
        return venue(symbols, VenueSettings.DEFAULT).symbols();
    }

    private static Venue venue(final String symbols, final VenueSettings settings) {
        return VenueReader.read(new StringReader("""
            name = x
            channels { quote { default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            symbols { %s }
            """.formatted(symbols)), "v.conf", settings, name -> null);
    }
}
