package penstock.server.raw;

import org.xnio.StreamConnection;
import penstock.server.IoThreadContext;
import penstock.server.SessionSocket;
import penstock.server.WebSocketExtension;

/**
 * The connection of a raw client. The client believes it talks to the venue, so its messages are discarded; pings and
 * closes are answered.
 *
 * <p>Owned by the io thread.
 */
final class RawSocket extends SessionSocket {
    RawSocket(final IoThreadContext context, final StreamConnection connection, final WebSocketExtension.Terms terms) {
        super(context, connection, terms);
    }

    @Override
    protected void onTextMessage(final byte[] buffer, final int offset, final int length) {
        // a request to the venue
    }

    @Override
    protected void onBinaryMessage() {
        // a request to the venue
    }
}
