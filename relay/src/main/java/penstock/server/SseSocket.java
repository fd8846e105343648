package penstock.server;

import java.nio.ByteBuffer;
import org.xnio.StreamConnection;

/**
 * The connection of an event stream. It was asked one thing: what comes in besides is read, so that a hang-up is seen,
 * and thrown away. Owned by the io thread.
 */
final class SseSocket extends SubscriberSocket {
    SseSocket(final IoThreadContext reception, final StreamConnection connection) {
        super(reception, connection);
    }

    @Override
    void onBytes(final ByteBuffer bytes) {
        bytes.position(bytes.limit());
    }

    @Override
    void onRead() {
        // nothing was said
    }

    @Override
    void stopListening() {
        // nobody listens
    }
}
