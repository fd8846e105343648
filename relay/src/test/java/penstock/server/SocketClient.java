package penstock.server;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import penstock.testkit.FrameSocket;
import penstock.testkit.ReceivedTexts;
import penstock.websocket.Opcode;

/** A client of the server under test, by HTTP and then by WebSocket. One thread. */
final class SocketClient extends FrameSocket {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** Of the last response. */
    int status;
    String head = "";
    String body = "";
    /** The body, unchanged. */
    byte[] bytes = {};
    /** Number of compressed frames. */
    int compressed;

    SocketClient(final int port) throws IOException {
        super(port, 0);
    }

    SocketClient(final int port, final int receiveBytes, final Socket socket) throws IOException {
        super(port, receiveBytes, socket);
    }

    SocketClient(final Socket connected) throws IOException {
        super(connected);
    }

    static String handshake(final String target) {
        return handshake(target, KEY);
    }

    SocketClient upgrade(final String target) throws IOException {
        return http(handshake(target));
    }

    /** Sends a request unchanged and reads the response. */
    SocketClient http(final String request) throws IOException {
        send(request.getBytes(StandardCharsets.ISO_8859_1));
        return readHttp();
    }

    SocketClient get(final String target) throws IOException {
        return http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    SocketClient readHttp() throws IOException {
        return readResponseHead().readBody();
    }

    /** Reads the body of a response whose head was read. */
    SocketClient readBody() throws IOException {
        final String length = header("Content-Length");
        bytes = length == null ? new byte[0] : input.readNBytes(Integer.parseInt(length));
        body = ReceivedTexts.checked(new String(bytes, StandardCharsets.UTF_8));
        return this;
    }

    /** Reads the head of a response only. */
    SocketClient readResponseHead() throws IOException {
        head = readHead();
        if (!head.endsWith("\r\n\r\n")) {
            throw new EOFException(head);
        }
        status = Integer.parseInt(head.split(" ", 3)[1]);
        return this;
    }

    /** The next line that starts with {@code start}. */
    String readLineWith(final String start) throws IOException {
        while (true) {
            final StringBuilder line = new StringBuilder();
            for (int b = input.readUnsignedByte(); b != '\n'; b = input.readUnsignedByte()) {
                line.append((char) b);
            }
            if (line.indexOf(start) == 0) {
                return line.toString();
            }
        }
    }

    String header(final String name) {
        return header(head, name);
    }

    SocketClient send(final byte[] all) throws IOException {
        write(all);
        return this;
    }

    SocketClient say(final String text) throws IOException {
        return send(text(text));
    }

    /**
     * The next frame: its text, {@code binary:PAYLOAD}, {@code pong:PAYLOAD}, {@code ping:PAYLOAD}, {@code close CODE
     * REASON}; null at the end of the stream.
     */
    String read() throws IOException {
        try {
            final Frame frame = readFrame();
            compressed += frame.isCompressed() ? 1 : 0;
            return switch (frame.opcode()) {
                case Opcode.TEXT -> frame.text();
                case Opcode.BINARY -> "binary:" + frame.text();
                case Opcode.PING -> "ping:" + frame.text();
                case Opcode.PONG -> "pong:" + frame.text();
                case Opcode.CLOSE -> "close " + frame.close();
                default -> throw new IOException("opcode " + frame.opcode());
            };
        } catch (final EOFException | SocketException end) {
            return null;
        }
    }

    /** The next frame with {@code part} in it; those before it are skipped. */
    String readUntil(final String part) throws IOException {
        String frame = read();
        while (frame != null && !frame.contains(part)) {
            frame = read();
        }
        return frame;
    }
}
