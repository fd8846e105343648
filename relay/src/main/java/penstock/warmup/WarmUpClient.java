package penstock.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * Makes one request of each kind, and waits for each answer. It looks for words in what it reads, and checks nothing.
 *
 * <p>Owned by the warm-up thread.
 */
final class WarmUpClient {
    /** On a machine that other programs keep busy an answer takes seconds, and the relay does not wait for it. */
    private static final int TIMEOUT_MS = 20_000;
    private static final int RECEIVE_BYTES = 8 * 1024;
    private static final List<String> PAGES = List.of("/", "/healthz", "/readyz", "/none", "/v1/symbols",
        "/v1/snapshot", "/v1/snapshot?symbols=W1*,*2,W5", "/v1/snapshot?channel=merge&fields=bid",
        "/v1/snapshot?channel=order-book&depth=1");
    private static final String ALL = ",\"symbols\":[\"*\"]";
    /** What takes a topic or a name runs some hundred times then: enough that the compilers see to it. */
    private static final int ROUNDS = 2;
    private static final int NAMES = 1_000;
    /** Of updates of all topics, 20 KiB each. */
    private static final int SECURE_ROUNDS = 40;

    private static final String TOKEN = "Authorization: Bearer warm-up\r\n";
    private static final String DEFLATE = "Sec-WebSocket-Extensions: permessage-deflate\r\n";

    private final int port;
    private final WarmUp.Ways ways;
    private final SocketFactory sockets;
    private final byte[] buffer = new byte[64 * 1024];
    private int requests;

    WarmUpClient(final int port, final WarmUp.Ways ways) {
        this.port = port;
        this.ways = ways;
        sockets = ways.isSecure() ? AnyServer.sockets() : SocketFactory.getDefault();
    }

    /** {@code publish} updates all topics while there are subscriptions. */
    void askAll(final Runnable publish) throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            for (final String page : PAGES) {
                stream(page, "Connection: close\r\nAccept-Encoding: gzip\r\n", "\r\n\r\n");
            }
            stream("/v1/sse?symbols=*", "", "data:");
            stream("/v1/raw?symbols=*", upgrade(), "bid");
            talk(publish);
            if (ways.isCompressed()) {
                talkCompressed(publish);
            }
        }
        if (ways.isSecure()) {
            receiveMuch(publish);
        }
    }

    /**
     * What encrypts is interpreted at first, and takes 3 ms for a record of 16 KiB. The compilers have seen to it after
     * some hundred thousand bytes.
     */
    private void receiveMuch(final Runnable publish) throws IOException {
        try (Socket socket = open("/v1/ws", upgrade(), "welcome")) {
            subscribe(socket, "all", ",\"interval\":0" + ALL);
            for (int i = 0; i < SECURE_ROUNDS; i++) {
                publish.run();
                ask(socket, "ping", "");
            }
        }
    }

    /** Short messages are never compressed, so the answer to a ping can be read: what precedes it cannot. */
    private void talkCompressed(final Runnable publish) throws IOException {
        try (Socket socket = open("/v1/ws", upgrade() + DEFLATE, "\r\n\r\n")) {
            send(socket, "subscribe", ",\"sub\":\"all\",\"interval\":0" + ALL);
            ask(socket, "ping", "");
            publish.run();
            ask(socket, "ping", "");
        }
    }

    private void talk(final Runnable publish) throws IOException {
        try (Socket socket = open("/v1/ws", upgrade(), "welcome")) {
            final String patterns = IntStream.range(0, 49).mapToObj(i -> "\"*X" + i + "Y*\"")
                .collect(Collectors.joining(","));
            subscribe(socket, "patterns", ",\"symbols\":[" + patterns + ",\"W1\",\"none\"]");
            subscribe(socket, "names", ",\"symbols\":[" + IntStream.range(0, NAMES).mapToObj(i -> "\"W" + i + "\"")
                .collect(Collectors.joining(",")) + "]");
            subscribe(socket, "all", ALL);
            subscribe(socket, "fields", ALL + ",\"fields\":[\"bid\"],\"delta\":true,\"interval\":60000");
            subscribe(socket, "every", ALL + ",\"mode\":\"all\"");
            subscribe(socket, "once", ALL + ",\"mode\":\"once\"");
            subscribe(socket, "merge", ALL + ",\"channel\":\"merge\",\"delta\":true");
            subscribe(socket, "book", ALL + ",\"channel\":\"order-book\",\"depth\":1,\"delta\":true");
            subscribe(socket, "event", ALL + ",\"channel\":\"event\"");
            subscribe(socket, "unknown", ALL + ",\"channel\":\"none\"");
            publish.run();
            ask(socket, "list", "");
            ask(socket, "ping", "");
            ask(socket, "change", ",\"sub\":\"all\",\"delta\":true");
            ask(socket, "unsubscribe", ",\"sub\":\"all\",\"symbols\":[\"*1\"]");
            ask(socket, "unsubscribe", ",\"sub\":\"fields\"");
            write(socket, Opcode.CLOSE, new byte[] {});
            readToEnd(socket);
        }
        try (Socket socket = open("/v1/ws", upgrade(), "welcome")) {
            // the relay sees a reset of the connection
            socket.setSoLinger(true, 0);
        }
    }

    private void stream(final String target, final String header, final String text) throws IOException {
        open(target, header, text).close();
    }

    /** Waits until {@code text} has come. */
    private Socket open(final String target, final String header, final String text) throws IOException {
        final Socket socket = sockets.createSocket();
        try {
            // so small that long answers take several writes
            socket.setReceiveBufferSize(RECEIVE_BYTES);
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            final String credentials = ways.isAuthenticated() ? TOKEN : "";
            socket.getOutputStream().write(("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + credentials
                + header + "\r\n").getBytes(StandardCharsets.US_ASCII));
            await(socket, text);
            return socket;
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
    }

    private void subscribe(final Socket socket, final String name, final String terms) throws IOException {
        ask(socket, "subscribe", ",\"sub\":\"" + name + "\"" + terms);
    }

    private void ask(final Socket socket, final String op, final String terms) throws IOException {
        await(socket, send(socket, op, terms));
    }

    /** Returns a word of the answer. */
    private String send(final Socket socket, final String op, final String terms) throws IOException {
        final String id = "request-" + ++requests + "-";
        final byte[] text = ("{\"op\":\"" + op + "\",\"id\":\"" + id + "\"" + terms + "}")
            .getBytes(StandardCharsets.US_ASCII);
        write(socket, Opcode.TEXT, text);
        return id;
    }

    private void write(final Socket socket, final int opcode, final byte[] payload) throws IOException {
        final ByteBuffer frame = ByteBuffer.allocate(payload.length + FrameWriter.MAX_HEADER_BYTES);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, requests);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
    }

    private void readToEnd(final Socket socket) throws IOException {
        while (socket.getInputStream().read(buffer) >= 0) {
            // what was sent before the answer to the close
        }
    }

    private void await(final Socket socket, final String text) throws IOException {
        String seen = "";
        while (!seen.contains(text)) {
            final int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("the connection ended before " + text.strip());
            }
            final String rest = seen.substring(Math.max(0, seen.length() - text.length()));
            seen = rest + new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        }
    }

    private static String upgrade() {
        return "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + Handshake.newKey() + "\r\n";
    }
}
