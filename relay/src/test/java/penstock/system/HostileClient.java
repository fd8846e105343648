package penstock.system;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.testkit.FrameSocket;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/** A client that sends any bytes it likes, and reads what comes back. One thread. */
final class HostileClient extends FrameSocket {
    private static final Pattern STREAMED =
        Pattern.compile("\\{\"type\":\"(welcome|snapshot|update|heartbeat|status)\".*", Pattern.DOTALL);

    HostileClient(final int port) throws IOException {
        this(port, 0);
    }

    HostileClient(final int port, final int receiveBytes) throws IOException {
        super(port, receiveBytes);
    }

    /** A client whose handshake was accepted. */
    static HostileClient upgraded(final int port, final String path) throws IOException {
        final HostileClient client = new HostileClient(port);
        client.write(handshake(path));
        final String response = client.readHead();
        if (!response.startsWith("HTTP/1.1 101 ")) {
            throw new AssertionError(response);
        }
        return client;
    }

    static byte[] handshake(final String path) {
        return ascii(handshake(path, Handshake.newKey()));
    }

    /** The same bytes repeated. */
    static byte[] repeated(final int count, final byte[] part) {
        final ByteBuffer all = ByteBuffer.allocate(count * part.length);
        for (int i = 0; i < count; i++) {
            all.put(part);
        }
        return all.array();
    }

    /** Writes more bytes than the other end may accept before it closes the connection. */
    void writeWhatIsAccepted(final byte[] bytes) throws IOException {
        try {
            write(bytes);
        } catch (final SocketException e) {
            // The other end has replied and closed.
        }
    }

    /** Sends a request; returns the first reply that is neither welcome nor data. */
    String ask(final String request) throws IOException {
        write(text(request));
        return reply();
    }

    String reply() throws IOException {
        String text = readText();
        while (STREAMED.matcher(text).matches()) {
            text = readText();
        }
        return text;
    }

    /** Texts until the other end closes, then {@code close CODE REASON} or {@code eof}. */
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

    /** The close that the other end sends, after any other frames. */
    String readClose() throws IOException {
        final List<String> all = readToEnd();
        return all.get(all.size() - 1);
    }

    /** An HTTP response with its body. */
    String readHttp() throws IOException {
        final String head = readHead();
        final Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        return head + (length.find()
            ? new String(input.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8) : "");
    }

    /** True once the other end has closed; reads and drops what it sends before that. */
    boolean isCut() throws IOException {
        try {
            while (input.read() >= 0) {
                continue;
            }
        } catch (final SocketException e) {
            return true;
        }
        return true;
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private String readText() throws IOException {
        while (true) {
            final Frame frame = readFrame();
            if (frame.opcode() == Opcode.CLOSE) {
                return "close " + frame.close();
            }
            if (frame.opcode() == Opcode.TEXT) {
                return frame.text();
            }
        }
    }
}
