package penstock.server;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;

/** Clients whose token is {@code key-ID}, and any number of {@code =} behind it. Any thread. */
final class TestClients {
    final AccessControl access;
    private final Map<String, Principal> byId = new ConcurrentHashMap<>();

    TestClients(final Map<String, AuthConfig.Product> products) {
        access = new AccessControl("keys", this::authenticate, new Products(products), Clock.systemUTC());
    }

    /** One product {@code all} with every symbol. */
    TestClients() {
        this(Map.of("all", new AuthConfig.Product(List.of(), List.of("*"))));
    }

    TestClients with(final String id, final int maxSessions, final long expiresAtMs, final String... products) {
        byId.put(id, new Principal(id, Set.of(products), maxSessions, expiresAtMs, "test"));
        return this;
    }

    /** One with a limit of sessions, and a rule for those beyond it. */
    TestClients with(final String id, final int maxSessions, final AuthConfig.OnExcess onExcess) {
        byId.put(id, new Principal(id, Set.of("all"), maxSessions, Principal.NEVER, "test",
            new Principal.Terms(onExcess, null, null)));
        return this;
    }

    /** A relay behind this one. */
    TestClients withEdge(final String id) {
        byId.put(id, new Principal(id, Set.of("all"), 1, Principal.NEVER, "test",
            new Principal.Terms(null, null, null, true)));
        return this;
    }

    TestClients with(final String id) {
        return with(id, 0, Principal.NEVER, "all");
    }

    /** It is nobody any more, once {@link #publish} was called. */
    TestClients without(final String id) {
        byId.remove(id);
        return this;
    }

    void publish() {
        access.onChanged(held -> byId.get(held.id()));
    }

    static String bearer(final String id) {
        return "Authorization: Bearer key-" + id;
    }

    private Principal authenticate(final String token) throws TokenException {
        final Principal principal =
            token.startsWith("key-") ? byId.get(token.substring(4).replaceAll("=+$", "")) : null;
        if (principal == null) {
            throw TokenException.invalid("the test knows no such key");
        }
        if (principal.isExpired(System.currentTimeMillis())) {
            throw new TokenException(TokenException.Kind.EXPIRED, "the key has expired");
        }
        return principal;
    }
}
