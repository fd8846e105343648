package penstock.venue.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * A checked {@code ws://} or {@code wss://} address.
 *
 * @param secure   wss
 * @param host     name or address, IPv6 in brackets
 * @param port     explicit or 80 / 443
 * @param target   path and query exactly as configured; percent escapes stay as they are
 * @param template the address as written if values of the login must fill it first, else null
 * @param isFilled the path may hold such a value, which may be a secret
 */
public record UpstreamUrl(boolean secure, String host, int port, String target, String template, boolean isFilled) {
    /** An address without placeholders. */
    public UpstreamUrl(final boolean secure, final String host, final int port, final String target) {
        this(secure, host, port, target, null, false);
    }

    /** Parses and checks; the message of the exception never contains the query. */
    public static UpstreamUrl parse(final String text) {
        if (VenueVariables.hasPlaceholders(text)) {
            return new UpstreamUrl(true, "(not filled)", 443, "/", text, false);
        }
        final URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                "not a URL: " + withoutSecrets(text) + " (" + e.getReason() + "); escape special characters as %XX");
        }
        final String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new IllegalArgumentException("must begin with ws:// or wss://, got " + withoutSecrets(text));
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("has no valid host name: " + withoutSecrets(text));
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("must not carry user:password@; put credentials into headers");
        }
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("must not have a #fragment: " + withoutSecrets(text));
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw new IllegalArgumentException("port must be 1 to 65535, got " + uri.getPort());
        }
        final boolean secure = scheme.equals("wss");
        final int port = uri.getPort() == -1 ? secure ? 443 : 80 : uri.getPort();
        final URI ascii = URI.create(uri.toASCIIString());
        final String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return new UpstreamUrl(secure, uri.getHost(), port, ascii.getRawQuery() == null ? path : path + "?"
            + ascii.getRawQuery());
    }

    /**
     * Replaces the placeholders by values of the login.
     *
     * @throws IllegalArgumentException if the result is not a valid address; the message contains nothing of it
     */
    public UpstreamUrl filled(final Map<String, String> values) {
        if (template == null) {
            return this;
        }
        final String text = VenueVariables.filledUrl(template, values);
        try {
            final UpstreamUrl url = parse(text);
            return new UpstreamUrl(url.secure, url.host, url.port, url.target, null, true);
        } catch (final IllegalArgumentException e) {
            // the path may hold a secret
            throw new IllegalArgumentException(withoutSecrets(template) + " with its values is no address like "
                + "wss://stream.example.com/path");
        }
    }

    /** The address as written, with placeholders. */
    public String text() {
        return template == null ? (secure ? "wss://" : "ws://") + hostHeader() + target : template;
    }

    /** The {@code Host} header: with the port, unless it is the default of the scheme. */
    public String hostHeader() {
        return port == (secure ? 443 : 80) ? host : host + ":" + port;
    }

    /** For logs: without the query, and without a path that may hold a secret. */
    @Override
    public String toString() {
        return template == null
            ? (secure ? "wss://" : "ws://") + hostHeader() + (isFilled ? "/…" : withoutSecrets(target))
            : withoutSecrets(template);
    }

    /** Removes secrets: venues put keys into the query, some tools put a password before the host. */
    private static String withoutSecrets(final String text) {
        final String shown = text.replaceFirst("//[^/@?]*@", "//…@");
        final int query = shown.indexOf('?');
        return query < 0 ? shown : shown.substring(0, query) + "?…";
    }
}
