package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import java.net.InetSocketAddress;
import org.xnio.StreamConnection;
import penstock.fanout.Session;
import penstock.fanout.subscription.SessionKind;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Opens a session on a connection whose response head has been sent. Undertow keeps the listener as long as the
 * connection lives, so it refers to no exchange and drops the request of the query once the session has it.
 *
 * <p>Owned by the io thread.
 */
public final class UpgradeListener implements HttpUpgradeListener {
    /** Creates the socket of one kind of endpoint. */
    public interface SocketFactory {
        /** {@code isDeflating}: permessage-deflate was negotiated. */
        SubscriberSocket create(IoThreadContext context, StreamConnection connection, boolean isDeflating);
    }

    private final IoThreadContext context;
    private final SessionKind kind;
    private final SocketFactory sockets;
    private Request.Subscribe subscribe;
    private RequestException rejection;
    private int windowBits;

    /** Opens sessions of {@code kind} on sockets of {@code sockets}. */
    public UpgradeListener(final IoThreadContext context, final SessionKind kind, final SocketFactory sockets) {
        this.context = context;
        this.kind = kind;
        this.sockets = sockets;
    }

    /** The query holds this first request. */
    public void subscribe(final Request.Subscribe request) {
        subscribe = request;
    }

    /** The query is wrong; the session sends the error as its first reply. */
    void reject(final RequestException reason) {
        rejection = reason;
    }

    /** permessage-deflate was negotiated with this window. */
    void deflate(final int bits) {
        windowBits = bits;
    }

    @Override
    public void handleUpgrade(final StreamConnection connection, final HttpServerExchange exchange) {
        final SubscriberSocket socket = sockets.create(context, connection, windowBits > 0);
        context.admission().onOpened();
        try {
            final Session session = context.shard().open(socket, kind, remote(connection), windowBits);
            socket.start(session);
            if (subscribe != null) {
                session.onRequest(subscribe);
            } else if (rejection != null) {
                session.onRequestRejected(rejection);
            }
        } catch (final RuntimeException | Error e) {
            context.errors().record("a session could not be opened", e);
            socket.abandon();
        } finally {
            subscribe = null;
            rejection = null;
        }
    }

    private static String remote(final StreamConnection connection) {
        return connection.getPeerAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
            ? peer.getAddress().getHostAddress() + ":" + peer.getPort() : "unknown";
    }
}
