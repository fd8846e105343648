package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import java.util.stream.Stream;
import penstock.fanout.subscription.SessionKind;
import penstock.topic.Channel;
import penstock.websocket.DeflateAnswer;
import penstock.websocket.Handshake;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/**
 * The way in by WebSocket: checks the opening handshake, which Undertow takes as it comes, and upgrades. RFC 6455, 4.2.
 */
final class WebSocketEndpoint extends SessionEndpoint {
    private static final String PROTOCOL = "penstock.v1.json";
    private static final HttpString SEC_KEY = new HttpString("Sec-WebSocket-Key");
    private static final HttpString SEC_ACCEPT = new HttpString("Sec-WebSocket-Accept");
    private static final HttpString SEC_VERSION = new HttpString("Sec-WebSocket-Version");
    private static final HttpString SEC_EXTENSIONS = new HttpString("Sec-WebSocket-Extensions");
    private static final HttpString SEC_PROTOCOL = new HttpString("Sec-WebSocket-Protocol");

    private final SessionKind kind;

    WebSocketEndpoint(final SessionAdmission lobby, final SessionKind kind) {
        super(lobby);
        this.kind = kind;
    }

    @Override
    void admit(final HttpServerExchange exchange, final IoThreadContext reception) {
        final UpgradeListener upgrade = new UpgradeListener(reception, kind);
        if (!exchange.getQueryParameters().isEmpty() || kind == SessionKind.RAW) {
            try {
                upgrade.subscribe(request(exchange, reception));
            } catch (final RequestException e) {
                if (kind == SessionKind.RAW || e.code().status() == 401) {
                    refuse(exchange, e);
                    return;
                }
                upgrade.refuse(e);
            }
        }
        final HeaderMap answer = exchange.getResponseHeaders();
        answer.put(SEC_ACCEPT, Handshake.accept(exchange.getRequestHeaders().getFirst(SEC_KEY)));
        if (exchange.getRequestHeaders().contains(SEC_PROTOCOL)) {
            answer.put(SEC_PROTOCOL, PROTOCOL);
        }
        if (reception.deflates() && exchange.getRequestHeaders().contains(SEC_EXTENSIONS)) {
            final DeflateAnswer deflate = DeflateAnswer.to(exchange.getRequestHeaders().get(SEC_EXTENSIONS));
            if (deflate != null) {
                answer.put(SEC_EXTENSIONS, deflate.text());
                upgrade.deflate(deflate.windowBits());
            }
        }
        exchange.upgradeChannel("websocket", upgrade);
        exchange.addResponseCommitListener(committed -> committed.getResponseHeaders().remove(Headers.CONTENT_LENGTH));
        exchange.endExchange();
    }

    /** A session of the protocol is told what is wrong with its query; a raw one could not be, so it is not let in. */
    private Request.Subscribe request(final HttpServerExchange exchange, final IoThreadContext reception)
            throws RequestException {
        final Request.Subscribe subscribe = reception.decoder().fromQuery(exchange.getQueryParameters());
        if (kind == SessionKind.RAW) {
            final Channel channel = reception.shard().topics().channel(subscribe.channel());
            if (channel != null && !channel.isSelfContained() && !channel.isEventChannel()) {
                throw SnapshotEndpoint.notWhole(channel);
            }
            refuseViews(subscribe.options());
            check(reception, subscribe);
        }
        return subscribe;
    }

    /** Payloads are the venue's own bytes, all of them. */
    private static void refuseViews(final SubscriptionOptions options) throws RequestException {
        final String name = options.content().fields() != null && !options.content().fields().isEmpty() ? "fields"
            : Boolean.TRUE.equals(options.content().delta()) ? "delta" : options.content().depth() > 0 ? "depth" : null;
        if (name != null) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/" + name,
                "raw payloads are what the venue sent, whole: " + name + " is served by /v1/ws. Leave it out here",
                null);
        }
    }

    @Override
    boolean isFit(final HttpServerExchange exchange) {
        final HeaderMap headers = exchange.getRequestHeaders();
        if (!exchange.getProtocol().equals(Protocols.HTTP_1_1)) {
            return refuse(exchange, 505, "http_version", "a WebSocket handshake is HTTP/1.1");
        }
        if (exchange.isHostIncludedInRequestURI()) {
            return refuse(exchange, 400, "bad_handshake", "the request target is a path, without scheme and host");
        }
        if (headers.contains(Headers.TRANSFER_ENCODING) || exchange.getRequestContentLength() > 0) {
            return refuse(exchange, 400, "bad_handshake", "a WebSocket handshake has no body");
        }
        if (!hasToken(headers.get(Headers.UPGRADE), "websocket")
                || !hasToken(headers.get(Headers.CONNECTION), "upgrade")) {
            exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket");
            return refuse(exchange, 400, "bad_handshake",
                "this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade,"
                    + " as WebSocket clients do");
        }
        if (!"13".equals(only(headers.get(SEC_VERSION)))) {
            exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket").put(SEC_VERSION, "13");
            return refuse(exchange, 426, "upgrade_required", "Sec-WebSocket-Version must be 13");
        }
        if (!Handshake.isValidKey(only(headers.get(SEC_KEY)))) {
            return refuse(exchange, 400, "bad_handshake", "Sec-WebSocket-Key must be 16 bytes in base64, once");
        }
        if (headers.contains(SEC_PROTOCOL) && !hasProtocol(headers.get(SEC_PROTOCOL))) {
            return refuse(exchange, 400, "bad_subprotocol", "the subprotocol here is " + PROTOCOL
                + ": offer it, or none");
        }
        if (headers.count(Headers.ORIGIN) > 1) {
            return refuse(exchange, 403, "bad_origin", "a request comes from one origin");
        }
        return true;
    }

    private static String only(final HeaderValues values) {
        return values == null || values.size() != 1 ? null : values.getFirst().trim();
    }

    /** Subprotocols are told apart by case, the tokens of other headers are not. */
    private static boolean hasProtocol(final HeaderValues values) {
        return tokens(values).anyMatch(PROTOCOL::equals);
    }

    private static boolean hasToken(final HeaderValues values, final String token) {
        return tokens(values).anyMatch(token::equalsIgnoreCase);
    }

    private static Stream<String> tokens(final HeaderValues values) {
        return values == null ? Stream.of()
            : values.stream().flatMap(value -> Stream.of(value.split(","))).map(String::trim);
    }
}
