package penstock.replay;

/**
 * When each message of a recording is due. A slow client delays messages without moving the schedule: overdue messages
 * follow at once. A pause moves the rest of the schedule.
 *
 * <p>Owned by the thread that plays; time is passed in.
 */
final class ReplayPace {
    /** Interval of messages without recorded receive times: 1,000 per second. */
    static final long EVEN_NS = 1_000_000;
    private final ReplaySpeed speed;
    private long startNs;
    private long firstNs;
    private long latestNs;
    private long pausedAtNs;

    ReplayPace(final ReplaySpeed speed) {
        this.speed = speed;
    }

    /** The message of {@code recordedNs} is due now. */
    void start(final long recordedNs, final long nowNs) {
        startNs = nowNs;
        firstNs = recordedNs;
        latestNs = recordedNs;
    }

    /** When a message is due; never before the previous one, even if the recorder's clock went back. */
    long dueNs(final long recordedNs) {
        if (speed.isMax()) {
            return Long.MIN_VALUE;
        }
        latestNs = Math.max(latestNs, recordedNs);
        return startNs + (long) ((latestNs - firstNs) / speed.factor());
    }

    void pause(final long nowNs) {
        pausedAtNs = nowNs;
    }

    void resume(final long nowNs) {
        startNs += nowNs - pausedAtNs;
    }
}
