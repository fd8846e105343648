package penstock.venue.spec;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import penstock.text.PrintableText;

/** Checks headers that a configuration adds to the upgrade request. */
public final class RequestHeaders {
    private static final Set<String> OURS =
        Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");

    private RequestHeaders() {
    }

    /** Throws with a remedy if a header would break the request or is reserved; never shows the value. */
    public static void check(final Map<String, String> headers) {
        headers.forEach((name, value) -> {
            final String lower = name.toLowerCase(Locale.ROOT);
            if (!isToken(name)) {
                throw new IllegalArgumentException(
                    "headers: '" + PrintableText.excerpt(name)
                    + "' is not a header name; use letters, digits and -");
            }
            if (OURS.contains(lower) || lower.startsWith("sec-websocket-")) {
                throw new IllegalArgumentException("headers: " + name + " is set by the relay itself; remove it");
            }
            if (!value.chars().allMatch(c -> c == '\t' || c >= 0x20 && c < 0x7f)) {
                throw new IllegalArgumentException("headers: the value of " + name
                    + " holds a character that is not printable ASCII");
            }
        });
    }

    /** True for a token of RFC 9110. */
    public static boolean isToken(final String text) {
        return !text.isEmpty()
            && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
    }
}
