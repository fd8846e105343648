package penstock.server;

import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.server.pace.PacedBody;

/**
 * Sends the body of a response: a short one at once, any other in slices, see {@link PacedBody}. What is not sent at
 * once is accounted; a client that has not read it in 30 s is disconnected. A write takes at most 64 KiB: the JDK
 * copies each write of heap memory into a direct buffer of its size, and keeps that buffer per thread.
 *
 * <p>Owned by the io thread.
 */
final class ResponseWriter implements IoCallback {
    static final int MAX_PIECE_BYTES = 64 * 1024;
    private static final long TIMEOUT_SECONDS = 30;

    private final HttpServerExchange exchange;
    private final Iterator<ByteBuffer> pieces;
    private final long length;
    private final long ownBytes;

    /** For {@code length} bytes; {@code ownBytes}: what this response alone holds until it is sent. */
    ResponseWriter(final HttpServerExchange exchange, final Iterator<ByteBuffer> pieces, final long length,
            final long ownBytes) {
        this.exchange = exchange;
        this.pieces = pieces;
        this.length = length;
        this.ownBytes = ownBytes;
    }

    /** The pieces of one array. */
    static Iterator<ByteBuffer> pieces(final byte[] bytes, final int length) {
        return new Iterator<>() {
            private int sent;

            @Override
            public boolean hasNext() {
                return sent < length || length == 0 && sent == 0;
            }

            @Override
            public ByteBuffer next() {
                final int count = Math.min(MAX_PIECE_BYTES, length - sent);
                final ByteBuffer piece = ByteBuffer.wrap(bytes, sent, count);
                sent += Math.max(1, count);
                return piece;
            }
        };
    }

    void send() {
        final IoThreadContext context = exchange.getAttachment(IoThreadContext.OF_EXCHANGE);
        final MemoryShare memory = context == null ? MemoryShare.unlimited() : context.memory();
        // when that memory is full, a page of the operator is sent all the same, if its socket takes it
        if (context != null && length > PacedBody.STEP_BYTES && memory.tryReserve(MemoryUse.RESPONSES, ownBytes)) {
            final PacedBody body = new PacedBody(context.work(), exchange.getResponseSender(), pieces, this::cut);
            endWithin(memory, body::end);
            // Undertow ends an exchange whose handler returns, unless it is dispatched
            exchange.dispatch(exchange.getIoThread(), body::begin);
            return;
        }
        sendPiece(exchange.getResponseSender());
        if (exchange.isResponseComplete()) {
            return;
        }
        if (memory.tryReserve(MemoryUse.RESPONSES, ownBytes)) {
            endWithin(memory, () -> { });
        } else {
            cut();
        }
    }

    @Override
    public void onComplete(final HttpServerExchange taken, final Sender sender) {
        sendPiece(sender);
    }

    @Override
    public void onException(final HttpServerExchange failed, final Sender sender, final IOException exception) {
        cut();
    }

    /** Ends the exchange too, so that everything that waits for its end is released. */
    private void cut() {
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }

    /** In 30 s, sent or not: then what it holds is returned, and {@code onEnd} runs. */
    private void endWithin(final MemoryShare memory, final Runnable onEnd) {
        final XnioExecutor.Key timeout = exchange.getIoThread()
            .executeAfter(this::cut, TIMEOUT_SECONDS, TimeUnit.SECONDS);
        exchange.addExchangeCompleteListener((done, next) -> {
            timeout.remove();
            memory.release(MemoryUse.RESPONSES, ownBytes);
            onEnd.run();
            next.proceed();
        });
    }

    private void sendPiece(final Sender sender) {
        final ByteBuffer piece = pieces.next();
        sender.send(piece, pieces.hasNext() ? this : IoCallback.END_EXCHANGE);
    }
}
