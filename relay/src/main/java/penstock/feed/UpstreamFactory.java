package penstock.feed;

/** Begins upstream connections; a test puts its own in place of the network. */
interface UpstreamFactory {
    /** Begins to connect; {@code listener} hears of everything that follows, on the feed thread. */
    Upstream connect(UpstreamUrl url, UpstreamListener listener);

    /** How snapshots are fetched that do not come over the connections. */
    default SnapshotFetch snapshots() {
        return SnapshotFetch.NONE;
    }
}
