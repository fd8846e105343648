package penstock.feed;

import java.util.List;
import java.util.Map;
import penstock.config.FeedConfig;

/**
 * What is to be fetched, and from where: a venue and what the relay's configuration says about it.
 *
 * @param venue    the rules
 * @param urls     tried in turn
 * @param channels by name
 * @param symbols  as the venue spells them
 * @param headers  extra headers of the upgrade request, on top of the venue's; secrets
 */
public record FeedPlan(Venue venue, List<UpstreamUrl> urls, List<String> channels, List<String> symbols, Map<String, String> headers) {
    /**
     * Checks and completes: without addresses the venue's own, without channels its default channel.
     *
     * @throws IllegalArgumentException with the key and a remedy
     */
    public static FeedPlan of(final Venue venue, final FeedConfig config) {
        final List<String> addresses = config.urls().isEmpty() ? venue.connection().urls() : config.urls();
        final List<String> channels = config.channels();
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("feed.url: not set, and venue " + venue.name() + " has no address of its own");
        }
        final List<String> names = venue.channels().stream().map(ChannelSpec::name).toList();
        channels.stream().filter(channel -> !names.contains(channel)).findFirst().ifPresent(channel -> {
            throw new IllegalArgumentException(
                "feed.channels: " + channel + " is none of venue " + venue.name() + "; it has " + String.join(", ", names));
        });
        RequestHeaders.check(config.headers());
        final List<String> wanted = channels.isEmpty() ? defaultChannel(venue) : List.copyOf(channels);
        return new FeedPlan(venue, addresses.stream().map(FeedPlan::url).toList(), wanted, List.copyOf(config.symbols()), config.headers());
    }

    /** Without the values of headers: they hold keys. */
    @Override
    public String toString() {
        return "venue " + venue.name() + ", " + urls + ", channels " + channels + ", " + symbols.size() + " symbols, headers "
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
