package penstock.finding;

import java.util.List;
import java.util.Locale;
import penstock.fanout.harm.BehindCause;

/**
 * A relay behind this one that should have been sent more than it was. Immutable.
 *
 * @param name   what it is called
 * @param lateNs how long the oldest value waits that it should have been sent
 * @param cause  why
 */
public record LateEdge(String name, long lateNs, BehindCause cause) {
    private static final long LATE_NS = 1_000_000_000;
    private static final double NS_PER_SECOND = 1e9;
    private static final long NS_PER_US = 1_000;

    /** Appends that it is late, if it is by more than a second. */
    void add(final List<OperatorFinding> found, final long nowUs) {
        if (lateNs < LATE_NS) {
            return;
        }
        final boolean isSlow = cause == BehindCause.SOCKET;
        found.add(new OperatorFinding(FindingSeverity.WARNING, "edge " + name,
            String.format(Locale.ROOT, "what it has is %.1f s late, and so is what its subscribers get",
            lateNs / NS_PER_SECOND), isSlow
            ? "its link takes no bytes: the line to it is slower than what comes, or the edge stands still"
            : cause == BehindCause.RELAY ? "the io threads of this relay do not come to its link in time"
            : "its link waits for " + cause.text(), nowUs - lateNs / NS_PER_US, isSlow
            ? "look at the line and at the edge; penstock_edge_conflated_total says what it is spared meanwhile, and "
            + "penstock_edge_bytes_total what the line carries"
            : cause == BehindCause.RELAY ? "more cores for this relay, or fewer subscribers at it: let them go to edges"
            : "wait; if it lasts, /admin/v1/edges has its figures"));
    }
}
