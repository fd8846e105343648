package penstock.server.snapshot;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.server.HttpResponse;
import penstock.server.body.Gzip;

/**
 * The bytes of an answer, in pieces, for all clients that are sent it. Its memory is accounted piece by piece before it
 * is taken, and returned when the answer is no longer kept and the last client has read it.
 *
 * <p>Owned by the io thread.
 */
final class SharedAnswer {
    private final MemoryShare memory;
    private final List<ByteBuffer> pieces = new ArrayList<>();
    private long reserved;
    private long length;
    private int users = 1;

    SharedAnswer(final MemoryShare memory) {
        this.memory = memory;
    }

    /** Bytes of the answer. */
    long length() {
        return length;
    }

    /** The pieces, one after the other. */
    Iterator<ByteBuffer> pieces() {
        return pieces.stream().map(ByteBuffer::duplicate).iterator();
    }

    /** Accounts memory for more pieces; false if there is none left. */
    boolean reserve(final long bytes) {
        if (!memory.tryReserve(MemoryUse.RESPONSES, bytes)) {
            return false;
        }
        reserved += bytes;
        return true;
    }

    /** Appends a piece, whose memory is accounted. */
    void add(final byte[] piece) {
        pieces.add(ByteBuffer.wrap(piece));
        length += piece.length;
    }

    /** No more pieces follow: what was accounted and not used is returned. */
    void complete() {
        memory.release(MemoryUse.RESPONSES, reserved - length);
        reserved = length;
    }

    /** Sends it to a client. */
    void send(final HttpServerExchange exchange, final boolean isCompressed) {
        retain();
        exchange.addExchangeCompleteListener((done, next) -> {
            release();
            next.proceed();
        });
        if (isCompressed) {
            exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, Gzip.NAME);
        }
        HttpResponse.sendShared(exchange, HttpResponse.JSON, length, pieces());
    }

    /** Another user needs it. */
    void retain() {
        users++;
    }

    /** One of its users, or the place that keeps it, needs it no longer. */
    void release() {
        users--;
        if (users == 0) {
            memory.release(MemoryUse.RESPONSES, reserved);
            reserved = 0;
            pieces.clear();
        }
    }
}
