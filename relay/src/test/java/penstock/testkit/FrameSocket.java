package penstock.testkit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

/**
 * A client over a plain blocking socket, for tests of the WebSocket protocol: sends any bytes at all, and sees every
 * byte that comes. One thread.
 */
public class FrameSocket implements AutoCloseable {
    /** Mask of every frame sent. */
    public static final int MASK = 0x12345678;
    private static final int TIMEOUT_MS = Patience.SECONDS * 1_000;

    /** The connection. */
    public final Socket socket;
    /** What comes. */
    protected final DataInputStream input;

    /** One frame as it came. */
    public record Frame(int first, byte[] payload) {
        /** Kind of the frame. */
        public int opcode() {
            return first & 15;
        }

        /** True if the frame begins a compressed message. */
        public boolean isCompressed() {
            return (first & 0x40) != 0;
        }

        /** The payload as text, inflated if it came compressed. */
        public String text() throws IOException {
            return ReceivedTexts.checked(
                new String(isCompressed() ? inflated(payload) : payload, StandardCharsets.UTF_8));
        }

        /** Code and reason of a Close frame: {@code 1000 reason}. */
        public String close() {
            final int code = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xffff;
            final int from = Math.min(2, payload.length);
            return code + " " + new String(payload, from, payload.length - from, StandardCharsets.UTF_8);
        }
    }

    /** Connects to a port of this machine; {@code receiveBytes} 0 = the system's receive buffer. */
    public FrameSocket(final int port, final int receiveBytes) throws IOException {
        this(port, receiveBytes, new Socket());
    }

    /** Connects {@code socket}, which may be one of TLS, to a port of this machine. */
    public FrameSocket(final int port, final int receiveBytes, final Socket socket) throws IOException {
        this.socket = socket;
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        input = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4_096));
    }

    /** Over a connected socket. */
    public FrameSocket(final Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MS);
        input = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 4_096));
    }

    /** Text as bytes, for requests. */
    public static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The request that asks for an upgrade to WebSocket. */
    public static String handshake(final String target, final String key) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + key + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
    }

    /** A masked frame with any first byte. */
    public static byte[] frame(final int first, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(frame, Opcode.TEXT, payload, 0, payload.length, MASK);
        frame.put(0, (byte) first);
        return Arrays.copyOf(frame.array(), frame.position());
    }

    /** A masked frame that is a whole message. */
    public static byte[] message(final int opcode, final byte[] payload) {
        return frame(0x80 | opcode, payload);
    }

    /** A masked text frame that is a whole message. */
    public static byte[] text(final String text) {
        return message(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends these bytes as they are. */
    public final void write(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Reads the head of an HTTP response, up to its blank line or the end of the stream. */
    public final String readHead() throws IOException {
        final StringBuilder text = new StringBuilder();
        while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
            final int b = input.read();
            if (b < 0) {
                break;
            }
            text.append((char) b);
        }
        return text.toString();
    }

    /** A header of a response; null if it has none of that name. */
    public static String header(final String head, final String name) {
        for (final String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return null;
    }

    /** Reads the next frame; throws {@code EOFException} at the end of the stream. */
    public final Frame readFrame() throws IOException {
        final int first = input.readUnsignedByte();
        final int second = input.readUnsignedByte();
        final int length = second == 126 ? input.readUnsignedShort() : second == 127 ? (int) input.readLong() : second;
        final byte[] payload = new byte[length];
        input.readFully(payload);
        return new Frame(first, payload);
    }

    @Override
    public final void close() throws IOException {
        socket.close();
    }

    /** The whole message: with the bytes that the sender cut off its end. */
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
}
