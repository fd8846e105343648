package penstock.client.socket;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Opens WebSockets: {@link JdkTransport}, or one of a test. Any thread may call it. */
public interface ClientTransport {
    /** No code was given: the connection is lost. */
    int LOST = 1006;

    /**
     * Begins a connection, and reports all of it to {@code events}, from any thread, one call at a time.
     *
     * @param address      a {@code ws} or {@code wss} address
     * @param subprotocols those to offer, the best first
     */
    Connection open(URI address, List<String> subprotocols, Events events);

    /** One connection. Any thread may call it. */
    interface Connection {
        /** Sends a text message, after those before. A connection that cannot is reported closed. */
        void send(String text);

        /**
         * Closes it with a code; nothing more is reported. {@code 0}: it is given up, without a Close frame. The result
         * ends with the connection, in time.
         */
        CompletionStage<Void> close(int code);
    }

    /** What comes of a connection. */
    interface Events {
        /** The handshake is over. */
        void onOpen();

        /**
         * A text message. It may be read until {@code done} runs, which also asks for more: what is not read waits at
         * the relay, which conflates it.
         */
        void onText(CharSequence text, Runnable done);

        /** It ended, with a close code of RFC 6455, section 7.4, or {@link #LOST}. Nothing follows. */
        void onClose(int code, String reason);
    }
}
