package penstock.identity;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The topics that a set of products grants. A topic of no product is granted to no one. Equal sets of products share
 * one, and equal ones permit the same. Immutable.
 */
public final class Entitlement {
    /** Every topic: of a relay that does not ask who its clients are. */
    public static final Entitlement ALL = new Entitlement(Set.of(), Map.of(), null);

    private final Set<String> products;
    private final Map<String, SymbolRules> byChannel;
    /** Of channels that no product names; null permits everything. */
    private final SymbolRules otherChannels;

    private Entitlement(final Set<String> products, final Map<String, SymbolRules> byChannel,
            final SymbolRules otherChannels) {
        this.products = products;
        this.byChannel = byChannel;
        this.otherChannels = otherChannels;
    }

    static Entitlement of(final Collection<Product> products) {
        final Map<String, SymbolRules> byChannel = new HashMap<>();
        for (final Product product : products) {
            product.channels().forEach(channel -> byChannel.computeIfAbsent(channel,
                name -> rules(products.stream().filter(each -> each.isOf(name)).toList())));
        }
        final List<Product> unbound = products.stream().filter(product -> product.channels().isEmpty()).toList();
        return new Entitlement(products.stream().map(Product::name).collect(Collectors.toUnmodifiableSet()),
            Map.copyOf(byChannel), rules(unbound));
    }

    private static SymbolRules rules(final Collection<Product> products) {
        return new SymbolRules(products.stream().flatMap(product -> product.symbols().stream()).toList());
    }

    /** True if the topic is granted. {@code symbol} is the name of an instrument, never a pattern. */
    public boolean permits(final String channel, final String symbol) {
        return otherChannels == null || byChannel.getOrDefault(channel, otherChannels).matches(symbol);
    }

    /** Whether it grants all that another one does. */
    public boolean includes(final Entitlement other) {
        return otherChannels == null || other.otherChannels != null && products.containsAll(other.products);
    }

    /** The names of its products; empty of {@link #ALL}. */
    public Set<String> products() {
        return products;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Entitlement that && products.equals(that.products)
            && (otherChannels == null) == (that.otherChannels == null);
    }

    @Override
    public int hashCode() {
        return products.hashCode();
    }

    @Override
    public String toString() {
        return otherChannels == null ? "all" : new TreeSet<>(products).toString();
    }
}
