package penstock.server;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * The body of an answer, sent in pieces of 64 KiB: the JDK copies each write of heap memory into a direct buffer of its
 * size, and keeps that per thread. A client that has not taken a large body in 30 s is cut. Owned by the io thread.
 */
final class ResponseWriter implements IoCallback {
    private static final int PIECE_BYTES = 64 * 1024;
    private static final long WITHIN_SECONDS = 30;

    private final HttpServerExchange exchange;
    private final byte[] bytes;
    private final int length;
    private int sent;

    ResponseWriter(final HttpServerExchange exchange, final byte[] bytes, final int length) {
        this.exchange = exchange;
        this.bytes = bytes;
        this.length = length;
    }

    void send() {
        exchange.setResponseContentLength(length);
        if (length > PIECE_BYTES) {
            final XnioExecutor.Key cut = exchange.getIoThread()
                .executeAfter(() -> IoUtils.safeClose(exchange.getConnection()),
                WITHIN_SECONDS, TimeUnit.SECONDS);
            exchange.addExchangeCompleteListener((done, next) -> {
                cut.remove();
                next.proceed();
            });
        }
        sendPiece(exchange.getResponseSender());
    }

    @Override
    public void onComplete(final HttpServerExchange taken, final Sender sender) {
        sendPiece(sender);
    }

    @Override
    public void onException(final HttpServerExchange failed, final Sender sender, final IOException exception) {
        IoUtils.safeClose(failed.getConnection());
    }

    private void sendPiece(final Sender sender) {
        final int count = Math.min(PIECE_BYTES, length - sent);
        final ByteBuffer piece = ByteBuffer.wrap(bytes, sent, count);
        sent += count;
        sender.send(piece, sent == length ? IoCallback.END_EXCHANGE : this);
    }
}
