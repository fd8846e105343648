package penstock.feed;

import penstock.config.Section;

/** Words of the venue language that this version knows and does not carry out. Stateless. */
final class Later {
    private Later() {
    }

    /** A problem for each of the keys that is written here: nothing that a file asks for is passed over in silence. */
    static void refuse(final Section section, final String... keys) {
        for (final String key : keys) {
            if (section.keys().contains(key)) {
                section.written(key);
                section.problem(key, "is not in this version; remove it");
            }
        }
    }
}
