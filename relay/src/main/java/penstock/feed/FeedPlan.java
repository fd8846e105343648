package penstock.feed;

import java.util.List;
import java.util.Map;
import penstock.config.FeedConfig;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;

/**
 * What is to be fetched, and from where: a venue and what the relay's configuration says about it.
 *
 * @param venue    the rules
 * @param urls     tried in turn
 * @param channels by name
 * @param symbols  as the venue spells them; none when subscribers decide
 * @param headers  extra headers of the upgrade request, on top of the venue's; secrets
 * @param demand   what subscribers may decide, null = nothing
 * @param isRedundant two connections ask for the same
 */
public record FeedPlan(
        Venue venue, List<UpstreamUrl> urls, List<String> channels, List<String> symbols, Map<String, String> headers,
        Demand demand,
        boolean isRedundant) {
    /**
     * Subscribers decide what the venue is asked for.
     *
     * @param lingerMs   how long it is kept that nobody wants any more
     * @param maxSymbols how many topics may be wanted at a time
     */
    public record Demand(long lingerMs, int maxSymbols) {
    }

    /**
     * Checks and completes: without addresses the venue's own, without channels its default channel.
     *
     * @throws IllegalArgumentException with the key and a remedy
     */
    public static FeedPlan of(final Venue venue, final FeedConfig config) {
        final List<String> addresses = config.urls().isEmpty() ? venue.connection().endpoint().urls() : config.urls();
        final List<String> channels = config.topics().channels();
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("feed.url: not set, and venue " + venue.name()
                + " has no address of its own");
        }
        final List<String> names = venue.channels().stream().map(ChannelSpec::name).toList();
        channels.stream().filter(channel -> !names.contains(channel)).findFirst().ifPresent(channel -> {
            throw new IllegalArgumentException(
                "feed.channels: " + channel + " is none of venue " + venue.name() + "; it has "
                + String.join(", ", names));
        });
        RequestHeaders.check(config.headers());
        if (config.isOnDemand() && venue.subscribe().isSilent()) {
            throw new IllegalArgumentException(
                "feed.symbols: on-demand needs a venue that is asked for symbols, and venue "
                + venue.name() + " has no subscribe.message; remove feed.symbols");
        }
        final List<String> wanted = !channels.isEmpty() ? List.copyOf(channels) : config.isOnDemand() ? names
            : defaultChannel(venue);
        final FeedPlan plan = new FeedPlan(venue, addresses.stream().map(FeedPlan::url).toList(), wanted,
            config.isOnDemand() ? List.of() : List.copyOf(config.topics().symbols()), config.headers(),
            config.isOnDemand()
                ? new Demand(config.onDemand().lingerMs(), config.onDemand().maxSymbols()) : null,
            config.arbitrate());
        plan.checkRoom();
        return plan;
    }

    /** Whether subscribers decide. */
    public boolean isOnDemand() {
        return demand != null;
    }

    /** How many shares of what is wanted there may be, each of one connection, or two. */
    int mostShares() {
        return Math.max(1, venue.connection().limits().maxConnections() / (isRedundant ? 2 : 1));
    }

    /** What the venue is asked for to get a topic; null when it can't be asked for that channel. */
    SubscribeSpec.Item item(final int channel, final String symbol) {
        final String name = venue.channels().get(channel).name();
        if (venue.subscribe().isSilent() || !channels.contains(name)) {
            return null;
        }
        try {
            return venue.subscribe().item(name, symbol);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void checkRoom() {
        final ConnectionSpec.Limits limits = venue.connection().limits();
        final long room = (long) mostShares() * limits.maxSubscriptions();
        final long wanted = venue.subscribe().items(channels, symbols).size();
        if (wanted > room) {
            throw new IllegalArgumentException("feed.symbols: makes " + wanted + " subscriptions, and venue "
                + venue.name()
                + " has room for " + room + ": " + limits.maxSubscriptions() + " on each of " + mostShares()
                + " connections; ask for less, or raise connection.max-connections in its file");
        }
        if (isRedundant && channels.stream().noneMatch(channel -> venue.isNumbered(venue.channel(channel)))) {
            throw new IllegalArgumentException("feed.arbitrate: venue " + venue.name() + " numbers nothing on "
                + String.join(", ", channels)
                + ", so the first arrival can't be told from the second; remove it, or give the rule a seq");
        }
        if (isRedundant && limits.maxConnections() < 2) {
            throw new IllegalArgumentException(
                "feed.arbitrate: needs two connections, and venue " + venue.name() + " allows one; remove it");
        }
    }

    /** Without the values of headers: they hold keys. */
    @Override
    public String toString() {
        final String wanted = isOnDemand() ? "symbols on demand" : symbols.size() + " symbols";
        return "venue " + venue.name() + ", " + urls + ", channels " + channels + ", " + wanted + ", headers "
            + headers.keySet();
    }

    private static UpstreamUrl url(final String text) {
        try {
            return UpstreamUrl.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("feed.url: " + e.getMessage(), e);
        }
    }

    private static List<String> defaultChannel(final Venue venue) {
        return venue.channels().stream().filter(ChannelSpec::isDefault).map(ChannelSpec::name).toList();
    }
}
