package penstock.upstream;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import penstock.text.Version;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.VenueVariables;

/**
 * How to connect to the upstream, the same for all its addresses.
 *
 * @param headers          extra headers of the upgrade request, in order
 * @param subprotocol      subprotocol to offer, null = none
 * @param deflate          offer permessage-deflate
 * @param frameBytes       maximum size of a frame and of a message
 * @param inflatedBytes    maximum size of a message after inflation
 * @param connectTimeoutMs for name lookup, TCP, TLS and upgrade together
 * @param tls              null = the trust store of the JVM
 */
public record UpstreamSettings(Map<String, String> headers, String subprotocol, boolean deflate, int frameBytes,
        int inflatedBytes, long connectTimeoutMs, SSLContext tls) {
    private static final String USER_AGENT = "User-Agent";

    /** Rejects headers and subprotocols that would break the request. */
    public UpstreamSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        RequestHeaders.check(headers);
        if (subprotocol != null && !RequestHeaders.isToken(subprotocol)) {
            throw new IllegalArgumentException("subprotocol: '" + subprotocol + "' is not a token");
        }
    }

    /**
     * Settings of the venue file; {@code moreHeaders} of the relay's configuration override its headers. The relay
     * names itself: some web firewalls answer requests without {@code User-Agent} with 403.
     */
    public static UpstreamSettings of(final ConnectionSpec spec, final Map<String, String> moreHeaders,
            final SSLContext tls) {
        final Map<String, String> headers = new LinkedHashMap<>();
        headers.put(USER_AGENT, "penstock/" + Version.TEXT);
        override(headers, spec.endpoint().headers());
        override(headers, moreHeaders);
        return new UpstreamSettings(headers, spec.endpoint().subprotocol(), spec.framing().deflate(),
            spec.framing().maxFrameBytes(), spec.framing().maxInflatedBytes(), spec.timing().connectTimeoutMs(), tls);
    }

    private static void override(final Map<String, String> headers, final Map<String, String> by) {
        by.forEach((name, value) -> {
            headers.keySet().removeIf(name::equalsIgnoreCase);
            headers.put(name, value);
        });
    }

    /** What the relay calls itself, null = nothing. */
    public String userAgent() {
        return headers.entrySet().stream().filter(header -> header.getKey().equalsIgnoreCase(USER_AGENT))
            .map(Map.Entry::getValue).findFirst().orElse(null);
    }

    /** Fills values of the login into the headers. */
    public UpstreamSettings filled(final Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        final Map<String, String> filled = new LinkedHashMap<>(headers);
        filled.replaceAll((name, value) -> VenueVariables.filled(value, values));
        return new UpstreamSettings(filled, subprotocol, deflate, frameBytes, inflatedBytes, connectTimeoutMs, tls);
    }

    /** Without the values of headers: they hold keys. */
    @Override
    public String toString() {
        return "headers " + headers.keySet() + ", subprotocol " + subprotocol + ", deflate " + deflate
            + ", frames up to " + frameBytes
            + " bytes, connect timeout " + connectTimeoutMs + " ms";
    }
}
