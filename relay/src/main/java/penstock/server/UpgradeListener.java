package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import org.xnio.StreamConnection;
import penstock.fanout.subscription.SessionKind;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * What happens when the head of the answer is out. Undertow keeps it as long as the connection lives: it holds no
 * exchange, and forgets the query. Owned by the io thread.
 */
final class UpgradeListener implements HttpUpgradeListener {
    private final IoThreadContext reception;
    private final SessionKind kind;
    private Request.Subscribe subscribe;
    private RequestException refusal;
    private int windowBits;

    UpgradeListener(final IoThreadContext reception, final SessionKind kind) {
        this.reception = reception;
        this.kind = kind;
    }

    void subscribe(final Request.Subscribe request) {
        subscribe = request;
    }

    /** permessage-deflate was agreed. */
    void deflate(final int bits) {
        windowBits = bits;
    }

    void refuse(final RequestException reason) {
        refusal = reason;
    }

    @Override
    public void handleUpgrade(final StreamConnection connection, final HttpServerExchange exchange) {
        final Request.Subscribe request = subscribe;
        final RequestException reason = refusal;
        subscribe = null;
        refusal = null;
        reception.open(connection, kind, request, reason, windowBits);
    }
}
