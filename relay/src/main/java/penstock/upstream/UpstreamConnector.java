package penstock.upstream;

import java.util.Collection;
import java.util.Map;
import org.xnio.XnioIoThread;
import penstock.time.FeedClock;
import penstock.venue.login.HttpExchange;
import penstock.venue.spec.UpstreamUrl;

/** Opens the upstream connections of one feed thread. Owned by the feed thread. */
public final class UpstreamConnector implements UpstreamFactory {
    private final UpstreamContext context;
    private final UpstreamSettings settings;
    private final HttpExchange exchange;

    /**
     * {@code thread}: the only io thread of the feed's worker. The worker's task pool looks up names and checks
     * certificates.
     */
    public UpstreamConnector(final XnioIoThread thread, final FeedClock clock, final UpstreamSettings settings,
            final ProxyRoutes proxies) {
        context = new UpstreamContext(proxies, thread, clock);
        this.settings = settings;
        exchange = new LoginRequests(settings.tls(), settings.userAgent(), proxies);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        return connect(url, Map.of(), listener);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        final UpstreamConnection connection = new UpstreamConnection(context, url, settings.filled(values), listener);
        connection.start();
        return connection;
    }

    @Override
    public Collection<String> headers() {
        return settings.headers().values();
    }

    @Override
    public HttpExchange exchange() {
        return exchange;
    }

    @Override
    public SnapshotFetch snapshots() {
        return new HttpSnapshotFetch(settings.tls(), settings.userAgent(), context.proxies());
    }
}
