package penstock.fanout;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.testkit.ManualThread;

/**
 * The clients of a shard, whose products change while their sessions run. A client's token is its id, or its id with
 * the products that it has from then on: {@code desk-7 fx metals}.
 */
final class ModelClients {
    final AccessControl access;
    private final Products products;
    private final Map<String, Principal> byId = new HashMap<>();
    private final ShardProxy proxy;

    /** Each product is the name of one, an equals sign, and its symbols. */
    ModelClients(final ManualThread thread, final Shard shard, final String... products) {
        final Map<String, AuthConfig.Product> compiled = new HashMap<>();
        for (final String product : products) {
            final String[] parts = product.split("=");
            compiled.put(parts[0], new AuthConfig.Product(List.of(), List.of(parts[1].split(" "))));
        }
        this.products = new Products(compiled);
        access = new AccessControl("keys", this::authenticate, this.products, Clock.systemUTC());
        access.onChanged(held -> byId.get(held.id()));
        shard.authenticate(access);
        proxy = new ShardProxy(thread, shard);
    }

    Identity client(final String id, final String... granted) {
        byId.put(id, principal(id, Set.of(granted)));
        return identity(id);
    }

    Identity identity(final String id) {
        return new Identity(byId.get(id), products.of(byId.get(id).products()));
    }

    /** The client has these products from now on; the shard looks when its thread runs. */
    void grant(final String id, final String... granted) {
        grant(id, Set.of(granted));
    }

    void grant(final String id, final Set<String> granted) {
        byId.put(id, principal(id, granted));
        proxy.credentialsChanged();
    }

    void remove(final String id) {
        byId.remove(id);
        proxy.credentialsChanged();
    }

    private static Principal principal(final String id, final Set<String> granted) {
        return new Principal(id, granted, 0, Principal.NEVER, "test");
    }

    private Principal authenticate(final String token) throws TokenException {
        final String[] parts = token.split(" ");
        if (!byId.containsKey(parts[0])) {
            throw TokenException.invalid("the test knows no such client");
        }
        if (parts.length > 1) {
            byId.put(parts[0], principal(parts[0], Set.of(token.substring(parts[0].length() + 1).split(" "))));
        }
        return byId.get(parts[0]);
    }
}
