package penstock.replay;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;

/** A WebSocket client over a plain blocking socket, to see every byte and to be slow on purpose. */
final class RawClient implements AutoCloseable {
    final String response;
    private final Socket socket = new Socket();
    private final DataInputStream input;

    RawClient(final int port, final String path, final int receiveBufferBytes) throws IOException {
        socket.setReceiveBufferSize(receiveBufferBytes);
        socket.setSoTimeout(10_000);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
        input = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream(), 4_096));
        final String key = Handshake.newKey();
        writeRaw(("GET " + path
            + " HTTP/1.1\r\nHost: venue\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: " + key + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        final StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            final int b = input.read();
            if (b < 0) {
                break;
            }
            head.append((char) b);
        }
        response = head.toString();
        if (!response.startsWith("HTTP/1.1 101") || !response.contains(Handshake.accept(key))) {
            throw new IOException("no upgrade: " + response);
        }
    }

    void writeRaw(final byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void write(final int opcode, final String text) throws IOException {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + FrameWriter.MAX_HEADER_BYTES);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, 0x1234abcd);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    /** The next frame as {@code OPCODE:PAYLOAD}; Close as {@code 8:CODE REASON}; null when the connection has ended. */
    String read() throws IOException {
        final int first = readOrEnd();
        if (first < 0) {
            return null;
        }
        final int second = input.readUnsignedByte();
        final long length = second == 127 ? input.readLong() : second == 126 ? input.readUnsignedShort() : second;
        final byte[] payload = new byte[(int) length];
        input.readFully(payload);
        final int opcode = first & 15;
        if (opcode == 8) {
            return "8:" + ByteBuffer.wrap(payload).getShort() + " "
                + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
        return opcode + ":" + new String(payload, StandardCharsets.UTF_8);
    }

    void hangUp() throws IOException {
        socket.close();
    }

    private int readOrEnd() throws IOException {
        try {
            return input.read();
        } catch (final java.net.SocketTimeoutException e) {
            throw e;
        } catch (final IOException e) {
            return -1; // reset
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
