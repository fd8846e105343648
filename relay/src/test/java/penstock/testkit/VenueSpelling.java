package penstock.testkit;

import java.util.Map;
import java.util.function.Function;
import penstock.config.VenueSettings;
import penstock.venue.Venue;

/** Shipped venue files whose symbols are published as the venue spells them: for tests of anything else. Stateless. */
public final class VenueSpelling {
    public static final VenueSettings SETTINGS = new VenueSettings(Map.of(), VenueSettings.Values.NORMALISED, Map.of(),
        VenueSettings.Spelling.VENUE);

    /** The venue's own values, too: each message is then an update of each of its channels. */
    public static final VenueSettings VERBATIM = new VenueSettings(Map.of(), VenueSettings.Values.VENUE, Map.of(),
        VenueSettings.Spelling.VENUE);

    private VenueSpelling() {
    }

    public static Venue load(final String name, final Function<String, String> environment) {
        return Venue.load(name, SETTINGS, environment);
    }
}
