package penstock.replay;

/**
 * When each message of a recording is due. A slow client makes it late but moves nothing: what was due meanwhile
 * follows at once. A pause moves all that follows.
 *
 * <p>Owned by the thread that plays; time is passed in.
 */
final class ReplayPace {
    /** Distance of messages whose receive times were not recorded: 1,000 per second. */
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

    /** When a message is due; never before the one asked for previously, even if the recorder's clock went back. */
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
