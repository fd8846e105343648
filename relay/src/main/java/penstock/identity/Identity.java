package penstock.identity;

import java.util.Set;

/** A client that has shown who it is, with what it may see. Immutable. */
public record Identity(Principal principal, Entitlement entitlement) {
    /** Every client of a relay that does not ask who it is. */
    public static final Identity ANONYMOUS = new Identity(Principal.ANONYMOUS, Entitlement.ALL);
    /** The relay itself, which sends to a bus. */
    public static final Identity BUS = new Identity(Principal.BUS, Entitlement.ALL);

    /** An edge that names itself, at a relay that does not ask who its clients are. */
    public static Identity ofEdge(final String name) {
        return new Identity(new Principal(name, Set.of(), 0, Principal.NEVER, "none", Principal.Terms.EDGE),
            Entitlement.ALL);
    }

    /** Whether the client is a relay behind this one. */
    public boolean isEdge() {
        return principal.isEdge();
    }
}
