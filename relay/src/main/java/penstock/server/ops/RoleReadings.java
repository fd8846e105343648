package penstock.server.ops;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import penstock.config.relay.RelayRole;
import penstock.lease.LeaseStatus;
import penstock.link.LinkReading;
import penstock.telemetry.Telemetry;

/**
 * What this relay is among others, read by any thread.
 *
 * @param id    what it is called among relays
 * @param role  as configured, or an ingest as soon as another relay is behind it
 * @param epoch that of its numbers, 0 before an edge has one
 * @param lease which relay is connected to the venues; null = there is no lease
 * @param link  to the relay in front of it, or gives null while none is followed; null = there is never one
 */
public record RoleReadings(String id, Supplier<RelayRole> role, LongSupplier epoch, Supplier<LeaseStatus> lease,
        Supplier<LinkReading> link) {
    /** Registers the gauges of all roles. */
    public void register(final Telemetry telemetry) {
        for (final RelayRole each : RelayRole.values()) {
            telemetry.gauge("penstock_role", "1 for what this relay is among others, and 0 for what it is not.",
                () -> role.get() == each ? 1 : 0, "role", each.word());
        }
        telemetry.gauge("penstock_hop", "Relays between the venue's connection and this relay.", this::hop);
        telemetry.gauge("penstock_epoch", "Epoch of this relay's numbers, which is that of all relays of a venue's "
            + "connection.", () -> epoch.getAsLong() == 0 ? Telemetry.UNKNOWN : epoch.getAsLong());
    }

    /** The link to the relay in front; null while none is followed. */
    LinkReading inFront() {
        return link == null ? null : link.get();
    }

    /** How many relays are in front; unknown before the first one has answered. */
    private long hop() {
        final LinkReading now = inFront();
        if (now == null) {
            return 0;
        }
        final int relays = now.hops().size();
        return relays == 0 ? Telemetry.UNKNOWN : relays;
    }
}
