package penstock.config;

import java.util.regex.Pattern;

/** Hides secrets in what is printed. Stateless. */
public final class SecretMask {
    /** Stands for a secret. */
    public static final String MASK = "***";

    private static final Pattern USER = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");
    private static final Pattern QUERY_VALUE = Pattern.compile("=[^&#]*");
    private static final Pattern QUERY_WORD = Pattern.compile("(?<=[?&])[^=&#]+(?=[&#]|$)");

    private SecretMask() {
    }

    /**
     * A url to print: without its user and password, and without the values of its query, where keys and tokens travel.
     */
    public static String url(final String url) {
        final String anonymous = USER.matcher(url).replaceFirst("$1" + MASK + "@");
        final int query = anonymous.indexOf('?');
        if (query < 0) {
            return anonymous;
        }
        final String values = QUERY_VALUE.matcher(anonymous.substring(query)).replaceAll("=" + MASK);
        return anonymous.substring(0, query) + QUERY_WORD.matcher(values).replaceAll(MASK);
    }
}
