package penstock.server;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import penstock.identity.Identity;
import penstock.server.auth.WaitingRoom;
import penstock.telemetry.Counter;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * The client of a WebSocket that has not shown yet who it is: its first message must, within 5 s. There is no session
 * before that.
 *
 * <p>Owned by the io thread.
 */
final class Newcomer implements WaitingRoom.Guest {
    /** What becomes of the client. */
    interface Listener {
        /** The client is known; {@code requestId} is the JSON text of the request's id, or null. */
        void onKnown(Identity identity, String requestId);

        /** Nothing more of it is read, and it is sent a Close frame. */
        void onRefused(int code, String reason);
    }

    private static final long WITHIN_MS = 5_000;
    private static final int MAX_MESSAGE_BYTES = 8 * 1024;

    private final IoThreadContext context;
    private final StreamConnection connection;
    private final SocketAddress client;
    private final Listener listener;
    private XnioExecutor.Key timer;
    private Runnable giveBack = () -> { };

    /** {@code client} is its address. */
    Newcomer(final IoThreadContext context, final StreamConnection connection, final SocketAddress client,
            final Listener listener) {
        this.context = context;
        this.client = client;
        this.connection = connection;
        this.listener = listener;
    }

    /** The time begins. */
    void start() {
        context.newcomers().enter(this);
        timer = connection.getIoThread().executeAfter(this::onSilence,
            Math.min(WITHIN_MS, context.messageWithinMs()), TimeUnit.MILLISECONDS);
    }

    /** Its first message. */
    void onMessage(final byte[] buffer, final int offset, final int length) {
        try {
            final Request.Auth auth = auth(buffer, offset, length);
            final Identity identity = ClientCheck.verify(context, client,
                () -> context.access().authenticate(auth.token(), auth.id()));
            end();
            giveBack = context.access().takeSession(identity);
            if (giveBack == null) {
                giveBack = () -> { };
                context.count(Counter.SESSIONS_OVER_LIMIT);
                listener.onRefused(CloseStatus.FLOODING.code(),
                    "too_many_sessions: " + ClientCheck.tooMany(identity));
            } else {
                listener.onKnown(identity, auth.id());
            }
        } catch (final RequestException refusal) {
            refuse(refusal);
        }
    }

    /** Something came that is no message. */
    void onOther() {
        refuse(refusal());
    }

    /** Ends the wait with a Close frame. */
    void refuse(final int code, final String reason) {
        end();
        listener.onRefused(code, reason);
    }

    /** The connection has closed: the client has one session less, if it had begun one. */
    void onClosed() {
        giveBack.run();
    }

    /** It no longer waits. */
    void end() {
        context.newcomers().leave(this);
        if (timer != null) {
            timer.remove();
        }
    }

    @Override
    public void onCrowdedOut() {
        onSilence();
    }

    private void onSilence() {
        context.count(Counter.AUTH_MISSING);
        refuse(CloseStatus.NO_AUTH_IN_TIME.code(), CloseStatus.NO_AUTH_IN_TIME.reason());
    }

    private void refuse(final RequestException refusal) {
        ClientCheck.count(context.counters(), refusal);
        refuse((refusal.code() == ErrorCode.RATE_LIMITED ? CloseStatus.FLOODING : CloseStatus.UNAUTHENTICATED).code(),
            refusal.code().code() + ": " + refusal.getMessage());
    }

    private Request.Auth auth(final byte[] buffer, final int offset, final int length) throws RequestException {
        if (length > MAX_MESSAGE_BYTES) {
            throw refusal();
        }
        try {
            if (context.decoder().decode(buffer, offset, length) instanceof Request.Auth auth && auth.token() != null) {
                return auth;
            }
        } catch (final RequestException notEvenARequest) {
            throw refusal();
        }
        throw refusal();
    }

    private static RequestException refusal() {
        return new RequestException(ErrorCode.AUTH_REQUIRED, null,
            "the first message must be {\"op\":\"auth\",\"token\":\"...\"}", null);
    }
}
