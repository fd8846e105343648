package penstock.identity;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The topics that a set of products grants. A topic of no product is granted to no one. Equal sets of products share
 * one, and equal ones permit the same: a product that a reload changes is another one. Immutable.
 */
public final class Entitlement {
    /** Every topic: of a relay that does not ask who its clients are. */
    public static final Entitlement ALL = new Entitlement(Set.of(), null);

    private final Set<String> products;
    /** Null permits everything. */
    private final List<Product> granted;
    /** Of the channels that were asked for, each once. */
    private final Map<String, SymbolRules> byChannel = new ConcurrentHashMap<>();

    private Entitlement(final Set<String> products, final List<Product> granted) {
        this.products = products;
        this.granted = granted;
    }

    static Entitlement of(final Collection<Product> products) {
        return new Entitlement(products.stream().map(Product::name).collect(Collectors.toUnmodifiableSet()),
            List.copyOf(products));
    }

    /**
     * True if the topic is granted.
     *
     * @param channel the path of a channel of the relay, with its feed
     * @param symbol  the name of an instrument, never a pattern
     */
    public boolean permits(final String channel, final String symbol) {
        if (granted == null) {
            return true;
        }
        final SymbolRules known = byChannel.get(channel);
        return (known == null ? byChannel.computeIfAbsent(channel, this::rules) : known).matches(symbol);
    }

    private SymbolRules rules(final String channel) {
        return new SymbolRules(granted.stream().filter(product -> product.isOf(channel))
            .flatMap(product -> product.symbols().stream()).toList());
    }

    /** Whether it grants all that another one does. */
    public boolean includes(final Entitlement other) {
        return granted == null || other.granted != null && granted.containsAll(other.granted);
    }

    /** The names of its products; empty of {@link #ALL}. */
    public Set<String> products() {
        return products;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Entitlement that && products.equals(that.products)
            && Objects.equals(granted, that.granted);
    }

    @Override
    public int hashCode() {
        return products.hashCode();
    }

    @Override
    public String toString() {
        return granted == null ? "all" : new TreeSet<>(products).toString();
    }
}
