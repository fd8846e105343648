package penstock.system;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/** A client that sends any bytes it likes, and reads what comes back. One thread. */
final class Hostile implements AutoCloseable {
    static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};
    private static final int TIMEOUT_MS = 8_000;
    private static final Pattern STREAMED =
        Pattern.compile("\\{\"type\":\"(welcome|snapshot|update|heartbeat|status)\".*", Pattern.DOTALL);

    final Socket socket = new Socket();
    private DataInputStream in;

    Hostile(final int port) throws IOException {
        this(port, 0);
    }

    Hostile(final int port, final int receiveBytes) throws IOException {
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
        socket.setSoTimeout(TIMEOUT_MS);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
    }

    /** A client whose handshake was accepted. */
    static Hostile upgraded(final int port, final String path) throws IOException {
        final Hostile client = new Hostile(port);
        client.send(handshake(path));
        final String answer = client.readHead();
        if (!answer.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(answer);
        }
        return client;
    }

    static byte[] handshake(final String path) {
        return ascii("GET " + path
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "
            + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n");
    }

    static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A masked frame with any first byte. */
    static byte[] frame(final int first, final byte[] payload) {
        final ByteBuffer whole = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(whole, Opcode.TEXT, payload, 0, payload.length, 0x12345678);
        whole.put(0, (byte) first);
        final byte[] bytes = new byte[whole.position()];
        whole.get(0, bytes);
        return bytes;
    }

    static byte[] text(final String text) {
        return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The same bytes again and again. */
    static byte[] repeated(final int count, final byte[] part) {
        final ByteBuffer all = ByteBuffer.allocate(count * part.length);
        for (int i = 0; i < count; i++) {
            all.put(part);
        }
        return all.array();
    }

    /** Sends, or finds that the other end has closed. */
    void send(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Like {@link #send}, for more bytes than may be taken before the other end is done with us. */
    void sendWhatIsTaken(final byte[] bytes) throws IOException {
        try {
            send(bytes);
        } catch (final SocketException e) {
            // The other end has answered and closed.
        }
    }

    /** One request on a connection of its own: the first answer that is no welcome and no data. */
    String ask(final String request) throws IOException {
        send(text(request));
        return answer();
    }

    String answer() throws IOException {
        String text = readText();
        while (STREAMED.matcher(text).matches()) {
            text = readText();
        }
        return text;
    }

    /** Texts until the other end closes, and behind them {@code close CODE REASON}, or {@code eof}. */
    List<String> readToEnd() throws IOException {
        final List<String> texts = new ArrayList<>();
        try {
            String text = readText();
            while (!text.startsWith("close ")) {
                if (!STREAMED.matcher(text).matches()) {
                    texts.add(text);
                }
                text = readText();
            }
            texts.add(text);
        } catch (final EOFException | SocketException e) {
            texts.add("eof");
        }
        return texts;
    }

    /** The close that the other end sends, whatever comes before. */
    String readClose() throws IOException {
        final List<String> all = readToEnd();
        return all.get(all.size() - 1);
    }

    String readHead() throws IOException {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            final int b = in.read();
            if (b < 0) {
                break;
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    /** An answer of HTTP, with its body. */
    String readHttp() throws IOException {
        final String head = readHead();
        final Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        return head + (length.find()
            ? new String(in.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8) : "");
    }

    /** Whether the other end closes, after whatever it still sends. */
    boolean isCut() throws IOException {
        try {
            while (in.read() >= 0) {
                continue;
            }
        } catch (final SocketException e) {
            return true;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private String readText() throws IOException {
        while (true) {
            final int opcode = in.readUnsignedByte() & 15;
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = (int) in.readLong();
            }
            final byte[] payload = in.readNBytes(length);
            if (opcode == Opcode.CLOSE) {
                final int code = payload.length < 2 ? 1005 : (payload[0] & 255) << 8 | payload[1] & 255;
                return "close " + code + " "
                    + new String(payload, Math.min(2, payload.length), Math.max(0, payload.length - 2),
                    StandardCharsets.UTF_8);
            }
            if (opcode == Opcode.TEXT) {
                return new String(payload, StandardCharsets.UTF_8);
            }
        }
    }
}
