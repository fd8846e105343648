package penstock.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import penstock.text.PrintableText;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.tls.TlsFailure;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;

/**
 * One WebSocket connection to the upstream, from name lookup to the last byte. It ends once: the socket is closed, the
 * timer is cancelled, and the listener gets no further calls. Owned by the feed thread.
 */
final class UpstreamConnection implements Upstream, MessageHandler, UpstreamDial.Answer {
    /**
     * A turn ends with the read of at most 128 KiB after which it has lasted a millisecond: timers, the next flush and
     * other connections, which may be of other venues, get their turn.
     */
    private static final long TURN_NS = 1_000_000;
    private static final long READ_ON_MS = 1;
    private static final int MAX_UNSENT_BYTES = 4 << 20;
    /** Maximum unsent bytes before pongs are dropped; RFC 6455 requires an answer to the latest ping only. */
    private static final int MAX_UNSENT_FOR_PONG_BYTES = 64 << 10;
    /** A relay that shuts down waits one second for this, so a slow close must not look like a failure. */
    private static final long CLOSE_TIMEOUT_MS = 700;

    private static final byte[] NO_PAYLOAD = {};

    private enum Stage { RESOLVING_AND_CONNECTING, UPGRADING, OPEN, CLOSING, ENDED }

    private final ThreadOwner owner = new ThreadOwner();
    private final UpstreamContext context;
    private final UpstreamUrl url;
    private final UpstreamSettings settings;
    private final UpstreamListener listener;
    private final UpstreamDial dial;
    private final UpstreamUpgrade upgrade;
    private final Runnable ready = this::onReady;
    private Stage stage = Stage.RESOLVING_AND_CONNECTING;
    private boolean wasOpen;
    private FeedClock.Timer timer;
    private StreamConnection socket;
    private StreamConnection channel;
    private UpstreamFrames frames;
    private ByteBuffer unsent = ByteBuffer.allocateDirect(8 << 10);
    private UpstreamLoss endAs;
    private long receivedNs;
    private boolean isBusy;
    private boolean isSendingSoon;
    private boolean isReadingOn;

    UpstreamConnection(final UpstreamContext context, final UpstreamUrl url, final UpstreamSettings settings,
            final UpstreamListener listener) {
        this.context = context;
        this.url = url;
        this.settings = settings;
        this.listener = listener;
        dial = new UpstreamDial(context.thread(), url, context.proxies().to(url.secure(), url.host()), settings.tls(),
            this);
        upgrade = new UpstreamUpgrade(url, settings);
    }

    void start() {
        assert owner.check();
        timer = context.clock().executeAfter(this::onTimeout, settings.connectTimeoutMs());
        dial.start();
    }

    private void onTimeout() {
        final String how = stage == Stage.UPGRADING ? "TCP is connected, the upgrade is not answered"
            : dial.waitsFor();
        onUnreachable("no answer from " + url + " within " + settings.connectTimeoutMs() + " ms (" + how + ")", 0);
    }

    @Override
    public void onUnreachable(final String detail, final int status) {
        assert owner.check();
        end(new UpstreamLoss(LossReason.UNREACHABLE, detail, false, status, -1));
    }

    @Override
    public void onConnected(final StreamConnection connected, final SSLContext tls) throws IOException {
        socket = connected;
        stage = Stage.UPGRADING;
        channel = tls == null ? connected : UpstreamTls.wrap(connected, tls, url);
        upgrade.start(channel, this::onUpgraded, this::onUpgradeFailed);
    }

    private void onUpgraded(final StreamConnection upgraded) {
        if (stage != Stage.UPGRADING) {
            return;
        }
        frames = new UpstreamFrames(context, settings, upgrade, this);
        timer.cancel();
        stage = Stage.OPEN;
        wasOpen = true;
        socket.setCloseListener(closed -> end(lost("the connection was closed")));
        upgraded.getSourceChannel().setReadListener(source -> context.clock().run(ready));
        upgraded.getSinkChannel().setWriteListener(sink -> context.clock().run(ready));
        upgraded.getSourceChannel().resumeReads();
        listener.onAlive(context.clock().nowNs());
        listener.onOpen();
        sendSoon();
    }

    private void onUpgradeFailed(final IOException failure) {
        final UpstreamLoss loss = upgrade.loss(failure, context.clock().epochUs() / 1000);
        if (loss != null) {
            end(loss);
        } else if (failure instanceof SSLException) {
            end(UpstreamLoss.of(LossReason.UNTRUSTED,
                "TLS with " + url + " failed: " + TlsFailure.explain(failure, "feed.tls"), false));
        } else {
            end(lost("the upgrade was not answered: " + rootCause(failure)));
        }
    }

    @Override
    public void sendText(final byte[] utf8) {
        assert owner.check();
        if (stage == Stage.OPEN) {
            queueFrame(Opcode.TEXT, utf8, 0, utf8.length);
            sendSoon();
        }
    }

    @Override
    public void sendPing() {
        assert owner.check();
        if (stage == Stage.OPEN && unsent.position() < MAX_UNSENT_FOR_PONG_BYTES) {
            queueFrame(Opcode.PING, NO_PAYLOAD, 0, 0);
            sendSoon();
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        assert owner.check();
        if (stage == Stage.OPEN && unsent.position() < MAX_UNSENT_FOR_PONG_BYTES) {
            queueFrame(Opcode.PONG, payload, offset, length);
            sendSoon();
        }
    }

    @Override
    public void close(final int code, final String reason) {
        assert owner.check();
        if (stage == Stage.OPEN) {
            closeWith(code, reason, UpstreamLoss.of(LossReason.STOPPED, reason, true));
        } else if (stage != Stage.CLOSING) {
            end(UpstreamLoss.of(LossReason.STOPPED, reason, false));
        }
    }

    @Override
    public void abort() {
        assert owner.check();
        if (stage != Stage.ENDED) {
            release();
        }
    }

    /** Later: the caller must not learn of the loss before its own call has returned. */
    private void sendSoon() {
        if (!isSendingSoon && !isBusy) {
            isSendingSoon = true;
            context.clock().execute(ready);
        }
    }

    /** The socket is readable or writable, or TLS has finished a task. */
    private void onReady() {
        assert owner.check();
        if (stage != Stage.OPEN && stage != Stage.CLOSING) {
            return;
        }
        isBusy = true;
        isSendingSoon = false;
        try {
            readAll();
            if (stage != Stage.ENDED) {
                flush();
            }
        } catch (ProtocolException e) {
            onProtocolError(e.closeCode(), e.getMessage());
        } catch (SSLException e) {
            end(lost("TLS failed: " + TlsFailure.explain(e, "feed.tls")));
        } catch (IOException e) {
            end(lost(PrintableText.excerpt(String.valueOf(e.getMessage()))));
        } catch (RuntimeException | Error e) {
            end(lost("internal error: " + rootCause(e)));
            throw e;
        } finally {
            isBusy = false;
        }
    }

    private void readAll() throws IOException, ProtocolException {
        final ByteBuffer buffer = context.read();
        final long beganNs = context.clock().nowNs();
        boolean isMore = true;
        try {
            do {
                buffer.clear();
                final int count = channel.getSourceChannel().read(buffer);
                isMore = count > 0;
                if (count > 0) {
                    receivedNs = context.clock().nowNs();
                    listener.onAlive(receivedNs);
                    frames.parse(buffer.flip());
                } else if (count < 0) {
                    end(lost("the server ended the TCP connection without a Close frame"));
                }
            } while (isMore && stage != Stage.ENDED && context.clock().nowNs() - beganNs < TURN_NS);
        } finally {
            if (stage != Stage.ENDED) {
                listener.onBatchEnd();
            }
        }
        if (isMore && stage != Stage.ENDED && channel != socket && !isReadingOn) {
            // TLS may hold bytes that no selector sees. XNIO selects only when it has no task: a task now would keep
            // all other connections and timers waiting for as long as the venue is faster than this thread
            isReadingOn = true;
            context.clock().executeAfter(this::readOn, READ_ON_MS);
        }
    }

    private void readOn() {
        isReadingOn = false;
        onReady();
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (stage == Stage.OPEN) {
            listener.onText(buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        if (stage == Stage.OPEN) {
            listener.onBinary(buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        if (stage == Stage.OPEN && listener.onPing(payload, offset, length)) {
            sendPong(payload, offset, length);
        }
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        // it only shows that the connection is alive, and onAlive has reported that
    }

    @Override
    public void onClose(final int code, final String reason) {
        if (stage == Stage.OPEN) {
            closeFrame(code, "");
            flushBeforeEnd();
            final String detail = "the server closed with " + code
                + (reason.isEmpty() ? "" : " " + PrintableText.excerpt(reason));
            end(new UpstreamLoss(LossReason.DISCONNECTED, detail, true, code, UpstreamUpgrade.retryAfterMs(reason)));
        } else if (stage == Stage.CLOSING) {
            end(endAs);
        }
    }

    private void onProtocolError(final int code, final String what) {
        if (stage == Stage.OPEN) {
            closeFrame(code, what);
            flushBeforeEnd();
        }
        end(UpstreamLoss.of(LossReason.PROTOCOL_ERROR, PrintableText.excerpt(String.valueOf(what)), wasOpen));
    }

    private void closeWith(final int code, final String reason, final UpstreamLoss loss) {
        stage = Stage.CLOSING;
        endAs = loss;
        closeFrame(code, reason);
        timer = context.clock().executeAfter(() -> end(endAs), CLOSE_TIMEOUT_MS);
        sendSoon();
    }

    private void closeFrame(final int code, final String reason) {
        reserve(FrameWriter.MAX_HEADER_BYTES + 125);
        if (code == CloseCode.NO_CODE) {
            FrameWriter.putMaskedFrame(unsent, Opcode.CLOSE, NO_PAYLOAD, 0, 0, context.random().nextInt());
        } else {
            FrameWriter.putMaskedClose(unsent, code, reason, context.random().nextInt());
        }
    }

    private void queueFrame(final int opcode, final byte[] payload, final int offset, final int length) {
        reserve(FrameWriter.MAX_HEADER_BYTES + length);
        FrameWriter.putMaskedFrame(unsent, opcode, payload, offset, length, context.random().nextInt());
    }

    private void reserve(final int bytes) {
        if (unsent.remaining() < bytes) {
            unsent = ByteBuffer.allocateDirect(Math.max(unsent.capacity() * 2, unsent.position() + bytes))
                .put(unsent.flip());
        }
    }

    private void flush() throws IOException {
        final ConduitStreamSinkChannel sink = channel.getSinkChannel();
        unsent.flip();
        try {
            while (unsent.hasRemaining() && sink.write(unsent) > 0) {
                assert stage != Stage.ENDED;
            }
        } finally {
            unsent.compact();
        }
        if (unsent.position() > MAX_UNSENT_BYTES) {
            throw new IOException("the server reads nothing: " + unsent.position() + " bytes are pending");
        }
        // flush: TLS may hold bytes that the socket has not taken
        if (sink.flush() && unsent.position() == 0) {
            sink.suspendWrites();
        } else {
            sink.resumeWrites();
        }
    }

    /** Drops what cannot be written now: the connection ends in any case. */
    private void flushBeforeEnd() {
        try {
            flush();
        } catch (IOException e) {
            unsent.clear();
        }
    }

    private UpstreamLoss lost(final String detail) {
        return UpstreamLoss.of(wasOpen ? LossReason.DISCONNECTED : LossReason.UNREACHABLE, detail
            + (wasOpen ? "" : " (" + url + ")"), wasOpen);
    }

    private void end(final UpstreamLoss loss) {
        if (stage != Stage.ENDED) {
            release();
            listener.onClosed(endAs == null ? loss : endAs);
        }
    }

    private void release() {
        stage = Stage.ENDED;
        timer.cancel();
        dial.abandon();
        // the socket too: closing TLS may wait for the server
        IoUtils.safeClose(channel);
        IoUtils.safeClose(socket);
        if (frames != null) {
            frames.close();
        }
    }

    private static String rootCause(final Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return PrintableText.excerpt(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
}
