package penstock.config;

import java.util.Map;

/**
 * What the configuration of a feed says about its venue file. Immutable.
 *
 * @param options replace those that the file has under {@code options}
 * @param values  which values are published
 */
public record VenueSettings(Map<String, String> options, Values values) {
    /** As the file says. */
    public static final VenueSettings DEFAULT = new VenueSettings(Map.of(), Values.NORMALISED);

    /** Which values are published; {@code /v1/raw} has the venue's own payloads with both. */
    public enum Values {
        /** The fields that the rules of the file choose, under the same names at each venue. */
        NORMALISED,
        /** The venue's own, byte for byte. */
        VENUE
    }

    /** Normalised values, with these options. */
    public static VenueSettings of(final Map<String, String> options) {
        return new VenueSettings(options, Values.NORMALISED);
    }
}
