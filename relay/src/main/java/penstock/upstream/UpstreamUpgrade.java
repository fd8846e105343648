package penstock.upstream;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.StreamConnection;
import org.xnio.http.ExtendedHandshakeChecker;
import org.xnio.http.HttpUpgrade;
import penstock.text.PrintableText;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.DeflateOffer;
import penstock.websocket.Handshake;
import penstock.websocket.ProtocolException;

/**
 * Opens the WebSocket over a connected socket through XNIO and checks the response (RFC 6455 section 4.1).
 * Owned by the feed thread.
 */
final class UpstreamUpgrade implements ExtendedHandshakeChecker {
    private static final Pattern RETRY_AFTER = Pattern.compile("\\bretryAfter=([0-9]{1,9})\\b");

    private final UpstreamUrl url;
    private final UpstreamSettings settings;
    private final String key = Handshake.newKey();
    private UpgradeHead head;
    private boolean isDeflated;
    private boolean isContextKept;

    /** A 101 response that violates the handshake. */
    private static final class InvalidResponse extends IOException {
        private static final long serialVersionUID = 1;

        InvalidResponse(final String message) {
            super(message);
        }
    }

    UpstreamUpgrade(final UpstreamUrl url, final UpstreamSettings settings) {
        this.url = url;
        this.settings = settings;
    }

    /** {@code onFailed} gets the failure that {@link #loss} explains. The caller keeps the channel and closes it. */
    <T extends StreamConnection> void start(final T channel, final ChannelListener<StreamConnection> onOpen,
            final OnFailed onFailed) throws IOException {
        head = new UpgradeHead(channel.getSourceChannel().getConduit());
        channel.getSourceChannel().setConduit(head);
        HttpUpgrade.performUpgrade(channel, uri(), headers(), opened -> {
            head.stop();
            onOpen.handleEvent(opened);
        }, this).addNotifier(new IoFuture.HandlingNotifier<T, Object>() {
            @Override
            public void handleFailed(final IOException failure, final Object attachment) {
                onFailed.accept(failure);
            }
        }, null);
    }

    /** Receives a failure. */
    interface OnFailed {
        void accept(IOException failure);
    }

    /** True if the server accepted permessage-deflate. */
    boolean isDeflated() {
        return isDeflated;
    }

    /** True if the server keeps its compression window between messages. */
    boolean isContextKept() {
        return isContextKept;
    }

    /** Explains a failure before the WebSocket was open; null if the response does not explain it. */
    UpstreamLoss loss(final IOException failure, final long epochMs) {
        if (failure instanceof InvalidResponse) {
            return UpstreamLoss.of(LossReason.PROTOCOL_ERROR, "the upgrade response of " + url + " "
                + failure.getMessage(), false);
        }
        if (head == null || head.status() == 0 || head.status() == 101) {
            return null;
        }
        final String location = head.header("Location");
        final String words = url + " answered " + head.statusLine()
            + (location == null ? "" : ", redirects to " + PrintableText.excerpt(location.replaceAll("\\?.*", "?…"))
                + "; redirects are not followed");
        return new UpstreamLoss(LossReason.REFUSED, words, false, head.status(), head.retryAfterMs(epochMs));
    }

    @Override
    public void checkHandshakeExtended(final Map<String, List<String>> answer) throws IOException {
        check(hasToken(answer, "upgrade", "websocket"), "has no 'Upgrade: websocket'");
        check(hasToken(answer, "connection", "upgrade"), "has no 'Connection: Upgrade'");
        check(Handshake.accept(key).equals(value(answer, "sec-websocket-accept")),
            "has a wrong Sec-WebSocket-Accept: not a WebSocket server, or a cache in between");
        final String subprotocol = value(answer, "sec-websocket-protocol");
        check(subprotocol == null || subprotocol.equals(settings.subprotocol()),
            "chose the subprotocol " + subprotocol + ", which was not offered");
        final String extensions = value(answer, "sec-websocket-extensions");
        if (extensions != null && !extensions.isBlank()) {
            check(settings.deflate(), "chose an extension that was not offered: " + extensions);
            try {
                isDeflated = DeflateOffer.accepted(extensions);
                isContextKept = isDeflated && !DeflateOffer.serverNoContextTakeover(extensions);
            } catch (ProtocolException e) {
                throw new InvalidResponse("chose invalid extensions: "
                    + PrintableText.excerpt(String.valueOf(e.getMessage())));
            }
        }
    }

    /** {@code retryAfter=2000} (ms) in the reason of a Close frame, as this relay sends it too; -1 if absent. */
    static long retryAfterMs(final String closeReason) {
        final Matcher matcher = RETRY_AFTER.matcher(closeReason);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private Map<String, List<String>> headers() {
        final Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("Host", List.of(url.hostHeader()));
        headers.put("Upgrade", List.of("websocket"));
        headers.put("Connection", List.of("Upgrade"));
        headers.put("Sec-WebSocket-Version", List.of("13"));
        headers.put("Sec-WebSocket-Key", List.of(key));
        if (settings.subprotocol() != null) {
            headers.put("Sec-WebSocket-Protocol", List.of(settings.subprotocol()));
        }
        if (settings.deflate()) {
            headers.put("Sec-WebSocket-Extensions", List.of(DeflateOffer.OFFER));
        }
        settings.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return headers;
    }

    /**
     * XNIO writes the unescaped path and query into its request. This constructor escapes every '%' once more, so that
     * the target arrives as configured.
     */
    private URI uri() throws IOException {
        final String[] target = url.target().split("\\?", 2);
        try {
            final String query = target.length > 1 ? target[1] : null;
            return new URI(url.secure() ? "https" : "http", null, url.host(), url.port(), target[0], query, null);
        } catch (URISyntaxException e) {
            throw new IOException("cannot write the request for " + url);
        }
    }

    private static void check(final boolean isRight, final String mistake) throws IOException {
        if (!isRight) {
            throw new InvalidResponse(PrintableText.excerpt(mistake));
        }
    }

    private static String value(final Map<String, List<String>> answer, final String name) {
        final List<String> values = answer.get(name);
        return values == null ? null : String.join(", ", values);
    }

    private static boolean hasToken(final Map<String, List<String>> answer, final String name, final String token) {
        final String value = value(answer, name);
        return value != null && Arrays.stream(value.split(",")).anyMatch(each -> each.trim().equalsIgnoreCase(token));
    }
}
