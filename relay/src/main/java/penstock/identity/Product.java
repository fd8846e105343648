package penstock.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import penstock.config.relay.AuthConfig;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;

/** A product of the configuration, compiled. Two are equal if the configuration says the same of both. Immutable. */
final class Product {
    private final String name;
    private final AuthConfig.Product config;
    /** Empty = all. */
    private final Set<String> feeds;
    /** Empty = all. */
    private final Set<String> channels;
    private final List<SymbolPattern> symbols;
    private final SymbolRules rules;
    private final boolean isDisplay;

    /** Throws {@link IllegalArgumentException} if a symbol cannot be one; the reader of the configuration checks it. */
    Product(final String name, final AuthConfig.Product config) {
        this.name = name;
        this.config = config;
        feeds = Set.copyOf(config.feeds());
        channels = Set.copyOf(config.channels());
        symbols = compiled(name, config.symbols());
        rules = new SymbolRules(symbols);
        isDisplay = config.display();
    }

    private static List<SymbolPattern> compiled(final String name, final List<String> texts) {
        final List<SymbolPattern> symbols = new ArrayList<>();
        for (final String text : texts) {
            try {
                symbols.add(SymbolPattern.of(text));
            } catch (final RequestException wrong) {
                throw new IllegalArgumentException("products." + name + ".symbols: " + wrong.getMessage(), wrong);
            }
        }
        return List.copyOf(symbols);
    }

    String name() {
        return name;
    }

    boolean is(final AuthConfig.Product other) {
        return config.equals(other);
    }

    List<SymbolPattern> symbols() {
        return symbols;
    }

    /** Whether people look at its data, unless the client says otherwise. */
    boolean isDisplay() {
        return isDisplay;
    }

    /** {@code channel}: {@code feed/channel}, or a channel of no feed. */
    boolean isOf(final String channel) {
        final int slash = channel.lastIndexOf('/');
        return (feeds.isEmpty() || slash > 0 && feeds.contains(channel.substring(0, slash)))
            && (channels.isEmpty() || channels.contains(channel.substring(slash + 1)));
    }

    boolean contains(final String channel, final String symbol) {
        return isOf(channel) && rules.matches(symbol);
    }

    @Override
    public boolean equals(final Object other) {
        return other == this
            || other instanceof Product that && name.equals(that.name) && config.equals(that.config);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
