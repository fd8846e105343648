package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.HttpUpgradeListener;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.xnio.StreamConnection;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.link.LinkSession;
import penstock.identity.Identity;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.ClientDevice;
import penstock.server.auth.EdgeName;
import penstock.server.auth.Link;
import penstock.server.auth.LinkSender;
import penstock.server.auth.Seat;
import penstock.server.edge.ClientAddress;
import penstock.telemetry.Counter;
import penstock.wire.CloseStatus;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Opens a session on a connection whose response head has been sent. Undertow keeps the listener as long as the
 * connection lives, so it refers to no exchange and drops the request of the query once the session has it.
 *
 * <p>Owned by the io thread.
 */
public final class UpgradeListener implements HttpUpgradeListener {
    private static final int FULL_RETRY_MS = 5_000;

    /** Creates the socket of one kind of endpoint. */
    public interface SocketFactory {
        /** Takes over {@code connection}. */
        SubscriberSocket create(IoThreadContext context, StreamConnection connection);
    }

    private final IoThreadContext context;
    private final SessionFormat format;
    private final SocketFactory sockets;
    private final InetSocketAddress client;
    private String device;
    private Request.Subscribe subscribe;
    private RequestException rejection;

    /** Opens a session of {@code format} with {@code client}, null if unknown, on a socket of {@code sockets}. */
    public UpgradeListener(final IoThreadContext context, final InetSocketAddress client, final SessionFormat format,
            final SocketFactory sockets) {
        this.client = client;
        this.context = context;
        this.format = format;
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

    @Override
    public void handleUpgrade(final StreamConnection connection, final HttpServerExchange exchange) {
        final SubscriberSocket socket = sockets.create(context, connection);
        context.gate().onSession(connection);
        device = ClientDevice.of(exchange, ClientAddress.host(client));
        final Identity identity = exchange.getAttachment(ClientAccess.IDENTITY);
        if (identity == null) {
            final Newcomer newcomer = new Newcomer(context, connection, client, new Newcomer.Listener() {
                @Override
                public void onWait() {
                    socket.suspendReads();
                }

                @Override
                public void onKnown(final Identity known, final Seat seat, final String requestId) {
                    if (socket.isReadingSuspended()) {
                        socket.resumeReads();
                    }
                    openIfThereIsRoom(socket, known, seat, requestId);
                }

                @Override
                public void onRefused(final int code, final String reason) {
                    socket.refuse(code, reason);
                }
            });
            exchange.getConnection().addCloseListener(closed -> newcomer.onClosed());
            socket.await(newcomer);
            return;
        }
        final Seat seat = exchange.getAttachment(ClientCheck.SEAT);
        device = identity.isEdge() ? EdgeName.of(exchange, identity) : device;
        socket.count();
        context.goOn(() -> open(socket, identity, seat, session -> { }, context::goOn));
    }

    /** The client of a running connection is known now; its request is acknowledged. */
    private void openIfThereIsRoom(final SubscriberSocket socket, final Identity identity, final Seat seat,
            final String requestId) {
        if (context.admission().isFull()) {
            context.audit().onUnserved(remote(), Termination.FULL);
            socket.refuse(CloseStatus.DRAINING.code(), "retryAfter=" + FULL_RETRY_MS);
        } else {
            socket.count();
            // at once: what came behind the token is decoded next
            open(socket, identity, seat, session -> context.shard().onAuthenticated(session, requestId), Runnable::run);
        }
    }

    private void open(final SubscriberSocket socket, final Identity identity, final Seat seat,
            final Consumer<Session> begin, final Executor steps) {
        try {
            final Identity current = context.access().current(identity);
            if (current == null) {
                // its key was removed since it was checked
                context.audit().onUnserved(remote(), Termination.UNKNOWN_CLIENT);
                socket.abandon();
                return;
            }
            final Session session = context.shard().open(socket, format, remote(), current, device);
            socket.begin(session, client, current);
            if (current.isEdge()) {
                link(session, current, seat);
            } else {
                report(session, current, seat);
            }
            seat.onEviction(() -> context.execute(() -> evict(session)));
            steps.execute(() -> start(socket, session, begin));
        } catch (final RuntimeException | Error e) {
            onFailure(socket, e);
        }
        context.shard().runOverdueTurn();
    }

    /** The relay may be an edge, whose ingest learns of the session, and may have it end. */
    private void report(final Session session, final Identity who, final Seat seat) {
        final LinkSession opened = new LinkSession(session);
        context.access().edges().onOwn(who, opened.id(), remote(), seat, (code, reason) -> context.execute(() -> {
            context.count(code == CloseStatus.REPLACED.code() ? Counter.SESSIONS_EVICTED
                : Counter.SESSIONS_OVER_LIMIT);
            opened.close(code, reason);
        }));
    }

    /** The client is an edge: its session may report, and learns what becomes of the sessions there. */
    private void link(final Session session, final Identity edge, final Seat seat) {
        final LinkSession opened = new LinkSession(session);
        final Link link = context.access().edges().open(device, edge.principal(), opened.id(), remote(),
            new LinkSender() {
                @Override
                public void send(final MessageBuffer message) {
                    context.executeHere(() -> opened.send(message));
                }

                @Override
                public void later(final Runnable task, final long ms) {
                    context.executeAfter(task, ms);
                }

                @Override
                public void replace() {
                    context.executeHere(opened::replace);
                }
            });
        opened.link(link);
        seat.onEnd(link::end);
    }

    /** Nothing that the client sends is read before the request of the query was. */
    private void start(final SubscriberSocket socket, final Session session, final Consumer<Session> begin) {
        try {
            begin.accept(session);
            if (subscribe != null) {
                session.onRequest(subscribe);
            } else if (rejection != null) {
                session.onRequestRejected(rejection);
            }
            socket.startReading();
        } catch (final RuntimeException | Error e) {
            onFailure(socket, e);
        } finally {
            subscribe = null;
            rejection = null;
        }
    }

    private void onFailure(final SubscriberSocket socket, final Throwable failure) {
        context.errors().record("a session could not be opened", failure);
        socket.abandon();
    }

    /** A newer session of the client takes its place. */
    private void evict(final Session session) {
        if (session.isOpen()) {
            context.count(Counter.SESSIONS_EVICTED);
            session.close(Termination.REPLACED);
        }
    }

    private String remote() {
        return ClientAddress.text(client);
    }
}
