package penstock.lease;

/**
 * The times of a lease, in nanoseconds, and what its holder does without an answer. Immutable.
 *
 * @param leaseNs a standby takes the lease over when it was not renewed for so long, by the clock of the standby
 * @param fenceNs a holder closes its connections so long after the last renewal, by its own clock
 * @param renewNs from one renewal to the next
 * @param isHeld  a holder that gets no answer stays connected until it learns that another has the lease
 */
public record LeaseTerms(long leaseNs, long fenceNs, long renewNs, boolean isHeld) {
    private static final int REQUESTS_PER_FENCE = 3;
    private static final int ASKS_PER_RENEWAL = 4;

    /** From one question of a standby to the next, and from a failed renewal to the next: later news cost time. */
    long askNs() {
        return renewNs / ASKS_PER_RENEWAL;
    }

    /** The time limit of a request: a lost one leaves time for others. */
    public long requestNs() {
        return fenceNs / REQUESTS_PER_FENCE;
    }

    /** A store that gave no answer for so long was away: what was counted before does not count. */
    long awayNs() {
        return requestNs() + requestNs() / 2;
    }

    /** How long closing may take, beside pauses of the process and clocks that differ. */
    long closeNs() {
        return (leaseNs - fenceNs) / 2;
    }
}
