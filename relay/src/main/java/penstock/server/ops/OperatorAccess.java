package penstock.server.ops;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.server.auth.OperatorToken;

/** Who may have a session on the operator's listener: who shows its token, if there is one. Stateless. */
final class OperatorAccess {
    private static final String OPERATOR = "operator";

    private OperatorAccess() {
    }

    /** With {@code token}; null: everyone who reaches the listener. */
    static AccessControl of(final String token) {
        if (token == null) {
            return AccessControl.ofEveryone();
        }
        final OperatorToken required = new OperatorToken(token);
        final Principal operator = new Principal(OPERATOR, Set.of(OPERATOR), 0, Principal.NEVER, "admin.token");
        return new AccessControl("keys", shown -> {
            if (!required.is(shown)) {
                throw TokenException.invalid("the token is not admin.token");
            }
            return operator;
        }, new Products(Map.of(OPERATOR, new AuthConfig.Product(List.of(), List.of("*")))), Clock.systemUTC());
    }
}
