package penstock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import penstock.testkit.FrameSocket;

/** A handshake that may be refused. One thread. */
final class HandshakeSocket extends FrameSocket {
    private final int status;

    HandshakeSocket(final int port, final String header) throws IOException {
        super(port, 0);
        write(handshake("/v1/ws", "dGhlIHNhbXBsZSBub25jZQ==").replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
        status = Integer.parseInt(readHead().split(" ", 3)[1]);
    }

    int status() {
        return status;
    }
}
