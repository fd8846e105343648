package penstock.finding;

import java.util.List;
import java.util.function.Supplier;
import penstock.lease.LeaseStatus;

/** Since when something is wrong with the lease. Under the lock of {@link FindingWatch}. */
final class LeaseWatch {
    private static final String SUBJECT = "lease";
    private static final long SLOW_US = 2_000_000;
    private static final String REMEDY = "do what the reason says; else look at the members of "
        + "etcd in lease.etcd, and at the network between";

    /** Null = there is no lease. */
    private Supplier<LeaseStatus> status;
    private LeaseStatus seen;
    private long sinceUs;
    private long nowUs;

    void of(final Supplier<LeaseStatus> lease) {
        status = lease;
    }

    /** Once a second. */
    void look(final long now) {
        nowUs = now;
        if (status == null) {
            return;
        }
        final LeaseStatus next = status.get();
        if (seen == null || isWrong(next) != isWrong(seen) || next.role() != seen.role()) {
            sinceUs = now;
        }
        seen = next;
    }

    /** Appends what is wrong; one request that failed is not. */
    void add(final List<OperatorFinding> found) {
        if (seen == null || !isWrong(seen)) {
            return;
        }
        if (seen.role() == LeaseStatus.Role.HOLDING) {
            found.add(new OperatorFinding(FindingSeverity.CRITICAL, SUBJECT,
                "it cannot be renewed, and this relay stays connected: another one may connect too", seen.words(),
                sinceUs, REMEDY));
        } else if (nowUs - sinceUs >= SLOW_US) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT, seen.role() == LeaseStatus.Role.STANDBY
                ? "this standby could not take over now" : "its renewal fails", seen.words(), sinceUs, REMEDY));
        }
    }

    private static boolean isWrong(final LeaseStatus status) {
        return status.problem() != null || status.role() == LeaseStatus.Role.HOLDING;
    }
}
