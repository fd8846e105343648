package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;
import penstock.websocket.Opcode;

/** permessage-deflate towards subscribers, over real sockets. */
class DeflateTest {
    private static final int RSV1 = 0x40;
    private static final String SUBSCRIBE = "{\"op\":\"subscribe\",\"symbols\":[\"*\"],\"interval\":0}";
    private static final String VALUE = "{\"bid\":1.10" + ",\"more\":0.1".repeat(40) + "}";

    private ServedFeed served;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedFeed(100, true, null, 10_000, true);
        served.live();
        served.tick("EURUSD", VALUE);
    }

    @AfterEach
    void close() throws IOException {
        GoodClient.assertServed(served.port());
        Awaitility.await().until(() -> served.sessions() == 0);
        served.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void shouldCompressForTheWindowOfTheClient(final int windowBits) throws IOException {
        try (SocketClient client = deflating("/v1/ws?symbols=*&interval=0", "; server_max_window_bits=" + windowBits)) {
            assertThat(client.header("Sec-WebSocket-Extensions"))
                .isEqualTo("permessage-deflate; server_max_window_bits=" + windowBits);
            assertThat(client.readUntil("\"snapshot\"")).contains(VALUE);
            served.tick("EURUSD", VALUE.replace("1.10", "1.20"));
            assertThat(client.readUntil("\"update\"")).contains(VALUE.replace("1.10", "1.20"));
            assertThat(client.compressed).isEqualTo(2);
        }
    }

    @Test
    void shouldCompressRawPayloads() throws IOException {
        try (SocketClient client = deflating("/v1/raw?symbols=*&interval=0", "; client_max_window_bits")) {
            assertThat(client.read()).isEqualTo("<" + VALUE + ">");
            assertThat(client.compressed).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7\r\n",
        "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=9; server_max_window_bits=9\r\n",
        "Sec-WebSocket-Extensions: x-webkit-deflate-frame\r\n"})
    void shouldNotCompressWithoutAnAcceptableOffer(final String header) throws IOException {
        try (SocketClient client = served.connect().http(handshake("/v1/ws?symbols=*&interval=0", header))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Extensions")).isNull();
            assertThat(client.readUntil("\"snapshot\"")).contains(VALUE);
            assertThat(client.compressed).isZero();
            client.send(SocketClient.message(RSV1 | Opcode.TEXT, deflated(SUBSCRIBE)));
            assertThat(client.readUntil("close")).startsWith("close 1002");
        }
    }

    @Test
    void shouldNotNegotiateWhenDisabled() throws IOException {
        try (ServedFeed off = new ServedFeed();
             SocketClient client = off.connect()
                     .http(handshake("/v1/ws", "Sec-WebSocket-Extensions: permessage-deflate\r\n"))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Extensions")).isNull();
        }
    }

    @Test
    void shouldNotCompressEventStreams() throws IOException {
        try (SocketClient client = served.connect()) {
            client.send((
                "GET /v1/sse?symbols=* HTTP/1.1\r\nHost: [::1]\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readResponseHead().header("Sec-WebSocket-Extensions")).isNull();
            assertThat(client.readLineWith("data: {\"type\":\"snapshot\"")).contains(VALUE);
        }
    }

    @Test
    void shouldAcceptCompressedRequestsWholeAndFragmented() throws IOException {
        try (SocketClient client = deflating("/v1/ws", ""); SocketClient other = deflating("/v1/ws", "")) {
            final byte[] request = deflated(SUBSCRIBE);
            final int half = request.length / 2;
            client.send(fragment(RSV1 | Opcode.TEXT, Arrays.copyOf(request, half)));
            client.send(SocketClient.message(Opcode.PING, new byte[] {'x'}));
            assertThat(client.readUntil("pong")).isEqualTo("pong:x");
            // while the message is incomplete, other clients' requests are inflated
            other.send(SocketClient.message(RSV1 | Opcode.TEXT, request));
            assertThat(other.readUntil("\"ack\"")).contains("\"matched\":1");
            client.send(SocketClient.message(Opcode.CONTINUATION, Arrays.copyOfRange(request, half, request.length)));
            assertThat(client.readUntil("\"ack\"")).contains("\"matched\":1");
            client.send(SocketClient.message(RSV1 | Opcode.TEXT, deflated("{\"op\":\"ping\",\"id\":7}")));
            assertThat(client.readUntil("\"pong\"")).contains("\"id\":7");
            assertThat(client.say("ping").readUntil("pong")).isEqualTo("pong");
        }
    }

    @Test
    void shouldInflateRequestsThatReferToEarlierOnes() throws IOException {
        try (SocketClient client = deflating("/v1/ws", ""); Compressing requests = new Compressing()) {
            for (int i = 0; i < 40; i++) {
                final byte[] request = requests.next("{\"op\":\"ping\",\"id\":\"" + "long".repeat(i % 12) + i + "\"}");
                client.send(SocketClient.message(RSV1 | Opcode.TEXT, request));
                assertThat(client.readUntil("\"pong\"")).contains("\"" + "long".repeat(i % 12) + i + "\"");
            }
        }
    }

    @Test
    void shouldRejectADecompressionBomb() throws IOException {
        try (SocketClient client = deflating("/v1/ws", "")) {
            final byte[] bomb = deflated(" ".repeat(10_000_000));
            assertThat(bomb.length).isLessThan(65_536);
            client.send(SocketClient.message(RSV1 | Opcode.TEXT, bomb));
            assertThat(client.readUntil("close")).startsWith("close 1009");
        }
    }

    @Test
    void shouldRejectAMisplacedCompressionBit() throws IOException {
        refused(SocketClient.message(RSV1 | Opcode.PING, new byte[0]), 1002);
        refused(SocketClient.message(0x20 | Opcode.TEXT, deflated(SUBSCRIBE)), 1002);
        final ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(fragment(RSV1 | Opcode.TEXT, deflated(SUBSCRIBE)));
        both.writeBytes(SocketClient.message(RSV1 | Opcode.CONTINUATION, new byte[0]));
        refused(both.toByteArray(), 1002);
        refused(SocketClient.message(RSV1 | Opcode.TEXT, new byte[] {-1, -1, -1, -1}), 1007);
    }

    @Test
    void shouldReleaseTheInflaterOfAnIncompleteMessage() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (SocketClient client = deflating("/v1/ws", "")) {
                client.send(fragment(RSV1 | Opcode.TEXT, Arrays.copyOf(deflated(SUBSCRIBE), 10)));
                assertThat(client.say("").read()).isNotNull();
            }
        }
    }

    @Test
    void shouldCountSavedBytes() throws IOException {
        try (SocketClient client = deflating("/v1/ws?symbols=*&interval=0", "")) {
            client.readUntil("\"snapshot\"");
            assertThat(served.telemetry.sum(Counter.FRAMES_DEFLATED)).isEqualTo(1);
            assertThat(served.telemetry.sum(Counter.DEFLATE_BYTES_OUT)).isPositive()
                .isLessThan(served.telemetry.sum(Counter.DEFLATE_BYTES_IN) / 2);
        }
    }

    private void refused(final byte[] bytes, final int code) throws IOException {
        try (SocketClient client = deflating("/v1/ws", "")) {
            assertThat(client.send(bytes).readUntil("close")).startsWith("close " + code);
        }
    }

    private SocketClient deflating(final String target, final String parameters) throws IOException {
        final SocketClient client = served.connect()
            .http(handshake(target, "Sec-WebSocket-Extensions: permessage-deflate" + parameters + "\r\n"));
        assertThat(client.status).isEqualTo(101);
        assertThat(client.header("Sec-WebSocket-Extensions")).startsWith("permessage-deflate");
        return client;
    }

    private static String handshake(final String target, final String header) {
        return SocketClient.handshake(target).replace("Host: localhost\r\n", "Host: localhost\r\n" + header);
    }

    private static byte[] fragment(final int opcode, final byte[] payload) {
        final byte[] frame = SocketClient.message(opcode, payload);
        frame[0] &= 0x7f;
        return frame;
    }

    private static byte[] deflated(final String text) {
        try (Compressing compressing = new Compressing()) {
            return compressing.next(text);
        }
    }

    /** A client's messages, each of which may refer to those before. */
    private static final class Compressing implements AutoCloseable {
        private final Deflater deflater = new Deflater(9, true);

        byte[] next(final String text) {
            deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
            final byte[] bytes = new byte[100_000];
            final int count = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
            return Arrays.copyOf(bytes, count - 4);
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
