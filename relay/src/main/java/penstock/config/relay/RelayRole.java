package penstock.config.relay;

import java.util.Locale;
import penstock.config.ConfigSection;

/** What a relay is among relays. */
public enum RelayRole {
    /** It has its feeds from venues, and no relay depends on it. */
    STANDALONE,
    /** It has its feeds from venues, and other relays are behind it, or share its lease. */
    INGEST,
    /** It has the feeds of another relay. */
    EDGE;

    private static final String KEY = "role";

    /** In lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What {@code role} says, checked against the feeds and the lease; else what these say. */
    static RelayRole read(final ConfigSection root, final RelayConfig.Upstreams upstreams) {
        final boolean isEdge = upstreams.feed() != null && FeedConfig.RELAY.equals(upstreams.feed().identity().venue());
        final boolean isShared = upstreams.lease().isShared();
        final RelayRole follows = isEdge ? EDGE : isShared ? INGEST : STANDALONE;
        final RelayRole written = root.choice(KEY, follows, RelayRole.class);
        if (isEdge != (written == EDGE)) {
            root.problem(KEY, isEdge ? "must be edge, or left out: feed.venue = penstock makes an edge of this relay"
                : "edge is for relays behind another one: set feed.venue = penstock and feed.url, or leave role out");
        } else if (written == STANDALONE && isShared) {
            root.problem(KEY, "standalone shares its feeds with no other relay: set ingest, or leave lease.etcd out");
        }
        return written;
    }
}
