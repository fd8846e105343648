package penstock.ingest;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import penstock.lease.LeaseStatus;
import penstock.telemetry.Telemetry;

/** What the metrics say of the lease. Any thread. */
final class LeaseCounts {
    private final AtomicLong takeovers = new AtomicLong();
    private final AtomicLong losses = new AtomicLong();

    /** Registers the metrics. {@code status}: null = this relay has no lease. */
    LeaseCounts(final Telemetry telemetry, final Supplier<LeaseStatus> status) {
        telemetry.gauge("penstock_lease_active", "1 while this relay has the lease, or stays connected without it.",
            () -> status.get() == null ? Telemetry.UNKNOWN : status.get().isConnected() ? 1 : 0);
        telemetry.gauge("penstock_lease_unconfirmed", "1 while this relay stays connected and cannot renew the lease.",
            () -> status.get() == null ? Telemetry.UNKNOWN
            : status.get().role() == LeaseStatus.Role.HOLDING ? 1 : 0);
        telemetry.gauge("penstock_lease_epoch", "Epoch of the holder of the lease, in milliseconds since 1970.",
            () -> status.get() == null ? Telemetry.UNKNOWN : status.get().epoch());
        telemetry.count("penstock_lease_takeovers_total", "How often this relay has taken the lease.",
            takeovers::get);
        telemetry.count("penstock_lease_losses_total", "How often this relay has closed its connections for want of "
            + "the lease, or to hand it over.", losses::get);
    }

    void onTakeover() {
        takeovers.incrementAndGet();
    }

    void onLoss() {
        losses.incrementAndGet();
    }
}
