package penstock.upstream;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An HTTP proxy on the way to a venue. Immutable.
 *
 * @param host          name or address, IPv6 in brackets
 * @param port          explicit or 80
 * @param authorization the value of {@code Proxy-Authorization} (RFC 7617), a secret; null = none
 */
public record HttpProxy(String host, int port, String authorization) {
    private static final String SHAPE = "write it like http://proxy.example.com:3128 or http://user:password@host:port";

    /**
     * Parses {@code http://user:password@host:port}; the scheme and the credentials may be absent. The credentials may
     * be escaped as %XX. A message never contains the text, which may hold a password.
     *
     * @param place the key or the variable that holds the text
     */
    static HttpProxy parse(final String place, final String text) {
        final URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException(place + ": is not an address: " + e.getReason() + " at character "
                + (e.getIndex() + 1) + "; " + SHAPE + ", special characters as %XX");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(place + ": " + uri.getScheme()
                + ":// is not supported, only HTTP proxies that CONNECT; " + SHAPE);
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw new IllegalArgumentException(place + ": has no valid host and port; " + SHAPE);
        }
        final boolean isPath = !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/");
        if (isPath || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException(place + ": has something after the port; " + SHAPE);
        }
        return new HttpProxy(uri.getHost(), uri.getPort() == -1 ? 80 : uri.getPort(), basic(uri.getRawUserInfo()));
    }

    private static String basic(final String userInfo) {
        if (userInfo == null) {
            return null;
        }
        // the decoder reads a plus sign as a space, which only forms mean
        final String plain = URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /** What this proxy's answer to a CONNECT means for the operator, with the remedy. */
    String explain(final int status, final String statusLine, final String target) {
        final String answered = "the proxy " + this + " answered CONNECT " + target + " with " + statusLine;
        return answered + switch (status) {
            case 407 -> authorization == null
                ? "; it requires a user and a password: feed.proxy = \"http://user:password@host:port\""
                : "; check the user and the password in feed.proxy or HTTPS_PROXY";
            case 401, 403, 405 -> "; ask its operator to allow this target, or exclude its host with NO_PROXY";
            case 502, 503, 504 -> "; it cannot reach the target";
            default -> "; check that feed.proxy or HTTPS_PROXY names an HTTP proxy";
        };
    }

    /** For logs: without user and password. */
    @Override
    public String toString() {
        return "http://" + (authorization == null ? "" : "***@") + host + ":" + port;
    }
}
