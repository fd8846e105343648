package penstock.text;

import java.util.regex.Pattern;

/** Masks secrets in output. Stateless. */
public final class SecretMask {
    /** Replaces a secret. */
    public static final String MASK = "***";

    private static final Pattern USER = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)[^/?#]*@");
    private static final Pattern QUERY_VALUE = Pattern.compile("=[^&#]*");
    private static final Pattern QUERY_WORD = Pattern.compile("(?<=[?&])[^=&#]+(?=[&#]|$)");

    private SecretMask() {
    }

    /**
     * A url for output: without user and password, and without the values of its query, which may be keys and tokens.
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
