package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.wire.CloseStatus;

/**
 * A page cannot see why its WebSocket handshake was refused: the browser shows it code 1006 for every response but 101.
 * So the handshake of a page is accepted, and the connection closed with the code that says what to do. Stateless.
 *
 * <p>Runs on the io threads.
 */
final class RefusedHandshake {
    /** Set on an exchange that was refused in this way. */
    static final AttachmentKey<Boolean> IS_REFUSED = AttachmentKey.create(Boolean.class);
    private static final HttpString SEC_KEY = new HttpString("Sec-WebSocket-Key");
    private static final HttpString SEC_ACCEPT = new HttpString("Sec-WebSocket-Accept");
    private static final HttpString SEC_VERSION = new HttpString("Sec-WebSocket-Version");
    private static final int MAX_REASON_BYTES = 123;
    private static final long CLOSE_WITHIN_MS = 1_000;

    private RefusedHandshake() {
    }

    /** Whether the request is a handshake, valid as such, of a page in a browser. */
    static boolean isOfPage(final HttpServerExchange exchange) {
        final HeaderMap headers = exchange.getRequestHeaders();
        return headers.count(Headers.ORIGIN) == 1 && exchange.getProtocol().equals(Protocols.HTTP_1_1)
            && exchange.getRequestContentLength() <= 0 && !headers.contains(Headers.TRANSFER_ENCODING)
            && "websocket".equalsIgnoreCase(headers.getFirst(Headers.UPGRADE))
            && "13".equals(headers.getFirst(SEC_VERSION)) && Handshake.isValidKey(headers.getFirst(SEC_KEY))
            && exchange.getAttachment(IoThreadContext.OF_EXCHANGE) != null;
    }

    /** Accepts the handshake and closes the connection with the code that belongs to {@code status}. */
    static void close(final HttpServerExchange exchange, final int status, final String code, final String message,
            final long retryAfterMs) {
        final CloseStatus closeStatus = closeStatus(status);
        final String reason = closeStatus == CloseStatus.DRAINING ? "retryAfter=" + Math.max(1_000, retryAfterMs)
            : code + ": " + message;
        exchange.putAttachment(IS_REFUSED, true);
        final HeaderMap answer = exchange.getResponseHeaders();
        answer.put(SEC_ACCEPT, Handshake.accept(exchange.getRequestHeaders().getFirst(SEC_KEY)));
        answer.remove(Headers.RETRY_AFTER);
        Subprotocols.answerAny(exchange);
        final IoThreadContext context = exchange.getAttachment(IoThreadContext.OF_EXCHANGE);
        exchange.upgradeChannel("websocket", (connection, done) -> {
            context.gate().onSession(connection);
            sendClose(context, connection, closeStatus.code(), reason);
        });
        exchange.addResponseCommitListener(committed -> committed.getResponseHeaders().remove(Headers.CONTENT_LENGTH));
        exchange.endExchange();
    }

    private static CloseStatus closeStatus(final int status) {
        return switch (status) {
            case 401 -> CloseStatus.UNAUTHENTICATED;
            case 403 -> CloseStatus.FORBIDDEN;
            case 413 -> CloseStatus.LIMITS;
            case 429 -> CloseStatus.FLOODING;
            case 503 -> CloseStatus.DRAINING;
            default -> status >= 500 ? CloseStatus.INTERNAL : CloseStatus.BAD_REQUESTS;
        };
    }

    /** Sends a Close frame on a connection without a session, and closes it when the client has answered, or in 1 s. */
    static void sendClose(final IoThreadContext context, final StreamConnection connection, final int code,
            final String reason) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + MAX_REASON_BYTES + 2);
        FrameWriter.putClose(frame, code, reason);
        final ChannelListener<ConduitStreamSourceChannel> reader = source -> discard(context, connection, source);
        try {
            // the first bytes of a connection always fit its send buffer
            connection.getSinkChannel().write(frame.flip());
            connection.getSinkChannel().flush();
            connection.getSourceChannel().setReadListener(reader);
            connection.getSourceChannel().resumeReads();
            connection.getIoThread().executeAfter(() -> IoUtils.safeClose(connection), CLOSE_WITHIN_MS,
                TimeUnit.MILLISECONDS);
        } catch (final IOException e) {
            IoUtils.safeClose(connection);
        }
    }

    /** Until the page has answered and closes. */
    private static void discard(final IoThreadContext context, final StreamConnection connection,
            final ConduitStreamSourceChannel source) {
        try {
            final ByteBuffer buffer = context.readBuffer();
            buffer.clear();
            if (source.read(buffer) < 0) {
                IoUtils.safeClose(connection);
            }
        } catch (final IOException e) {
            IoUtils.safeClose(connection);
        }
    }
}
