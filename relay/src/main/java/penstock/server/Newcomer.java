package penstock.server;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import penstock.audit.Termination;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.memory.MemoryUse;
import penstock.server.auth.Seat;
import penstock.quota.Excess;
import penstock.server.auth.WaitingRoom;
import penstock.server.edge.ClientAddress;
import penstock.server.pace.FrameHandler;
import penstock.telemetry.Counter;
import penstock.websocket.FrameLimits;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * The client of a WebSocket that has not shown yet who it is: its first message must, within 5 s. There is no session
 * before that. While another thread verifies it, nothing more is read, and the frames that were read wait.
 *
 * <p>Owned by the io thread.
 */
final class Newcomer implements WaitingRoom.Guest {
    /** What becomes of the client. */
    interface Listener {
        /** Nothing more of it is read until it is known. */
        void onWait();

        /** The client is known and has a seat; {@code requestId} is the JSON text of the request's id, or null. */
        void onKnown(Identity identity, Seat seat, String requestId);

        /** Nothing more of it is read, and it is sent a Close frame. */
        void onRefused(int code, String reason);
    }

    private static final long WITHIN_MS = 5_000;
    private static final int MAX_MESSAGE_BYTES = 4 * 1024;
    /** Of its first message, which may come in fragments. */
    static final FrameLimits FIRST_MESSAGE = new FrameLimits(MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES, 64);

    private final IoThreadContext context;
    private final StreamConnection connection;
    private final SocketAddress client;
    private final Listener listener;
    private XnioExecutor.Key timer;
    /** Null before it has one. */
    private Seat seat;
    /** Frames that came behind the first message. */
    private final Queue<Runnable> held = new ArrayDeque<>();
    private long heldBytes;
    private boolean isVerifying;
    private boolean hasEnded;

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
        timer = connection.getIoThread().executeAfter(() -> refuseUnheard(Termination.NO_AUTH),
            Math.min(WITHIN_MS, context.messageWithinMs()), TimeUnit.MILLISECONDS);
    }

    /** Its first message. */
    void onMessage(final byte[] buffer, final int offset, final int length) {
        final Request.Auth auth;
        try {
            auth = auth(buffer, offset, length);
        } catch (final RequestException refusal) {
            refuse(ClientCheck.refusal(context, refusal));
            return;
        }
        final CompletableFuture<Identity> identity = ClientCheck.identity(context, client, connection.getIoThread(),
            auth.id(), () -> context.access().verify(auth.token(), auth.id()));
        if (identity.isDone()) {
            ClientCheck.now(identity, (known, failure) -> decide(known, failure, auth.id()));
        } else if (!hold(ClientCheck.WAITING_BYTES)) {
            refuse(AccessControl.busy(null));
        } else {
            isVerifying = true;
            leave();
            listener.onWait();
            identity.whenComplete((known, failure) -> onVerified(known, failure, auth.id()));
        }
    }

    /** Whether {@link #hold} takes what comes. */
    boolean isVerifying() {
        return isVerifying;
    }

    /** A frame came behind the first message: it is handled once the client is known. */
    void hold(final byte[] payload, final int offset, final int length, final FrameHandler handler) {
        if (hold(length)) {
            final byte[] copy = Arrays.copyOfRange(payload, offset, offset + length);
            held.add(() -> handler.onFrame(copy, 0, copy.length));
        } else {
            refuse(AccessControl.busy(null));
        }
    }

    private boolean hold(final long bytes) {
        final boolean isHeld = context.memory().tryReserve(MemoryUse.PARTIAL_MESSAGES, bytes);
        heldBytes += isHeld ? bytes : 0;
        return isHeld;
    }

    private void onVerified(final Identity identity, final Throwable failure, final String requestId) {
        if (hasEnded) {
            return;
        }
        isVerifying = false;
        try {
            decide(identity, failure, requestId);
            held.forEach(Runnable::run);
        } catch (final RuntimeException | Error e) {
            context.errors().record("a session could not be opened", e);
            audit(Termination.REQUEST_FAILED);
            listener.onRefused(CloseStatus.INTERNAL.code(), CloseStatus.INTERNAL.reason());
        } finally {
            release();
        }
    }

    private void decide(final Identity identity, final Throwable failure, final String requestId) {
        if (failure != null) {
            refuse(ClientCheck.refusal(context, failure));
            return;
        }
        leave();
        final Excess excess = context.access().onHandshake(identity);
        if (excess != null) {
            audit(Termination.QUOTA);
            listener.onRefused(CloseStatus.FLOODING.code(), "too_many_handshakes: " + excess.message());
            return;
        }
        seat = ClientCheck.takeSeat(identity, context);
        if (seat == null) {
            audit(Termination.QUOTA);
            listener.onRefused(CloseStatus.FLOODING.code(), "too_many_sessions: " + ClientCheck.tooMany(identity));
        } else {
            listener.onKnown(identity, seat, requestId);
        }
    }

    /** Something came that is no message. */
    void onOther() {
        refuse(ClientCheck.refusal(context, refusal()));
    }

    /** The first message is larger than {@link #FIRST_MESSAGE}. */
    void onTooLarge() {
        refuse(ClientCheck.refusal(context, tooLarge()));
    }

    /** Ends the wait with a Close frame. */
    void refuse(final Termination by, final int code, final String reason) {
        end();
        audit(by);
        listener.onRefused(code, reason);
    }

    /** The connection has closed: the client has one session less, if it had begun one. */
    void onClosed() {
        if (seat != null) {
            seat.giveBack();
        }
    }

    /** Its connection has ended, {@code by} whom as of a session. */
    void onLeft(final Termination by) {
        audit(by == Termination.CLIENT_GONE ? Termination.LEFT_BEFORE_AUTH
            : by == Termination.CUT ? Termination.DRAINED : Termination.REQUEST_FAILED);
        end();
    }

    /** It is not to become a session any more. */
    private void end() {
        hasEnded = true;
        leave();
        release();
    }

    private void release() {
        held.clear();
        context.memory().release(MemoryUse.PARTIAL_MESSAGES, heldBytes);
        heldBytes = 0;
    }

    /** It does not wait for the first message any more. */
    private void leave() {
        context.newcomers().leave(this);
        if (timer != null) {
            timer.remove();
        }
    }

    @Override
    public void onCrowdedOut() {
        refuseUnheard(Termination.CROWDED_OUT);
    }

    private void refuseUnheard(final Termination by) {
        context.count(Counter.AUTH_MISSING);
        refuse(by, by.status().code(), by.status().reason());
    }

    private void audit(final Termination by) {
        context.audit().onUnserved(ClientAddress.text(client), by);
    }

    private void refuse(final RequestException refusal) {
        final Termination by = Termination.ofAnswer(refusal.code().status(), refusal.code().code());
        switch (refusal.code().status()) {
            case 401 -> refuse(by, CloseStatus.UNAUTHENTICATED.code(), refusal.reason());
            case 429 -> refuse(by, CloseStatus.FLOODING.code(), refusal.reason());
            case 503 -> refuse(by, CloseStatus.DRAINING.code(), "retryAfter=" + refusal.retryAfterMs());
            default -> refuse(by, CloseStatus.INTERNAL.code(), CloseStatus.INTERNAL.reason());
        }
    }

    private Request.Auth auth(final byte[] buffer, final int offset, final int length) throws RequestException {
        if (length > MAX_MESSAGE_BYTES) {
            throw tooLarge();
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

    private static RequestException tooLarge() {
        return new RequestException(ErrorCode.AUTH_REQUIRED, null, "the first message has at most " + MAX_MESSAGE_BYTES
            + " bytes: send a longer token in the header Authorization", null);
    }

    private static RequestException refusal() {
        return new RequestException(ErrorCode.AUTH_REQUIRED, null,
            "the first message must be {\"op\":\"auth\",\"token\":\"...\"}", null);
    }
}
