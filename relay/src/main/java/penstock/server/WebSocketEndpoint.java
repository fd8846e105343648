package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.xnio.StreamConnection;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.SessionFormat;
import penstock.server.edge.ClientAddress;
import penstock.server.edge.LinkName;
import penstock.websocket.Handshake;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * {@code /v1/ws}: sessions over WebSocket. Validates the opening handshake (RFC 6455, 4.2), which Undertow does not,
 * and upgrades.
 *
 * <p>Runs on the io threads.
 */
public class WebSocketEndpoint extends SessionEndpoint {
    /** Creates the socket of a session on the terms of its handshake. */
    protected interface SocketFactory {
        /** Takes over {@code connection}. */
        SessionSocket create(IoThreadContext context, StreamConnection connection, WebSocketExtension.Terms terms);
    }

    private static final String JSON = "penstock.v1.json";
    private static final String ROWS = "penstock.v1.rows";
    private static final String BINARY = "penstock.v1.bin";
    private static final List<String> PROTOCOLS = List.of(JSON, ROWS, BINARY);
    /** Its path on either listener. */
    static final String PATH = "/v1/ws";

    private static final HttpString SEC_KEY = new HttpString("Sec-WebSocket-Key");
    private static final HttpString SEC_ACCEPT = new HttpString("Sec-WebSocket-Accept");
    private static final HttpString SEC_VERSION = new HttpString("Sec-WebSocket-Version");
    private static final HttpString SEC_EXTENSIONS = new HttpString("Sec-WebSocket-Extensions");

    private final SocketFactory sockets;

    WebSocketEndpoint(final IoThreadContexts contexts) {
        this(contexts, SessionSocket::new);
    }

    /** Sessions on sockets of their own. */
    protected WebSocketEndpoint(final IoThreadContexts contexts, final SocketFactory sockets) {
        super(contexts);
        this.sockets = sockets;
    }

    /**
     * Passes the subscription of the query to {@code upgrade}, then runs {@code open}, now or later. A protocol session
     * replies with the error of a wrong query; what this method throws rejects the handshake instead.
     */
    protected void readQuery(final HttpServerExchange exchange, final IoThreadContext context,
            final UpgradeListener upgrade, final Runnable open) throws RequestException {
        try {
            final Map<String, Deque<String>> query = LinkName.without(exchange.getQueryParameters());
            if (!query.isEmpty()) {
                final Request.Subscribe subscribe = context.decoder().fromQuery(query);
                checkWork(context, exchange, subscribe);
                upgrade.subscribe(subscribe);
            }
        } catch (final RequestException e) {
            if (e.code().status() == 401) {
                throw e;
            }
            upgrade.reject(e);
        }
        open.run();
    }

    @Override
    protected boolean takesAuthMessage() {
        return true;
    }

    @Override
    protected final void upgrade(final HttpServerExchange exchange, final IoThreadContext context) {
        final HeaderValues offers = exchange.getRequestHeaders().get(SEC_EXTENSIONS);
        final WebSocketExtension.Terms terms = context.extension().agree(offers == null ? List.of() : offers);
        final UpgradeListener upgrade = new UpgradeListener(context, ClientAddress.of(exchange),
            format(exchange, terms.format()),
            (owner, connection) -> sockets.create(owner, connection, terms));
        try {
            readQuery(exchange, context, upgrade, () -> open(exchange, terms, upgrade));
        } catch (final RequestException e) {
            reject(exchange, e);
        }
    }

    private void open(final HttpServerExchange exchange, final WebSocketExtension.Terms terms,
            final UpgradeListener upgrade) {
        final HeaderMap answer = exchange.getResponseHeaders();
        answer.put(SEC_ACCEPT, Handshake.accept(exchange.getRequestHeaders().getFirst(SEC_KEY)));
        answerSubprotocol(exchange);
        if (terms.answer() != null) {
            answer.put(SEC_EXTENSIONS, terms.answer());
        }
        exchange.upgradeChannel("websocket", upgrade);
        exchange.addResponseCommitListener(committed -> committed.getResponseHeaders().remove(Headers.CONTENT_LENGTH));
        exchange.endExchange();
    }

    @Override
    protected final boolean isValid(final HttpServerExchange exchange) {
        final HeaderMap headers = exchange.getRequestHeaders();
        if (!exchange.getProtocol().equals(Protocols.HTTP_1_1)) {
            return reject(exchange, 505, "http_version", "a WebSocket handshake must use HTTP/1.1: behind nginx set "
                + "proxy_http_version 1.1, proxy_set_header Upgrade $http_upgrade and proxy_set_header Connection "
                + "upgrade");
        }
        if (exchange.isHostIncludedInRequestURI()) {
            return reject(exchange, 400, "bad_handshake",
                "the request target must be a path, without scheme and host");
        }
        if (headers.contains(Headers.TRANSFER_ENCODING) || exchange.getRequestContentLength() > 0) {
            return reject(exchange, 400, "bad_handshake", "a WebSocket handshake has no body");
        }
        if (!hasToken(headers.get(Headers.UPGRADE), "websocket")
                || !hasToken(headers.get(Headers.CONNECTION), "upgrade")) {
            exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket");
            return reject(exchange, 400, "bad_handshake",
                "this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade,"
                    + " as WebSocket clients do");
        }
        if (!"13".equals(only(headers.get(SEC_VERSION)))) {
            exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket").put(SEC_VERSION, "13");
            return reject(exchange, 426, "upgrade_required", "Sec-WebSocket-Version must be 13");
        }
        if (!Handshake.isValidKey(only(headers.get(SEC_KEY)))) {
            return reject(exchange, 400, "bad_handshake", "Sec-WebSocket-Key must be 16 bytes in base64, once");
        }
        if (Subprotocols.areOffered(exchange) && !isAccepted(exchange)) {
            return reject(exchange, 400, "bad_subprotocol", "the subprotocols are " + String.join(", ", PROTOCOLS)
                + ": offer one of them, or none");
        }
        final String problem =
            LinkName.problem(exchange, BINARY.equals(Subprotocols.firstOffered(exchange, PROTOCOLS)));
        return problem == null || reject(exchange, 400, "bad_field", problem);
    }

    /** Whether the endpoint speaks one of the subprotocols that the client offers. */
    protected boolean isAccepted(final HttpServerExchange exchange) {
        return Subprotocols.firstOffered(exchange, PROTOCOLS) != null;
    }

    /** The format of the session, in the frames agreed in the handshake. */
    protected SessionFormat format(final HttpServerExchange exchange, final FrameFormat frames) {
        final String offered = Subprotocols.firstOffered(exchange, PROTOCOLS);
        return ROWS.equals(offered) ? new RowsFormat(frames) : BINARY.equals(offered)
            ? new BinaryFormat(frames, LinkName.of(exchange)) : frames;
    }

    /** Answers the client's offers of subprotocols, which were accepted. */
    protected void answerSubprotocol(final HttpServerExchange exchange) {
        if (Subprotocols.areOffered(exchange)) {
            exchange.getResponseHeaders().put(Subprotocols.HEADER, Subprotocols.firstOffered(exchange, PROTOCOLS));
        }
    }

    /** Answers the first subprotocol that the client offers. */
    protected static void answerFirstSubprotocol(final HttpServerExchange exchange) {
        Subprotocols.answerAny(exchange);
    }

    private static String only(final HeaderValues values) {
        return values == null || values.size() != 1 ? null : values.getFirst().trim();
    }

    private static boolean hasToken(final HeaderValues values, final String token) {
        return tokens(values).anyMatch(token::equalsIgnoreCase);
    }

    private static Stream<String> tokens(final HeaderValues values) {
        return values == null ? Stream.of()
            : values.stream().flatMap(value -> Stream.of(value.split(","))).map(String::trim);
    }
}
