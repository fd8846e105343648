package penstock.server.sse;

import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import penstock.server.IoThreadContext;
import penstock.server.SubscriberSocket;

/**
 * The connection of an event stream. Bytes in are read, to notice a disconnect, and discarded: the query was the only
 * request.
 *
 * <p>Owned by the io thread.
 */
final class SseSocket extends SubscriberSocket {
    SseSocket(final IoThreadContext context, final StreamConnection connection) {
        super(context, connection);
    }

    @Override
    protected void onBytes(final ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    protected void onTurnRead() {
        // no message can be incomplete
    }

    @Override
    protected void stopDecoding() {
        // nothing is decoded
    }
}
