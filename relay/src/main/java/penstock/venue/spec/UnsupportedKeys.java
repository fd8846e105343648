package penstock.venue.spec;

import penstock.config.ConfigSection;

/** Words of the venue language that this version knows and does not carry out. Stateless. */
public final class UnsupportedKeys {
    private UnsupportedKeys() {
    }

    /** A problem for each of the keys that is written here: nothing that a file asks for is passed over in silence. */
    public static void refuse(final ConfigSection section, final String... keys) {
        for (final String key : keys) {
            if (section.keys().contains(key)) {
                section.written(key);
                section.problem(key, "is not in this version; remove it");
            }
        }
    }
}
