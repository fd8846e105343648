package penstock.identity;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import penstock.config.relay.AuthConfig;

/** The products of the configuration, compiled: what can be granted. Any thread. */
public final class Products {
    /** Sets of products kept for sharing; far more than a relay has contracts. */
    private static final int MAX_SHARED = 4_096;

    private final Map<String, Product> byName = new TreeMap<>();
    private final boolean isDecidedElsewhere;
    private final Map<Set<String>, Entitlement> shared = new ConcurrentHashMap<>();

    /** Throws {@link IllegalArgumentException}, with the key, if a symbol cannot be one. */
    public Products(final Map<String, AuthConfig.Product> products) {
        this(products, false);
    }

    /**
     * The same. {@code isDecidedElsewhere}: a service takes products away, so that keys and tokens need not name any.
     */
    public Products(final Map<String, AuthConfig.Product> products, final boolean isDecidedElsewhere) {
        this.isDecidedElsewhere = isDecidedElsewhere;
        products.forEach((name, product) -> byName.put(name, new Product(name, product)));
    }

    /** Those of a newer configuration. What has not changed is the same object, which is compared at once. */
    public Products with(final Map<String, AuthConfig.Product> products) {
        final Products next = new Products(products, isDecidedElsewhere);
        next.byName.replaceAll((name, product) -> {
            final Product before = byName.get(name);
            return before != null && before.is(products.get(name)) ? before : product;
        });
        return next;
    }

    /** What these products grant together. Unknown names grant nothing. */
    public Entitlement of(final Set<String> productNames) {
        final Entitlement known = shared.get(productNames);
        if (known != null) {
            return known;
        }
        final Entitlement entitlement = Entitlement.of(byName.values().stream()
            .filter(product -> productNames.contains(product.name())).toList());
        if (shared.size() >= MAX_SHARED) {
            shared.clear();
        }
        final Entitlement earlier = shared.putIfAbsent(entitlement.products(), entitlement);
        return earlier == null ? entitlement : earlier;
    }

    /** The products that contain a topic, in alphabetical order; none means that no one may see it. */
    public List<String> productsOf(final String channel, final String symbol) {
        return byName.values().stream().filter(product -> product.contains(channel, symbol)).map(Product::name)
            .toList();
    }

    /** Whether people look at the data of a product that a client has; unknown products are for people. */
    public boolean isDisplay(final Principal principal, final String productName) {
        if (principal.isDisplay() != null) {
            return principal.isDisplay();
        }
        final Product product = byName.get(productName);
        return product == null || product.isDisplay();
    }

    /** The names of all products, in alphabetical order. */
    public Set<String> names() {
        return byName.keySet();
    }

    /** Whether a key or token that names no products has all of them, of which a service takes away. */
    public boolean isDecidedElsewhere() {
        return isDecidedElsewhere;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Products that && byName.equals(that.byName);
    }

    @Override
    public int hashCode() {
        return byName.hashCode();
    }

    int sharedCount() {
        return shared.size();
    }
}
