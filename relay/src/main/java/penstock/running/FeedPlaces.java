package penstock.running;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.feed.FeedPlace;
import penstock.ring.ConflationClass;
import penstock.venue.spec.ChannelSpec;

/**
 * The places of the feeds of a relay. A name keeps its place while the relay runs, also after its feed has left, and
 * each of its channels keeps its number: who subscribed to them has them again when it comes back. One thread at a
 * time.
 */
public final class FeedPlaces {
    /** A session notes in one {@code long} which feeds it knows. */
    static final int MAX = Long.SIZE;

    private final Map<String, Place> byName;
    private int places;
    private int channels;

    /** A place, and the channels that any feed in it had, by name. */
    private record Place(int number, Map<String, Known> channels) {
        private Place copy() {
            return new Place(number, new LinkedHashMap<>(channels));
        }
    }

    private record Known(int number, ConflationClass conflation) {
    }

    /** Of a relay that starts. */
    public FeedPlaces() {
        byName = new LinkedHashMap<>();
    }

    private FeedPlaces(final FeedPlaces other) {
        byName = new LinkedHashMap<>();
        other.byName.forEach((name, place) -> byName.put(name, place.copy()));
        places = other.places;
        channels = other.channels;
    }

    /** The same, to plan with. */
    FeedPlaces copy() {
        return new FeedPlaces(this);
    }

    /**
     * The place of a feed.
     *
     * @param key  where it stands in the configuration
     * @param name null = the relay has one feed, which needs none
     * @throws IllegalArgumentException if there is none left, with the remedy
     */
    public FeedPlace of(final String key, final String name, final List<ChannelSpec> specs) {
        Place place = byName.get(key);
        if (place == null) {
            if (places == MAX) {
                throw new IllegalArgumentException(key + ": is one feed too many: a relay has " + MAX + " places for "
                    + "feeds until it restarts, and each name keeps its place: " + String.join(", ", byName.keySet())
                    + "; take one of these names, or restart the relay");
            }
            place = new Place(places++, new LinkedHashMap<>());
            byName.put(key, place);
        }
        final List<Integer> numbers = new ArrayList<>();
        for (final ChannelSpec spec : specs) {
            final Known known = place.channels.get(spec.name());
            if (known == null || known.conflation != spec.conflation()) {
                place.channels.put(spec.name(), new Known(channels++, spec.conflation()));
            }
            numbers.add(place.channels.get(spec.name()).number);
        }
        return new FeedPlace(name, place.number, numbers);
    }

    /** The channel of that name that is of another class than it was, which its subscribers know; null if none is. */
    String changedClass(final String key, final List<ChannelSpec> specs) {
        final Place place = byName.get(key);
        for (final ChannelSpec spec : specs) {
            final Known known = place == null ? null : place.channels.get(spec.name());
            if (known != null && known.conflation != spec.conflation()) {
                return spec.name();
            }
        }
        return null;
    }

    /** The merged channels, behind those of all feeds. */
    public void addMerged(final int count) {
        places += count > 0 ? 1 : 0;
        channels += count;
    }
}
