package penstock.link;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;

/**
 * The addresses of relays with the same data: which one is next, and when. A relay that is about to stop is left for
 * the next one at once. While another relay may be about to take over, it is asked every 100 to 300 ms: a relay has 64
 * links at most, and refuses them at little cost until it has data. Owned by the feed thread.
 */
final class LinkAddresses {
    /** The first attempt is within this, so that a thousand edges do not come at the same moment. */
    static final long FIRST_RETRY_MS = 50;
    static final long MAX_RETRY_MS = 1_000;
    static final long MAX_SOON_MS = 300;
    private static final long MIN_SOON_MS = 100;
    /** Longer than the duration of a lease, after which another relay takes over. */
    private static final long SOON_NS = 30_000_000_000L;

    /** The status of a handshake by which a relay finds that it goes to itself, RFC 5842, section 7.2. */
    static final int LOOP = 508;
    private static final Logger LOG = LoggerFactory.getLogger(LinkAddresses.class);
    private static final long RESET_AFTER_MS = 2_000;
    private static final int DRAINING = 4503;
    private static final int NOT_READY = 503;

    private final List<UpstreamUrl> urls;
    private final FeedClock clock;
    private final RandomGenerator random;
    private final ReconnectPolicy policy;
    /** Since the link was live last; null if none. */
    private UpstreamLoss lastLoss;
    private long lostNs;
    /** What was logged of each address since then; the same is logged once. */
    private final Map<String, String> said = new HashMap<>();

    LinkAddresses(final List<UpstreamUrl> urls, final FeedClock clock, final RandomGenerator random) {
        this.urls = urls;
        this.clock = clock;
        this.random = random;
        policy = new ReconnectPolicy(urls, new BackOff(FIRST_RETRY_MS, MAX_RETRY_MS, random), RESET_AFTER_MS);
    }

    /** The next one, or the present one. */
    UpstreamUrl url() {
        return policy.url();
    }

    /** Moves to the next one, and returns the delay. {@code liveNs}: how long the link was live. */
    long onLoss(final UpstreamLoss loss, final long liveNs) {
        final UpstreamUrl url = policy.url();
        final boolean isLeft = loss.status() == DRAINING && urls.size() > 1;
        lostNs = lastLoss == null ? clock.nowNs() : lostNs;
        final boolean isSoon = clock.nowNs() - lostNs < SOON_NS && mayEndSoon(loss);
        // the next one may not be ready yet; what the one that stops asks for does not hold it up
        long delayMs = policy.onLoss(isLeft || isSoon
            ? UpstreamLoss.of(loss.reason(), loss.detail(), isLeft || loss.wasOpen()) : loss, liveNs, clock.nowNs());
        if (isLeft) {
            policy.onMoved(urls.get((urls.indexOf(url) + 1) % urls.size()), 0);
            delayMs = 0;
        } else if (isSoon) {
            delayMs = Math.min(delayMs, random.nextLong(MIN_SOON_MS, MAX_SOON_MS + 1));
        }
        if (!loss.detail().equals(said.put(url.toString(), loss.detail()))) {
            LOG.warn("link: {}: {}{}; next attempt in {} ms at {}", loss.reason().word(), loss.detail(), remedy(loss),
                delayMs, policy.url());
        }
        lastLoss = loss;
        return delayMs;
    }

    /**
     * Whether the relay is away, has no data yet, or cannot be followed as it is: one of those that stand by may follow
     * this one, or be this one.
     */
    private static boolean mayEndSoon(final UpstreamLoss loss) {
        return switch (loss.reason()) {
            case UNREACHABLE, DISCONNECTED, SILENT, STANDBY, VENUE_ERROR -> !loss.isRateLimited();
            default -> loss.status() == NOT_READY || loss.status() == LOOP;
        };
    }

    /** How the connection was lost, since it was live last; null if it was not. */
    UpstreamLoss lastLoss() {
        return lastLoss;
    }

    void onLive() {
        lastLoss = null;
        said.clear();
    }

    private static String remedy(final UpstreamLoss loss) {
        return switch (loss.status()) {
            case 401, 403, 4401, 4403 -> "; give the feed a token of a client with the role edge there (feed.headers: "
                + "Authorization = \"Bearer …\")";
            case LOOP -> ": that is this relay itself; let feed.url lead towards the venue";
            case 404 -> "; the path of feed.url is /v1/ws";
            case 400, 4400 -> "; does it have the same release as this relay?";
            default -> "";
        };
    }
}
