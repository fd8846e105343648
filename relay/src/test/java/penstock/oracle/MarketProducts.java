package penstock.oracle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import penstock.config.relay.AuthConfig;

/** Products of a simulated market, drawn at random; they may overlap, and a topic may be in none. One thread. */
final class MarketProducts {
    private static final int COUNT = 4;

    private final Market market;
    private final Map<String, AuthConfig.Product> rules = new TreeMap<>();
    private final Map<Set<String>, Set<MarketTopic>> topics = new HashMap<>();

    MarketProducts(final Market market, final Random random) {
        this.market = market;
        for (int i = 0; i < COUNT; i++) {
            final List<String> channels = new ArrayList<>();
            for (final MarketChannel channel : MarketChannel.values()) {
                if (random.nextBoolean()) {
                    channels.add(channel.word());
                }
            }
            final List<String> symbols = new ArrayList<>();
            for (int s = 0; s < market.symbols(); s++) {
                if (random.nextInt(2) == 0) {
                    symbols.add("S" + s);
                }
            }
            rules.put("p" + i, new AuthConfig.Product(channels,
                symbols.isEmpty() || random.nextInt(4) == 0 ? List.of("S*") : symbols));
        }
    }

    /** As the operator configures them. */
    Map<String, AuthConfig.Product> rules() {
        return rules;
    }

    /** Some of their names. */
    Set<String> draw(final Random random) {
        final Set<String> drawn = new TreeSet<>();
        for (final String name : rules.keySet()) {
            if (random.nextInt(3) > 0) {
                drawn.add(name);
            }
        }
        return drawn;
    }

    /** The topics of these products. */
    Set<MarketTopic> topics(final Set<String> names) {
        return topics.computeIfAbsent(names, this::find);
    }

    private Set<MarketTopic> find(final Set<String> names) {
        final Set<MarketTopic> found = new HashSet<>();
        for (final MarketTopic topic : market.topics()) {
            if (names.stream().map(rules::get).anyMatch(product -> isOf(product, topic))) {
                found.add(topic);
            }
        }
        return found;
    }

    private static boolean isOf(final AuthConfig.Product product, final MarketTopic topic) {
        return (product.channels().isEmpty() || product.channels().contains(topic.channel.word()))
            && (product.symbols().contains("S*") || product.symbols().contains(topic.symbol));
    }
}
