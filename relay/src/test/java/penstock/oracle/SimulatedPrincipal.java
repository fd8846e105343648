package penstock.oracle;

import java.util.Set;

/** A client of a simulation, which may have several connections, and what it may see. One thread. */
final class SimulatedPrincipal {
    final String id;
    final Permission permission;
    /** The products that its key names. */
    Set<String> granted = Set.of();
    /** The products that the service leaves, if it is asked now. */
    Set<String> left = Set.of();
    boolean isWithdrawn;
    /** Its key was withdrawn at some time. */
    boolean wasWithdrawn;

    SimulatedPrincipal(final String id, final Permission permission) {
        this.id = id;
        this.permission = permission;
    }

    void grant(final Set<String> names, final long nowNs) {
        granted = names;
        wasWithdrawn |= isWithdrawn;
        permission.grant(isWithdrawn ? Set.of() : names, nowNs);
    }
}
