package penstock.upstream;

import java.util.Map;
import penstock.venue.spec.UpstreamUrl;

/** Opens upstream connections. Tests replace the network by their own implementation. */
public interface UpstreamFactory {
    /** Starts to connect. All callbacks of {@code listener} run on the feed thread. */
    Upstream connect(UpstreamUrl url, UpstreamListener listener);

    /** Connects with values from plugins in the headers. */
    default Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        return connect(url, listener);
    }

    /** Fetches snapshots that do not come over the connections. */
    default SnapshotFetch snapshots() {
        return SnapshotFetch.NONE;
    }
}
