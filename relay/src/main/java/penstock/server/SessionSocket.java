package penstock.server;

import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import penstock.telemetry.Counter;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;
import penstock.wire.RequestException;

/**
 * An upgraded connection between its session and the network: bytes out as the session hands them over, frames in as
 * requests. A client on {@code /v1/raw} believes to speak to the venue: what it says is swallowed, its pings and closes
 * are answered. Owned by the io thread.
 */
final class SessionSocket extends SubscriberSocket implements MessageHandler, ReadTimeouts.Reader {
    private final FrameParser parser;
    private final boolean isRaw;
    private boolean hasMessageEnded;
    private boolean isListed;
    private long halfReadSinceNs = ReadTimeouts.NONE;

    SessionSocket(final IoThreadContext reception, final StreamConnection connection, final boolean isRaw,
            final boolean deflates) {
        super(reception, connection);
        this.isRaw = isRaw;
        parser = deflates
            ? new FrameParser(Role.SERVER, reception.frameLimits(), reception.scratch(), this, reception.inflaters())
            : new FrameParser(Role.SERVER, reception.frameLimits(), reception.scratch(), this);
    }

    @Override
    public void resumeReads() {
        if (halfReadSinceNs != ReadTimeouts.NONE) {
            halfReadSinceNs = reception().halfReads().nowNs();
        }
        super.resumeReads();
    }

    @Override
    void onBytes(final ByteBuffer bytes) {
        try {
            parser.parse(bytes);
        } catch (final ProtocolException e) {
            onViolation(e.closeCode(), e.getMessage());
        }
    }

    @Override
    void onRead() {
        watchHalfRead();
    }

    @Override
    void stopListening() {
        parser.stop();
        halfReadSinceNs = ReadTimeouts.NONE;
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (isRaw) {
            return;
        }
        if (length == 4 && buffer[offset] == 'p' && buffer[offset + 1] == 'i' && buffer[offset + 2] == 'n'
                && buffer[offset + 3] == 'g') {
            session().onTextPing();
            return;
        }
        try {
            session().onRequest(reception().decoder().decode(buffer, offset, length));
        } catch (final RequestException e) {
            session().onRequestRefused(e);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (!isRaw) {
            onViolation(CloseCode.UNSUPPORTED, "requests are text frames, this one is binary");
        }
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        session().onPing(payload, offset, length);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        session().onPong();
    }

    @Override
    public void onClose(final int code, final String reason) {
        session().onCloseFrame(code, reason);
    }

    @Override
    public long halfReadSinceNs() {
        return isReadingSuspended() ? reception().halfReads().nowNs() : halfReadSinceNs;
    }

    @Override
    public void onUnlisted(final boolean tookTooLong) {
        isListed = false;
        if (tookTooLong && !isClosed()) {
            onViolation(CloseCode.POLICY, "a message was begun and not finished in time");
        }
    }

    private void watchHalfRead() {
        if (isClosed() || parser.isBetweenMessages()) {
            halfReadSinceNs = ReadTimeouts.NONE;
        } else if (halfReadSinceNs == ReadTimeouts.NONE || hasMessageEnded) {
            halfReadSinceNs = reception().halfReads().nowNs();
            if (!isListed) {
                isListed = true;
                reception().halfReads().add(this);
            }
        }
        hasMessageEnded = false;
    }

    /** What follows is read and thrown away, so that the Close frame is not lost to a reset. */
    private void onViolation(final int code, final String reason) {
        stopListening();
        reception().count(Counter.SESSIONS_VIOLATED);
        session().close(code, reason);
    }
}
