package penstock.upstream;

import java.util.Map;
import penstock.venue.spec.UpstreamUrl;

/** Begins upstream connections; a test puts its own in place of the network. */
public interface UpstreamFactory {
    /** Begins to connect; {@code listener} hears of everything that follows, on the feed thread. */
    Upstream connect(UpstreamUrl url, UpstreamListener listener);

    /** The same with values of plugins, for the holes of headers. */
    default Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        return connect(url, listener);
    }

    /** How snapshots are fetched that do not come over the connections. */
    default SnapshotFetch snapshots() {
        return SnapshotFetch.NONE;
    }
}
