package penstock.replay;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import penstock.testkit.FrameSocket;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/** An upgraded client of a replay server, to see every byte and to be slow on purpose. One thread. */
final class RawClient extends FrameSocket {
    final String response;

    RawClient(final int port, final String path, final int receiveBufferBytes) throws IOException {
        super(port, receiveBufferBytes);
        final String key = Handshake.newKey();
        write(handshake(path, key).getBytes(StandardCharsets.US_ASCII));
        response = readHead();
        if (!response.startsWith("HTTP/1.1 101") || !response.contains(Handshake.accept(key))) {
            throw new IOException("no upgrade: " + response);
        }
    }

    void write(final int opcode, final String text) throws IOException {
        write(message(opcode, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The next frame as {@code OPCODE:PAYLOAD}; Close as {@code 8:CODE REASON}; null when the connection has ended. */
    String read() throws IOException {
        try {
            final Frame frame = readFrame();
            return frame.opcode() + ":" + (frame.opcode() == Opcode.CLOSE ? frame.close() : frame.text());
        } catch (final SocketTimeoutException e) {
            throw e;
        } catch (final EOFException | SocketException e) {
            return null;
        }
    }
}
