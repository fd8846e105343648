package penstock.config;

import java.util.Map;

/**
 * What the configuration of a feed says about its venue file. Immutable.
 *
 * @param options     replace those that the file has under {@code options}
 * @param values      which values are published
 * @param symbolNames the venue's spelling by the published name; they come before those of the file
 * @param spelling    whose names of symbols are published
 */
public record VenueSettings(Map<String, String> options, Values values, Map<String, String> symbolNames,
        Spelling spelling) {
    /** As the file says. */
    public static final VenueSettings DEFAULT = of(Map.of());

    /** Which values are published; {@code /v1/raw} has the venue's own payloads with both. */
    public enum Values {
        /** The fields that the rules of the file choose, under the same names at each venue. */
        NORMALISED,
        /** The venue's own, byte for byte. */
        VENUE
    }

    /** Whose names of symbols are published. */
    public enum Spelling {
        /** Those that the venue file gives: the same at each venue. */
        NORMALISED,
        /** The venue's own. */
        VENUE
    }

    /** Normalised names of symbols. */
    public VenueSettings(final Map<String, String> options, final Values values) {
        this(options, values, Map.of(), Spelling.NORMALISED);
    }

    /** Normalised values and names, with these options. */
    public static VenueSettings of(final Map<String, String> options) {
        return new VenueSettings(options, Values.NORMALISED);
    }
}
