package penstock.venue.symbol;

import java.util.Locale;

/** The case of a name's letters. */
enum Letters {
    /** As they are. */
    KEEP,
    /** Capitals. */
    UPPER,
    /** Small letters. */
    LOWER;

    String of(final String name) {
        return switch (this) {
            case KEEP -> name;
            case UPPER -> name.toUpperCase(Locale.ROOT);
            case LOWER -> name.toLowerCase(Locale.ROOT);
        };
    }
}
