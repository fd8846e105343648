package penstock.link;

import java.util.List;
import penstock.venue.spec.UpstreamUrl;

/**
 * The link as configured. Immutable.
 *
 * @param urls         addresses of relays with the same data, the preferred one first
 * @param relayId      the id of this relay among the hops
 * @param maxTopics    of each channel, and names in which subscribers are interested
 * @param maxHeldBytes what may wait for its position
 */
public record LinkPlan(List<UpstreamUrl> urls, String relayId, int maxTopics, long maxHeldBytes) {
    /** More than a relay of 100,000 topics has in its first snapshot. */
    public static final long MAX_HELD_BYTES = 256L << 20;

    private static final String ID = "[A-Za-z0-9._:~-]{1,100}";
    private static final String PATH = "/v1/ws";

    /** With a copy of the addresses, and the path of the protocol where an address has none. */
    public LinkPlan {
        if (!relayId.matches(ID)) {
            throw new IllegalArgumentException("name: '" + relayId + "' is no name of a relay: 1 to 100 of "
                + "A-Z a-z 0-9 . _ : ~ -");
        }
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("feed.url: no address of a relay to connect to");
        }
        urls = urls.stream().map(LinkPlan::checked).toList();
    }

    /** With the default bound of what may wait. */
    public static LinkPlan of(final List<String> urls, final String relayId, final int maxTopics) {
        return new LinkPlan(urls.stream().map(UpstreamUrl::parse).toList(), relayId, maxTopics, MAX_HELD_BYTES);
    }

    private static UpstreamUrl checked(final UpstreamUrl url) {
        if (!url.isWebSocket()) {
            throw new IllegalArgumentException("feed.url: " + url + " is no address of a relay, which is like "
                + "wss://relay.example.com/v1/ws");
        }
        return url.target().equals("/") ? at(url, PATH) : url;
    }

    /** An address with the name of this relay. */
    UpstreamUrl asked(final UpstreamUrl url) {
        return at(url, url.target() + (url.target().indexOf('?') < 0 ? '?' : '&') + "link=" + relayId);
    }

    /** An address with another path and query. */
    private static UpstreamUrl at(final UpstreamUrl url, final String target) {
        return new UpstreamUrl(url.kind(), url.host(), url.port(), target, url.template(), url.isFilled());
    }
}
