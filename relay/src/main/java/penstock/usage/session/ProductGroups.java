package penstock.usage.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.identity.Products;

/**
 * Numbers for sets of products, so that a topic needs one number to say which products contain it. There are as many as
 * the products overlap in different ways. Owned by the io thread.
 */
final class ProductGroups {
    private final Map<List<String>, Integer> numbers = new HashMap<>();
    private final List<List<String>> groups = new ArrayList<>();
    private final Products products;

    ProductGroups(final Products products) {
        this.products = products;
    }

    /** The group of a topic. */
    int of(final String channel, final String symbol) {
        final List<String> names = products.productsOf(channel, symbol);
        final Integer known = numbers.putIfAbsent(names, groups.size());
        if (known != null) {
            return known;
        }
        groups.add(names);
        return groups.size() - 1;
    }

    /** The products of a group, in alphabetical order. */
    List<String> products(final int group) {
        return groups.get(group);
    }
}
