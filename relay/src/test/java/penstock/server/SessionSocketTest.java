package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.server.pace.LongMessages;
import penstock.telemetry.Counter;
import penstock.telemetry.ErrorLog;
import penstock.testkit.GoodClient;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;

class SessionSocketTest {
    private ServedFeed served;
    private SocketClient client;

    @BeforeEach
    void serve() throws IOException {
        served = new ServedFeed();
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
        client = served.upgraded("/v1/ws");
        assertThat(client.read()).contains("welcome");
    }

    @AfterEach
    void close() throws IOException {
        GoodClient.assertServed(served.port());
        client.close();
        Awaitility.await().until(() -> served.sessions() == 0);
        served.close();
    }

    @Test
    void shouldAnswerASubscribeWithAckAndSnapshotThenUpdates() throws IOException {
        client.say("{\"op\":\"subscribe\",\"id\":2,\"symbols\":[\"EURUSD\",\"X\"],\"interval\":0}");
        assertThat(client.read()).isEqualTo("{\"type\":\"ack\",\"id\":2,\"op\":\"subscribe\",\"sub\":\"0\",\"replaces\":\"all\","
            + "\"effective\":{\"channel\":\"quote\","
            + "\"mode\":\"conflate\",\"interval\":0},\"matched\":1,\"unknown\":[\"X\"],\"denied\":[],\"resumed\":false}");
        assertThat(client.read())
            .contains("\"snapshot\"", "\"last\":true", "{\"s\":\"EURUSD\",\"q\":1,\"t\":5,\"v\":{\"bid\":1.10}}");
        served.tick("EURUSD", "{\"bid\":1.20}");
        assertThat(client.read()).contains("\"update\"", "{\"s\":\"EURUSD\",\"q\":2,\"t\":5,\"v\":{\"bid\":1.20}}");
    }

    @Test
    void shouldServeTheFirstFrameThatComesWithTheHandshake() throws IOException {
        final ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(SocketClient.handshake("/v1/ws").getBytes(StandardCharsets.US_ASCII));
        both.writeBytes(SocketClient.text("{\"op\":\"ping\",\"id\":\"early\"}"));
        both.writeBytes(SocketClient.text("ping"));
        try (SocketClient pipelining = served.connect().send(both.toByteArray()).readHttp()) {
            assertThat(pipelining.status).isEqualTo(101);
            assertThat(pipelining.read()).contains("welcome");
            assertThat(pipelining.read()).contains("pong", "\"id\":\"early\"");
            assertThat(pipelining.read()).isEqualTo("pong");
            assertThat(pipelining.say("ping").read()).isEqualTo("pong");
        }
    }

    @Test
    void shouldSubscribeByQuery() throws IOException {
        try (SocketClient querying = served.upgraded("/v1/ws?symbols=EUR*&interval=250&channel=quote")) {
            assertThat(querying.read()).contains("welcome");
            assertThat(querying.read()).contains("\"ack\"", "\"sub\":\"0\"", "\"interval\":250", "\"matched\":1")
                .doesNotContain("\"id\"");
            assertThat(querying.read()).contains("snapshot", "1.10");
        }
        try (SocketClient wrong = served.upgraded("/v1/ws?symbols=EUR*&interval=-5")) {
            assertThat(wrong.read()).contains("welcome");
            assertThat(wrong.read()).contains("\"bad_interval\"", "\"path\":\"/interval\"");
            assertThat(wrong.say("ping").read()).isEqualTo("pong");
        }
    }

    @Test
    void shouldSendOnlyPayloadsToARawClient() throws IOException {
        try (SocketClient raw = served.upgraded("/v1/raw?symbols=EURUSD&interval=0")) {
            assertThat(raw.read()).isEqualTo("<{\"bid\":1.10}>");
            raw.say("{\"method\":\"SUBSCRIBE\",\"params\":[\"eurusd\"]}").say("ping").say("{")
                .send(SocketClient.message(2, new byte[9]));
            raw.send(SocketClient.message(Opcode.PING, new byte[] {'x'}));
            assertThat(raw.read()).isEqualTo("pong:x");
            served.tick("EURUSD", "{\"bid\":1.30}");
            assertThat(raw.read()).isEqualTo("<{\"bid\":1.30}>");
        }
    }

    @Test
    void shouldAnswerAFragmentedRequestWithAPingInside() throws IOException {
        final byte[] text = "{\"op\":\"ping\",\"id\":7}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < text.length; i++) {
            final byte[] frame = SocketClient.message(i == 0 ? Opcode.TEXT : Opcode.CONTINUATION, new byte[] {text[i]});
            if (i < text.length - 1) {
                frame[0] &= 0x7f;
            }
            client.send(frame);
            if (i == 3) {
                client.send(SocketClient.message(Opcode.PING, new byte[] {'i'}));
            }
        }
        assertThat(client.read()).isEqualTo("pong:i");
        assertThat(client.read()).contains("\"pong\"", "\"id\":7");
    }

    @Test
    void shouldAnswerBadRequestsAndContinue() throws IOException {
        assertThat(client.say("{").read()).contains("\"bad_json\"");
        assertThat(client.say("{\"op\":\"x\",\"id\":1}").read()).contains("\"unknown_op\"", "\"id\":1");
        assertThat(client.say("{\"op\":\"auth\",\"token\":\"t\",\"id\":1}").read())
            .contains("\"bad_field\"", "\"path\":\"/op\"", "off");
        assertThat(client.say("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"delta\":1}").read())
            .contains("\"bad_field\"", "/delta");
        assertThat(client.say("{\"op\":\"ping\"}").read()).contains("\"pong\"");
    }

    /** The long messages are decoded in slices, and the others come in the same packet. */
    @Test
    void shouldAnswerMessagesBehindLongOnesInTheirOrder() throws IOException {
        final String names = IntStream.range(0, 1_500).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(","));
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(SocketClient.text("{\"op\":\"subscribe\",\"id\":1,\"symbols\":[" + names + ",7]}"));
        all.writeBytes(SocketClient.text("{\"op\":\"ping\",\"id\":2}"));
        all.writeBytes(SocketClient.text("{\"op\":\"subscribe\",\"id\":3,\"symbols\":[" + names + "]}"));
        all.writeBytes(SocketClient.text("{\"op\":\"ping\",\"id\":4}"));
        client.send(all.toByteArray());
        assertThat(client.read()).contains("\"error\"", "\"path\":\"/symbols/1500\"", "\"id\":1");
        assertThat(client.read()).contains("\"pong\"", "\"id\":2");
        assertThat(client.read()).contains("\"ack\"", "\"id\":3", "\"S1499\"");
        assertThat(client.readUntil("\"pong\"")).contains("\"id\":4");
        assertThat(client.say("{\"op\":\"ping\",\"id\":5}").readUntil("\"pong\"")).contains("\"id\":5");
    }

    @Test
    void shouldAnswerALongMessageBeforeTheConnectionIsClosedForABadFrame() throws IOException {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(SocketClient.text("{\"op\":\"ping\",\"id\":1}" + " ".repeat(LongMessages.MIN_BYTES)));
        all.writeBytes(new byte[] {(byte) 0x81, 1, 'x'});
        client.send(all.toByteArray());
        assertThat(client.read()).contains("\"pong\"", "\"id\":1");
        assertThat(client.read()).startsWith("close 1002");
    }

    @Test
    void shouldAcceptTheLargestFrameAndRejectOneByteMore() throws IOException {
        final byte[] largest = "{\"op\":\"ping\"} ".concat(" ".repeat(65_522)).getBytes(StandardCharsets.UTF_8);
        assertThat(largest).hasSize(65_536);
        assertThat(client.send(SocketClient.message(Opcode.TEXT, largest)).read()).contains("\"pong\"");
        client.send(SocketClient.message(Opcode.TEXT, new byte[65_537]));
        assertEnds("close 1009 ");
    }

    @Test
    void shouldRejectALengthBeforeThePayloadArrives() throws IOException {
        client.send(ByteBuffer.allocate(14).put((byte) 0x81).put((byte) 0xff).putLong(1L << 62).putInt(0).array());
        assertThat(client.readUntil("close")).matches("close (1002|1009) .*");
    }

    @Test
    void shouldRejectAnUnmaskedFrame() throws IOException {
        final ByteBuffer frame = ByteBuffer.allocate(16);
        FrameWriter.putFrame(frame, Opcode.TEXT, new byte[] {'{', '}'}, 0, 2);
        client.send(java.util.Arrays.copyOf(frame.array(), frame.position()));
        assertEnds("close 1002 ");
    }

    @Test
    void shouldRejectTextThatIsNotUtf8() throws IOException {
        client.send(SocketClient.message(Opcode.TEXT, new byte[] {'"', (byte) 0xc3, '"'}));
        assertEnds("close 1007 ");
    }

    @Test
    void shouldRejectBinaryMessages() throws IOException {
        client.send(SocketClient.message(Opcode.BINARY, new byte[] {1}));
        assertEnds("close 1003 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0xC1, 0x83, 0x8B, 0x09})
    void shouldRejectReservedBitsAndOpcodesAndFragmentedControl(final int first) throws IOException {
        final byte[] frame = SocketClient.message(Opcode.TEXT, new byte[] {'x'});
        frame[0] = (byte) first;
        client.send(frame);
        assertEnds("close 1002 ");
    }

    @Test
    void shouldReturnTheCloseCodeAndEnd() throws IOException {
        client.send(SocketClient.message(Opcode.CLOSE, new byte[] {0x0f, (byte) 0xa0, 'b', 'y', 'e'}));
        assertThat(client.read()).isEqualTo("close 4000 ");
        assertThat(client.read()).isNull();
    }

    @Test
    void shouldRemoveTheSessionOfADisconnectedClient() throws IOException {
        client.say("{\"op\":\"subscribe\",\"symbols\":[\"*\"]}").readUntil("snapshot");
        client.socket.setSoLinger(true, 0);
        client.close();
        Awaitility.await().until(() -> served.sessions() == 0);
        assertThat(served.telemetry.sum(Counter.SESSIONS_CLOSED))
            .isEqualTo(served.telemetry.sum(Counter.SESSIONS_OPENED));
    }

    @Test
    void shouldCloseAClientThatDoesNotCompleteAMessage() throws IOException {
        try (ServedFeed impatient = new ServedFeed(10, false, null, 300); SocketClient slow =
                impatient.upgraded("/v1/ws");
             SocketClient idle = impatient.upgraded("/v1/ws")) {
            slow.read();
            slow.send(new byte[] {(byte) 0x81, (byte) 0x85, 1});
            assertThat(slow.readUntil("close")).startsWith("close 1008 ");
            idle.read();
            assertThat(idle.say("ping").read()).isEqualTo("pong");
        }
    }

    @Test
    void shouldRecordAnInternalFailureAndCloseThatSessionOnly() throws IOException {
        final ErrorLog errors = new ErrorLog();
        final Undertow failing = served.startFailing(errors);
        final int port = ((InetSocketAddress) failing.getListenerInfo().get(0).getAddress()).getPort();
        try (SocketClient unlucky = new SocketClient(port).upgrade("/v1/ws");
             SocketClient other = new SocketClient(port).upgrade("/v1/ws")) {
            assertThat(unlucky.say("{\"op\":\"subscribe\",\"symbols\":[\"A\"]}").readUntil("close"))
                .isEqualTo("close 4500 internal error");
            assertThat(errors.entries()).hasSize(1);
            assertThat(other.say("ping").readUntil("pong")).isEqualTo("pong");
        }
        failing.stop();
    }

    @Test
    void shouldCloseSessionsWhenTheServerStops() throws IOException {
        try (ServedFeed stopping = new ServedFeed(); SocketClient open = stopping.upgraded("/v1/ws")) {
            open.read();
            stopping.server.stop();
            assertThat(open.read()).isNull();
            stopping.settle();
            assertThat(stopping.sessions()).isZero();
        }
    }

    private void assertEnds(final String close) throws IOException {
        final String frame = client.readUntil("close");
        assertThat(frame).startsWith(close);
        assertThat(frame.length()).isGreaterThan(close.length());
        assertThat(served.telemetry.sum(Counter.SESSIONS_VIOLATED)).isEqualTo(1);
        client.socket.shutdownOutput();
        assertThat(client.read()).isNull();
    }
}
