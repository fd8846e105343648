package penstock.identity;

import java.util.Collection;

/** Learns who is entitled to what, as far as the relay knows it. Any thread calls it; it must not block. */
public interface AccessWatch {
    /** Does nothing. */
    AccessWatch NONE = new AccessWatch() {
        @Override
        public void onClient(final Principal principal, final Entitlement entitlement) {
        }

        @Override
        public void onKeys(final Collection<Principal> clients) {
        }
    };

    /** A client has shown who it is, or was checked again; {@code entitlement} is what is left of its products. */
    void onClient(Principal principal, Entitlement entitlement);

    /** The keys of these clients are accepted from now on, and no others. */
    void onKeys(Collection<Principal> clients);
}
