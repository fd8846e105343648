package penstock.server;

import java.util.List;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.websocket.ClientCompression;

/** An extension of WebSocket (RFC 6455, 9) that clients may negotiate. Owned by an io thread; one for its sessions. */
public interface WebSocketExtension {
    /** The terms for a client that sent {@code offers}, the values of all {@code Sec-WebSocket-Extensions} headers. */
    Terms agree(List<String> offers);

    /**
     * What was agreed. Immutable.
     *
     * @param answer      the {@code Sec-WebSocket-Extensions} of the response; null without one
     * @param format      of the frames to the client
     * @param compression of the client's messages; null if it must not send compressed ones
     */
    record Terms(String answer, FrameFormat format, ClientCompression compression) {
        /** No extension. */
        public static final Terms NONE = new Terms(null, WebSocketFormat.PLAIN, null);
    }
}
