package penstock.config;

import com.typesafe.config.ConfigOrigin;

/** Says where a value was written, as a reader of the message would name the place. Stateless. */
final class Origins {
    private static final String MERGED = "merge of ";

    private Origins() {
    }

    /** The file (or layer) of a value, without its line. An object merged of several layers lies in the strongest one. */
    static String file(final ConfigOrigin where) {
        String text = where.description();
        if (text.startsWith(MERGED)) {
            final int comma = text.indexOf(',');
            text = text.substring(MERGED.length(), comma < 0 ? text.length() : comma);
        }
        final int colon = text.lastIndexOf(": ");
        return colon > 0 && isLine(text.substring(colon + 2)) ? text.substring(0, colon) : text;
    }

    private static boolean isLine(final String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-');
    }
}
