package penstock.identity;

/** A client that has shown who it is, with what it may see. Immutable. */
public record Identity(Principal principal, Entitlement entitlement) {
    /** Every client of a relay that does not ask who it is. */
    public static final Identity ANONYMOUS = new Identity(Principal.ANONYMOUS, Entitlement.ALL);
}
