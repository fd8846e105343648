package penstock.server;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.xnio.StreamConnection;
import penstock.audit.Termination;
import penstock.identity.Identity;
import penstock.memory.MemoryUse;
import penstock.server.limit.ReadTimeouts;
import penstock.server.pace.FrameHandler;
import penstock.server.pace.LongMessages;
import penstock.telemetry.Counter;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.PartialMemory;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.RequestDecoder;

/**
 * A WebSocket connection of a session: frames in are parsed, and text messages decoded to requests.
 *
 * <p>Owned by the io thread.
 */
public class SessionSocket extends SubscriberSocket implements MessageHandler, ReadTimeouts.Reader, PartialMemory {
    /** A symbol of 20 characters in a request, with quotes, comma and blank. */
    private static final int SYMBOL_BYTES = 24;

    private static final int RENEWAL_RETRY_MS = 1_000;
    private static final byte[] NOTHING = {};

    private final FrameParser parser;
    private final LongMessages messages;
    /** What the session wants; while a long message is decoded, nothing is read. */
    private boolean isReadingWanted = true;
    private boolean isRenewing;
    private boolean hasMessageEnded;
    private boolean isWatched;
    private long messageStartNs = ReadTimeouts.NONE;
    private long heldBytes;

    /** On these {@code terms}. The parser calls back when bytes arrive, not before. */
    @SuppressWarnings("this-escape")
    public SessionSocket(final IoThreadContext context, final StreamConnection connection,
            final WebSocketExtension.Terms terms) {
        super(context, connection);
        parser = new FrameParser(Role.SERVER, context.frameLimits(), context.scratch(), this, terms.compression(),
            this);
        messages = new LongMessages(context.work(), context.memory(), this::decoder, new Decoded());
    }

    /** A whole text message, UTF-8, valid during the call. */
    protected void onTextMessage(final byte[] buffer, final int offset, final int length) {
        if (length == 4 && buffer[offset] == 'p' && buffer[offset + 1] == 'i' && buffer[offset + 2] == 'n'
                && buffer[offset + 3] == 'g') {
            session().onTextPing();
            return;
        }
        if (length >= LongMessages.MIN_BYTES && messages.begin(buffer, offset, length)) {
            super.suspendReads();
            return;
        }
        try {
            onDecoded(decoder().decode(buffer, offset, length));
        } catch (final RequestException e) {
            session().onRequestRejected(e);
        }
    }

    private RequestDecoder decoder() {
        final RequestDecoder decoder = context().decoder();
        return identity() != null && identity().isEdge() ? decoder.ofLinks() : decoder;
    }

    private void onDecoded(final Request request) {
        try {
            if (request instanceof Request.Auth auth && auth.token() != null && context().access().isOn()) {
                renew(auth);
            } else {
                context().checkWork(client(), identity(), session().price(request), request.id());
                session().onRequest(request);
            }
        } catch (final RequestException e) {
            session().onRequestRejected(e);
        }
    }

    /** The client shows a token again. Once it was verified, the session finds it without computing. */
    private void renew(final Request.Auth auth) {
        if (isRenewing) {
            session().onRequestRejected(RequestException.rateLimited("another auth is not answered yet", auth.id(),
                RENEWAL_RETRY_MS));
            return;
        }
        final CompletableFuture<Identity> identity = ClientCheck.identity(context(), client(), ioThread(), auth.id(),
            () -> context().access().verify(auth.token(), auth.id()));
        isRenewing = !identity.isDone();
        final BiConsumer<Identity, Throwable> decide = (known, failure) -> {
            isRenewing = false;
            if (!isClosed() && failure == null) {
                session().onRequest(auth);
            } else if (!isClosed()) {
                session().onRequestRejected(ClientCheck.refusal(context(), failure));
            }
        };
        if (identity.isDone()) {
            ClientCheck.now(identity, decide);
        } else {
            identity.whenComplete((known, failure) -> {
                try {
                    decide.accept(known, failure);
                } catch (final RuntimeException | Error e) {
                    onFailure(e);
                }
            });
        }
    }

    /** A whole binary message. */
    protected void onBinaryMessage() {
        onViolation(Termination.BAD_FRAME, CloseCode.UNSUPPORTED, "requests are text frames, this one is binary");
    }

    @Override
    public final void suspendReads() {
        isReadingWanted = false;
        super.suspendReads();
    }

    @Override
    public final void resumeReads() {
        isReadingWanted = true;
        if (messages.isBusy()) {
            return;
        }
        if (messageStartNs != ReadTimeouts.NONE) {
            messageStartNs = context().readTimeouts().nowNs();
        }
        super.resumeReads();
    }

    @Override
    protected final void onBytes(final ByteBuffer bytes) {
        if (newcomer() != null && !newcomer().isVerifying()) {
            parser.limit(Newcomer.FIRST_MESSAGE);
        }
        try {
            parser.parse(bytes);
        } catch (final ProtocolException e) {
            messages.finish();
            if (isClosed()) {
                return;
            }
            if (e.closeCode() == CloseCode.TOO_LARGE && newcomer() != null && !newcomer().isVerifying()) {
                stopDecoding();
                context().count(Counter.SESSIONS_VIOLATED);
                newcomer().onTooLarge();
                return;
            } else if (e.closeCode() == CloseCode.TOO_LARGE && newcomer() == null) {
                session().onRequestRejected(tooLarge(e));
            } else if (e.closeCode() == CloseCode.TRY_AGAIN_LATER) {
                context().count(Counter.HALF_MESSAGES_CUT);
            }
            onViolation(termination(e.closeCode()), e.closeCode(), e.getMessage());
        }
    }

    private static Termination termination(final int closeCode) {
        return closeCode == CloseCode.TOO_LARGE ? Termination.TOO_LARGE
            : closeCode == CloseCode.TRY_AGAIN_LATER ? Termination.NO_ROOM_FOR_MESSAGE : Termination.BAD_FRAME;
    }

    /** The size is known before the message arrives: its author learns what fits, and then the session ends. */
    private RequestException tooLarge(final ProtocolException e) {
        final int bytes = context().frameLimits().messageBytes();
        return new RequestException(ErrorCode.MESSAGE_TOO_LARGE, null, e.getMessage() + ": " + bytes
            + " bytes hold about " + bytes / SYMBOL_BYTES + " symbols of 20 characters; send the others in further "
            + "requests with the same sub", null);
    }

    @Override
    protected final void onTurnRead() {
        if (isClosed() || parser.isBetweenMessages()) {
            messageStartNs = ReadTimeouts.NONE;
        } else if (messageStartNs == ReadTimeouts.NONE || hasMessageEnded) {
            messageStartNs = context().readTimeouts().nowNs();
            if (!isWatched) {
                isWatched = true;
                context().readTimeouts().add(this);
            }
        }
        hasMessageEnded = false;
    }

    @Override
    protected final void stopDecoding() {
        parser.stop();
        messages.clear();
        messageStartNs = ReadTimeouts.NONE;
    }

    @Override
    public final void onText(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (newcomer() == null) {
            handleInTurn(buffer, offset, length, this::onTextMessage);
            context().shard().runOverdueTurn();
        } else if (newcomer().isVerifying()) {
            newcomer().hold(buffer, offset, length, heldBack(this::onText));
        } else {
            parser.limit(context().frameLimits());
            newcomer().onMessage(buffer, offset, length);
        }
    }

    @Override
    public final void onBinary(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (newcomer() == null) {
            handleInTurn(buffer, offset, 0, (payload, from, count) -> onBinaryMessage());
        } else if (newcomer().isVerifying()) {
            newcomer().hold(buffer, offset, 0, heldBack(this::onBinary));
        } else {
            newcomer().onOther();
        }
    }

    @Override
    public final void onPing(final byte[] payload, final int offset, final int length) {
        if (newcomer() == null) {
            handleInTurn(payload, offset, length, session()::onPing);
        } else if (newcomer().isVerifying()) {
            newcomer().hold(payload, offset, length, heldBack(this::onPing));
        } else {
            newcomer().onOther();
        }
    }

    @Override
    public final void onPong(final byte[] payload, final int offset, final int length) {
        if (newcomer() == null) {
            session().onPong();
        } else if (!newcomer().isVerifying()) {
            newcomer().onOther();
        }
    }

    @Override
    public final void onClose(final int code, final String reason) {
        if (newcomer() != null) {
            newcomer().refuse(Termination.LEFT_BEFORE_AUTH, CloseCode.NORMAL, "");
        } else {
            handleInTurn(NOTHING, 0, 0, (payload, offset, length) -> session().onCloseFrame(code, reason));
        }
    }

    /** Handles a frame behind those that wait for a long message. */
    private void handleInTurn(final byte[] payload, final int offset, final int length,
            final FrameHandler handler) {
        if (messages.isBusy() && messages.hold(payload, offset, length, handler)) {
            return;
        }
        messages.finish();
        if (!isClosed()) {
            handler.onFrame(payload, offset, length);
        }
    }

    /** A frame that waited is nothing to a connection that has closed meanwhile. */
    private FrameHandler heldBack(final FrameHandler handler) {
        return (payload, offset, length) -> {
            if (!isClosed()) {
                handler.onFrame(payload, offset, length);
            }
        };
    }

    @Override
    public final long messageStartNs() {
        return isReadingSuspended() ? context().readTimeouts().nowNs() : messageStartNs;
    }

    @Override
    public final void onWatchEnded(final boolean isTimedOut) {
        isWatched = false;
        if (isTimedOut && !isClosed()) {
            onViolation(Termination.HALF_MESSAGE, CloseCode.POLICY, "a message was not completed in time");
        }
    }

    @Override
    public final byte[] take(final int bytes) {
        final byte[] array = context().partialMessages().take(bytes, this);
        heldBytes += array == null ? 0 : array.length;
        return array;
    }

    @Override
    public final void giveBack(final byte[] array) {
        heldBytes -= array.length;
        context().partialMessages().giveBack(array);
    }

    @Override
    public final boolean tryReserve(final int bytes) {
        final boolean isReserved = context().partialMessages().tryReserve(bytes, this);
        heldBytes += isReserved ? bytes : 0;
        return isReserved;
    }

    @Override
    public final void release(final int bytes) {
        heldBytes -= bytes;
        context().memory().release(MemoryUse.PARTIAL_MESSAGES, bytes);
    }

    @Override
    public final long heldBytes() {
        return heldBytes;
    }

    @Override
    public final void onMemoryNeeded() {
        context().count(Counter.HALF_MESSAGES_CUT);
        onViolation(Termination.NO_ROOM_FOR_MESSAGE, CloseCode.TRY_AGAIN_LATER,
            "half messages of all clients take too much memory, and this one is the oldest: send it at once");
    }

    /** Reads and discards what follows, so that a reset does not destroy the Close frame on its way. */
    private void onViolation(final Termination by, final int code, final String reason) {
        stopDecoding();
        context().count(Counter.SESSIONS_VIOLATED);
        if (newcomer() != null) {
            newcomer().refuse(by, code, reason);
            return;
        }
        session().closeAfterViolation(by, code, reason);
    }

    /** What becomes of long messages. */
    private final class Decoded implements LongMessages.Listener {
        @Override
        public void onDecoded(final Request request) {
            SessionSocket.this.onDecoded(request);
        }

        @Override
        public void onRejected(final RequestException refusal) {
            session().onRequestRejected(refusal);
        }

        @Override
        public void onIdle() {
            if (isReadingWanted && !isClosed()) {
                resumeReads();
            }
        }

        @Override
        public void onFailure(final Throwable failure) {
            SessionSocket.this.onFailure(failure);
        }
    }
}
