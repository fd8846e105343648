package penstock.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.config.relay.AuthConfig;
import penstock.testkit.Seeds;

class ProductsTest {
    private static final List<String> CHANNELS = List.of("quote", "trade", "book");
    private static final String LETTERS = "ABC";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Products products = new Products(Map.of(
        "fx", product(List.of("quote"), "EUR*", "GBP*", "USDJPY"),
        "metals", product(List.of(), "XAU*"),
        "tape", product(List.of("trade"), "*")));

    @Test
    void shouldPermitWhatItsProductsGrantAndNothingElse() {
        final Entitlement fx = products.of(Set.of("fx"));

        assertThat(fx.permits("quote", "EURUSD")).isTrue();
        assertThat(fx.permits("quote", "USDJPY")).isTrue();
        assertThat(fx.permits("quote", "USDJPYX")).isFalse();
        assertThat(fx.permits("quote", "XAUUSD")).isFalse();
        assertThat(fx.permits("trade", "EURUSD")).isFalse();
        assertThat(fx.permits("unheard-of", "EURUSD")).isFalse();
    }

    @Test
    void shouldAddUpProducts() {
        final Entitlement both = products.of(Set.of("fx", "metals"));

        assertThat(both.permits("quote", "EURUSD")).isTrue();
        assertThat(both.permits("quote", "XAUUSD")).isTrue();
        assertThat(both.permits("trade", "XAUUSD")).isTrue();
        assertThat(both.permits("trade", "EURUSD")).isFalse();
        assertThat(both.products()).containsExactlyInAnyOrder("fx", "metals");
    }

    @Test
    void shouldPermitNothingWithoutAKnownProduct() {
        for (final Set<String> names : List.of(Set.<String>of(), Set.of("gold"))) {
            assertThat(products.of(names).permits("quote", "EURUSD")).isFalse();
            assertThat(products.of(names).permits("trade", "EURUSD")).isFalse();
        }
        assertThat(new Products(Map.of()).of(Set.of("fx")).permits("quote", "EURUSD")).isFalse();
    }

    @Test
    void shouldPermitEverythingWhenNobodyIsAsked() {
        assertThat(Entitlement.ALL.permits("quote", "EURUSD")).isTrue();
        assertThat(Entitlement.ALL).isNotEqualTo(products.of(Set.of())).hasToString("all");
    }

    @Test
    void shouldShareEqualSets() {
        assertThat(products.of(Set.of("fx", "metals"))).isSameAs(products.of(new HashSet<>(List.of("metals", "fx"))))
            .isSameAs(products.of(Set.of("fx", "metals", "gold")));
        assertThat(products.of(Set.of("fx"))).isNotEqualTo(products.of(Set.of("metals")));
    }

    @Test
    void shouldNameTheProductsOfATopic() {
        assertThat(products.productsOf("trade", "XAUUSD")).containsExactly("metals", "tape");
        assertThat(products.productsOf("quote", "CHFJPY")).isEmpty();
        assertThat(products.names()).containsExactly("fx", "metals", "tape");
    }

    @Test
    void shouldMatchStarsAsASubscribeDoes() {
        final Entitlement odd = new Products(Map.of("odd", product(List.of(), "A\\*B", "C**D", "E*F*G")))
            .of(Set.of("odd"));

        assertThat(odd.permits("quote", "A*B")).isTrue();
        assertThat(odd.permits("quote", "AxB")).isFalse();
        assertThat(odd.permits("quote", "CD")).isTrue();
        assertThat(odd.permits("quote", "E-F-G")).isTrue();
        assertThat(odd.permits("quote", "EG")).isFalse();
    }

    @Test
    void shouldGrantOnlyTheFeedsOfAProduct() {
        final Products products = new Products(Map.of(
            "k", new AuthConfig.Product(List.of("kraken"), List.of("quote"), List.of("BTC*"), true),
            "all", product(List.of("trade"), "ETH*")));
        final Entitlement one = products.of(Set.of("k"));
        assertThat(one.permits("kraken/quote", "BTC/USD")).isTrue();
        assertThat(one.permits("binance/quote", "BTC/USD")).isFalse();
        assertThat(one.permits("merged/quote", "BTC/USD")).as("made of others, too").isFalse();
        assertThat(one.permits("kraken/trade", "BTC/USD")).isFalse();
        final Entitlement both = products.of(Set.of("k", "all"));
        assertThat(both.permits("binance/trade", "ETH/USD")).as("a product of all feeds").isTrue();
        assertThat(both.permits("binance/quote", "BTC/USD")).isFalse();
        assertThat(products.productsOf("kraken/quote", "BTC/USD")).containsExactly("k");
        assertThat(products.productsOf("binance/quote", "BTC/USD")).isEmpty();
    }

    @Test
    void shouldRefuseWhatCannotBeASymbol() {
        assertThatThrownBy(() -> new Products(Map.of("fx", product(List.of(), ""))))
            .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("products.fx.symbols: ");
    }

    /** Random products against a reference that asks each pattern of each product as a regular expression. */
    @Test
    void shouldAgreeWithANaiveReference() {
        for (final long seed : seeds.rounds(200)) {
            final Random random = Seeds.random(seed);
            final Map<String, AuthConfig.Product> config = new TreeMap<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                config.put("p" + i, product(some(random, CHANNELS), patterns(random)));
            }
            final Products compiled = new Products(config);
            for (int i = 0; i < 50; i++) {
                final Set<String> granted = new HashSet<>(some(random, List.of("p0", "p1", "p2", "p3", "p4", "p5")));
                final String channel = random.nextInt(10) == 0 ? "other" : CHANNELS.get(random.nextInt(3));
                final String symbol = word(random, 1);
                final List<String> matching = config.entrySet().stream()
                    .filter(entry -> reference(entry.getValue(), channel, symbol)).map(Map.Entry::getKey).toList();

                assertThat(compiled.productsOf(channel, symbol)).isEqualTo(matching);
                assertThat(compiled.of(granted).permits(channel, symbol))
                    .as(granted + " of " + config + ": " + channel + ' ' + symbol)
                    .isEqualTo(matching.stream().anyMatch(granted::contains));
            }
        }
    }

    @Test
    void shouldKeepABoundedNumberOfSets() {
        final Map<String, AuthConfig.Product> many = new TreeMap<>();
        for (int i = 0; i < 14; i++) {
            many.put("p" + i, product(List.of(), "S" + i));
        }
        final Products compiled = new Products(many);
        for (int bits = 0; bits < 1 << 14; bits++) {
            final Set<String> names = new HashSet<>();
            for (int i = 0; i < 14; i++) {
                if ((bits >> i & 1) == 1) {
                    names.add("p" + i);
                }
            }
            assertThat(compiled.of(names).products()).isEqualTo(names);
        }
        assertThat(compiled.sharedCount()).isLessThanOrEqualTo(4_096);
    }

    private static boolean reference(final AuthConfig.Product product, final String channel, final String symbol) {
        return (product.channels().isEmpty() || product.channels().contains(channel))
            && product.symbols().stream().anyMatch(pattern ->
            Pattern.matches(pattern.replace("*", ".*"), symbol));
    }

    private static String[] patterns(final Random random) {
        final String[] patterns = new String[1 + random.nextInt(4)];
        for (int i = 0; i < patterns.length; i++) {
            patterns[i] = random.nextInt(8) == 0 ? "*" : random.nextInt(3) == 0 ? word(random, 1)
                : word(random, 0) + '*' + word(random, 0) + (random.nextInt(3) == 0 ? "*" : "");
        }
        return patterns;
    }

    private static String word(final Random random, final int min) {
        final StringBuilder word = new StringBuilder();
        for (int i = min + random.nextInt(4); i > 0; i--) {
            word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return word.toString();
    }

    private static List<String> some(final Random random, final List<String> all) {
        final List<String> some = new ArrayList<>(all);
        some.removeIf(each -> random.nextBoolean());
        return some;
    }

    private static AuthConfig.Product product(final List<String> channels, final String... symbols) {
        return new AuthConfig.Product(channels, List.of(symbols));
    }
}
