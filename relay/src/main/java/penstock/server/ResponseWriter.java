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
 * Sends the body of a response in pieces of 64 KiB: the JDK copies each write of heap memory into a direct buffer of
 * its size, and keeps that buffer per thread. A client that has not read a large body in 30 s is disconnected.
 *
 * <p>Owned by the io thread.
 */
final class ResponseWriter implements IoCallback {
    private static final int MAX_PIECE_BYTES = 64 * 1024;
    private static final long TIMEOUT_SECONDS = 30;

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
        if (length > MAX_PIECE_BYTES) {
            final XnioExecutor.Key timeout = exchange.getIoThread()
                .executeAfter(() -> IoUtils.safeClose(exchange.getConnection()), TIMEOUT_SECONDS, TimeUnit.SECONDS);
            exchange.addExchangeCompleteListener((done, next) -> {
                timeout.remove();
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
        final int count = Math.min(MAX_PIECE_BYTES, length - sent);
        final ByteBuffer piece = ByteBuffer.wrap(bytes, sent, count);
        sent += count;
        sender.send(piece, sent == length ? IoCallback.END_EXCHANGE : this);
    }
}
