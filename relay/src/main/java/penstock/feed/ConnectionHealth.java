package penstock.feed;

/** Whether a leg gives data, since when, and until when it did. Owned by the feed thread. */
final class ConnectionHealth {
    /** A connection is young for so long: what it tells may be older than what another one told. */
    private static final long YOUNG_NS = 5_000_000_000L;

    private boolean isLive;
    private boolean hasLived;
    private long liveSinceNs;
    private long lastDataNs;
    private long lastWantedNs;
    private long lostNs;

    void onLive(final long nowNs) {
        isLive = true;
        hasLived = true;
        lastDataNs = nowNs;
        lastWantedNs = nowNs;
        liveSinceNs = nowNs;
    }

    void onData(final long nowNs) {
        lastDataNs = nowNs;
    }

    /** The newest update is of a topic that somebody wants. */
    void onWanted() {
        lastWantedNs = lastDataNs;
    }

    /** Another connection gives the data now. */
    void onMoved(final long nowNs) {
        liveSinceNs = nowNs;
    }

    void onLost(final long nowNs) {
        lostNs = isLive ? nowNs : lostNs;
        isLive = false;
    }

    boolean isLive() {
        return isLive;
    }

    /** How long data has flowed. */
    long healthyNs() {
        return isLive ? Math.max(0, lastDataNs - liveSinceNs) : 0;
    }

    boolean hasWantedDataSince(final long sinceNs) {
        return lastWantedNs >= sinceNs;
    }

    /** At its newest update. */
    boolean isYoung() {
        return lastDataNs - liveSinceNs < YOUNG_NS;
    }

    boolean isLongerLiveThan(final ConnectionHealth other) {
        return liveSinceNs - other.liveSinceNs < 0;
    }

    /** The other was live beside this one until just now, and may have told what this one is going to tell. */
    boolean mayLagBehind(final ConnectionHealth other) {
        return other.hasLived && other.lostNs - liveSinceNs >= 0 && lastDataNs - other.lostNs < YOUNG_NS;
    }
}
