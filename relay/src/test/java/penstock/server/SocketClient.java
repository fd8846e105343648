package penstock.server;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

/** A client over a plain blocking socket: sends any bytes at all, and sees every one that comes. */
final class SocketClient implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    final Socket socket;
    /** Of the last answer over HTTP. */
    int status;
    String head = "";
    String body = "";
    /** The body, as it came. */
    byte[] bytes = {};
    /** Frames that came compressed. */
    int compressed;
    private final DataInputStream input;

    SocketClient(final int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(10_000);
        input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    static String handshake(final String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    /** A masked frame with FIN. */
    static byte[] frame(final int opcode, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, 0x12345678);
        final byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    static byte[] frame(final String text) {
        return frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    SocketClient upgrade(final String target) throws IOException {
        return http(handshake(target));
    }

    /** Sends a request as it is and reads the answer. */
    SocketClient http(final String request) throws IOException {
        send(request.getBytes(StandardCharsets.ISO_8859_1));
        return readHttp();
    }

    SocketClient get(final String target) throws IOException {
        return http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    SocketClient readHttp() throws IOException {
        readHead();
        final String length = header("Content-Length");
        bytes = length == null ? new byte[0] : input.readNBytes(Integer.parseInt(length));
        body = new String(bytes, StandardCharsets.UTF_8);
        return this;
    }

    /** Reads the head of an answer, and leaves what follows. */
    SocketClient readHead() throws IOException {
        final StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            text.append((char) input.readUnsignedByte());
        }
        head = text.toString();
        status = Integer.parseInt(head.split(" ", 3)[1]);
        return this;
    }

    /** The next line that begins with {@code start}. */
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
        for (final String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return null;
    }

    SocketClient send(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    SocketClient say(final String text) throws IOException {
        return send(frame(text));
    }

    /**
     * The next frame: its text, {@code pong:PAYLOAD}, {@code ping:PAYLOAD}, {@code close CODE REASON}; null at the end
     * of the stream.
     */
    String read() throws IOException {
        try {
            final int first = input.readUnsignedByte();
            final int second = input.readUnsignedByte();
            final int length = second == 126 ? input.readUnsignedShort() : second == 127 ? (int) input.readLong()
                : second;
            final byte[] sent = input.readNBytes(length);
            final boolean isCompressed = (first & 0x40) != 0;
            compressed += isCompressed ? 1 : 0;
            final byte[] payload = isCompressed ? inflated(sent) : sent;
            return switch (first & 15) {
                case Opcode.TEXT -> new String(payload, StandardCharsets.UTF_8);
                case Opcode.PING -> "ping:" + new String(payload, StandardCharsets.UTF_8);
                case Opcode.PONG -> "pong:" + new String(payload, StandardCharsets.UTF_8);
                case Opcode.CLOSE -> "close " + ByteBuffer.wrap(payload).getShort() + " "
                    + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                default -> throw new IOException("opcode " + (first & 15));
            };
        } catch (final EOFException | SocketException end) {
            return null;
        }
    }

    /** Whole: with what the sender cut off its end. */
    private static byte[] inflated(final byte[] message) throws IOException {
        final byte[] whole = Arrays.copyOf(message, message.length + 4);
        whole[message.length + 2] = -1;
        whole[message.length + 3] = -1;
        final Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(whole);
            final byte[] plain = new byte[1 << 20];
            return Arrays.copyOf(plain, inflater.inflate(plain));
        } catch (final DataFormatException e) {
            throw new IOException(e);
        } finally {
            inflater.end();
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

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
