package penstock.upstream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import penstock.venue.login.HttpExchange;
import penstock.venue.spec.UpstreamUrl;

/** Opens upstream connections. Tests replace the network by their own implementation. */
public interface UpstreamFactory {
    /** Starts to connect. All callbacks of {@code listener} run on the feed thread. */
    Upstream connect(UpstreamUrl url, UpstreamListener listener);

    /** Connects with values of the login in the headers. */
    default Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        return connect(url, listener);
    }

    /** The values of all headers, with their placeholders. */
    default Collection<String> headers() {
        return List.of();
    }

    /** Sends the requests before a login. */
    default HttpExchange exchange() {
        return HttpExchange.NONE;
    }

    /** Fetches snapshots that do not come over the connections. */
    default SnapshotFetch snapshots() {
        return SnapshotFetch.NONE;
    }
}
