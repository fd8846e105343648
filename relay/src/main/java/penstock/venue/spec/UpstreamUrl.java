package penstock.venue.spec;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;

/**
 * A checked address: {@code ws://}, {@code wss://}, {@code tcp://HOST:PORT} or {@code stdin:}.
 *
 * @param kind     what is at the address
 * @param host     name or address, IPv6 in brackets; empty for the standard input
 * @param port     explicit or 80 / 443
 * @param target   path and query exactly as configured; percent escapes stay as they are
 * @param template the address as written if values of the login must fill it first, else null
 * @param isFilled the path may hold such a value, which may be a secret
 */
public record UpstreamUrl(Kind kind, String host, int port, String target, String template, boolean isFilled) {
    /** Begins an address of lines over TCP. */
    private static final String TCP = "tcp://";
    /** Begins the address of a delayed feed, before the name of the other one. */
    private static final String RECORDING = "recording:";

    /** What is at an address. */
    public enum Kind {
        /** A WebSocket. */
        WEBSOCKET,
        /** A WebSocket over TLS. */
        SECURE_WEBSOCKET,
        /** One JSON document a line, over TCP. */
        TCP,
        /** The same, from the standard input of the process. */
        STDIN,
        /** The recording of another feed of the relay. */
        RECORDING
    }

    /** A WebSocket without placeholders. */
    public UpstreamUrl(final boolean secure, final String host, final int port, final String target) {
        this(secure ? Kind.SECURE_WEBSOCKET : Kind.WEBSOCKET, host, port, target, null, false);
    }

    /** Whether values of the login must fill a text before it is an address. */
    public static boolean hasPlaceholders(final String text) {
        return VenueVariables.hasPlaceholders(text);
    }

    /** Parses and checks; the message of the exception never contains the query. */
    public static UpstreamUrl parse(final String text) {
        if (VenueVariables.hasPlaceholders(text)) {
            return new UpstreamUrl(Kind.SECURE_WEBSOCKET, "(not filled)", 443, "/", text, false);
        }
        if (text.startsWith(RECORDING)) {
            return new UpstreamUrl(Kind.RECORDING, "", 0, text.substring(RECORDING.length()), null, false);
        }
        if (text.equals("stdin:")) {
            return new UpstreamUrl(Kind.STDIN, "", 0, "", null, false);
        }
        final URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                "not a URL: " + withoutSecrets(text) + " (" + e.getReason() + "); escape special characters as %XX");
        }
        final String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        final boolean isTcp = scheme.equals("tcp");
        if (!scheme.equals("ws") && !scheme.equals("wss") && !isTcp) {
            throw new IllegalArgumentException("must begin with ws://, wss:// or tcp://, or be stdin:, got "
                + withoutSecrets(text));
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
        if (isTcp) {
            return tcp(uri);
        }
        final boolean secure = scheme.equals("wss");
        final int port = uri.getPort() == -1 ? secure ? 443 : 80 : uri.getPort();
        final URI ascii = URI.create(uri.toASCIIString());
        final String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return new UpstreamUrl(secure, uri.getHost(), port, ascii.getRawQuery() == null ? path : path + "?"
            + ascii.getRawQuery());
    }

    private static UpstreamUrl tcp(final URI uri) {
        if (uri.getPort() == -1 || !uri.getRawPath().isEmpty() && !uri.getRawPath().equals("/")
                || uri.getRawQuery() != null) {
            throw new IllegalArgumentException("must have a port and nothing behind it, like tcp://localhost:5000");
        }
        return new UpstreamUrl(Kind.TCP, uri.getHost(), uri.getPort(), "", null, false);
    }

    /** Whether TLS is spoken. */
    public boolean secure() {
        return kind == Kind.SECURE_WEBSOCKET;
    }

    /** Whether a WebSocket is at the address, and not lines. */
    public boolean isWebSocket() {
        return kind == Kind.WEBSOCKET || kind == Kind.SECURE_WEBSOCKET;
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
            return new UpstreamUrl(url.kind, url.host, url.port, url.target, null, true);
        } catch (final IllegalArgumentException e) {
            // the path may hold a secret
            throw new IllegalArgumentException(withoutSecrets(template) + " with its values is no address like "
                + "wss://stream.example.com/path");
        }
    }

    /** The address as written, with placeholders. */
    public String text() {
        return template == null ? begin() + target : template;
    }

    /** The {@code Host} header: with the port, unless it is the default of the scheme. */
    public String hostHeader() {
        return port == (secure() ? 443 : 80) && isWebSocket() ? host : host + ":" + port;
    }

    /** For logs: without the query, and without a path that may hold a secret. */
    @Override
    public String toString() {
        return template == null ? begin() + (isFilled && isWebSocket() ? "/…" : withoutSecrets(target))
            : withoutSecrets(template);
    }

    private String begin() {
        return switch (kind) {
            case WEBSOCKET -> "ws://" + hostHeader();
            case SECURE_WEBSOCKET -> "wss://" + hostHeader();
            case TCP -> TCP + hostHeader();
            case STDIN -> "stdin:";
            case RECORDING -> RECORDING;
        };
    }

    /** Removes secrets: venues put keys into the query, some tools put a password before the host. */
    private static String withoutSecrets(final String text) {
        final String shown = text.replaceFirst("//[^/@?]*@", "//…@");
        final int query = shown.indexOf('?');
        return query < 0 ? shown : shown.substring(0, query) + "?…";
    }
}
