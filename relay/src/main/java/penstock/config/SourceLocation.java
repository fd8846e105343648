package penstock.config;

import com.typesafe.config.ConfigOrigin;

/** The place of a value, as messages name it; {@code line} 0 = none. Immutable. */
record SourceLocation(String file, int line) {
    private static final String MERGED = "merge of ";

    /** An object merged from several layers is placed in the strongest one, which is named first. */
    public static SourceLocation of(final ConfigOrigin where) {
        String text = where.description();
        if (text.startsWith(MERGED)) {
            final int comma = text.indexOf(',');
            text = text.substring(MERGED.length(), comma < 0 ? text.length() : comma);
        }
        final int colon = text.lastIndexOf(": ");
        final int line = colon < 0 ? 0 : line(text.substring(colon + 2));
        return line > 0 ? new SourceLocation(text.substring(0, colon), line) : new SourceLocation(text, 0);
    }

    /** {@code 12}, and the first of {@code 12-14}. */
    private static int line(final String text) {
        final String first = text.substring(0, text.indexOf('-') > 0 ? text.indexOf('-') : text.length());
        return first.matches("[0-9]{1,9}") ? Integer.parseInt(first) : 0;
    }

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
