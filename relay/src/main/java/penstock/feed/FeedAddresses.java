package penstock.feed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.relay.FeedConfig;
import penstock.text.Address;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.UpstreamUrl;

/**
 * Where a feed connects: at the venue's addresses, each with the channels that the venue has there, or at the addresses
 * of the relay's configuration, which have all channels. Immutable.
 *
 * @param byName addresses that take turns, by the name that channels give them
 */
public record FeedAddresses(Map<String, List<UpstreamUrl>> byName) {
    /** {@link IllegalArgumentException} with the key and a remedy if there are none, or one is unusable. */
    static FeedAddresses of(final Venue venue, final FeedConfig config) {
        final FeedAddresses addresses = config.urls().isEmpty() ? of(venue)
            : new FeedAddresses(Map.of(ConnectionSpec.Endpoint.MAIN, parsed(config.urls())));
        if (addresses.all().isEmpty()) {
            throw new IllegalArgumentException("feed.url: not set, and venue " + venue.name()
                + " has no address of its own");
        }
        return addresses;
    }

    /** Those of the venue file. */
    static FeedAddresses of(final Venue venue) {
        final Map<String, List<UpstreamUrl>> byName = new LinkedHashMap<>();
        venue.connection().endpoint().addresses().forEach((name, urls) -> byName.put(name, parsed(urls)));
        return new FeedAddresses(Collections.unmodifiableMap(byName));
    }

    /** Of all names. */
    List<UpstreamUrl> all() {
        return byName.values().stream().flatMap(List::stream).toList();
    }

    /** Where the feed asks for what the venue has at the address {@code ofVenue}. */
    String name(final String ofVenue) {
        return byName.containsKey(ofVenue) ? ofVenue : ConnectionSpec.Endpoint.MAIN;
    }

    /** The addresses of a name, from {@code turn} on: two lines that send the same are most useful at two addresses. */
    List<UpstreamUrl> from(final String name, final int turn) {
        final List<UpstreamUrl> urls = new ArrayList<>(byName.get(name));
        Collections.rotate(urls, -turn);
        return urls;
    }

    private static List<UpstreamUrl> parsed(final List<Address> addresses) {
        return addresses.stream().map(FeedAddresses::url).toList();
    }

    private static UpstreamUrl url(final Address address) {
        try {
            return UpstreamUrl.parse(address.text());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("feed.url: " + e.getMessage(), e);
        }
    }
}
