package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import penstock.testkit.Patience;

class UpstreamConnectionTest extends UpstreamRig {
    @Test
    void shouldDeliverTextAndBinaryAndAnswerPings() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            peer.accept("Sec-WebSocket-Protocol: tr_json2").text("{\"a\":1}").frame(0x82, new byte[300])
                .frame(0x89, new byte[] {'h', 'i'});
            seen.add(peer.read());
            seen.add(peer.read());
            peer.close(1000, "enough");
            peer.awaitEnd();
        })) {
            connect(server.url() + "?key=a%2Fb",
                new UpstreamSettings(Map.of("X-Api-Key", "k1"), "tr_json2", false, 1 << 20, 1 << 20,
                5000, null));
            assertThat(events.next()).isEqualTo("open");
            feed.run(() -> upstream.sendText("hello".getBytes(StandardCharsets.UTF_8)));
            assertThat(events.next()).isEqualTo("text {\"a\":1}");
            assertThat(events.next()).isEqualTo("binary 300");
            assertThat(events.next()).isEqualTo("ping");
            assertThat(events.awaitLoss()).isEqualTo(
                new UpstreamLoss(LossReason.DISCONNECTED, "the server closed with 1000 enough", true, 1000, -1));
            assertThat((String) next()).startsWith("GET /feed?key=a%2Fb HTTP/1.1\r\n")
                .contains("\r\nHost: 127.0.0.1:" + server.port() + "\r\n", "\r\nSec-WebSocket-Version: 13\r\n")
                .contains("\r\nX-Api-Key: k1\r\n", "\r\nSec-WebSocket-Protocol: tr_json2\r\n")
                .doesNotContain("Extensions");
            assertThat(Arrays.asList(((ScriptedServer.Frame) next()).text(), ((ScriptedServer.Frame) next()).text()))
                .containsExactlyInAnyOrder("hello", "hi");
            assertThat(events.batches.get()).isPositive();
            assertThat(server.failures).isEmpty();
        }
    }

    @Test
    void shouldReadFramesThatArriveByteByByteWithTheResponse() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(
                ("HTTP/1.1 101 ok\r\nupgrade:websocket\r\nconnection:upgrade\r\nsec-websocket-accept:"
                + peer.acceptKey()
                + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
            bytes.writeBytes(ScriptedServer.Peer.frameBytes(0x01, "one ".getBytes(StandardCharsets.UTF_8)));
            bytes.writeBytes(ScriptedServer.Peer.frameBytes(0x89, new byte[0]));
            bytes.writeBytes(ScriptedServer.Peer.frameBytes(0x80, "two".getBytes(StandardCharsets.UTF_8)));
            for (final byte each : bytes.toByteArray()) {
                peer.raw(new byte[] {each});
            }
            peer.awaitEnd();
        })) {
            connect(server.url());
            assertThat(events.next()).isEqualTo("open");
            assertThat(events.next()).isEqualTo("ping");
            assertThat(events.next()).isEqualTo("text one two");
        }
    }

    @Test
    void shouldDeliverALargeMessageAndAnUnendingStream() throws Exception {
        final byte[] large = new byte[6 << 20];
        Arrays.fill(large, (byte) 'x');
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().frame(0x81, large);
            final ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 50_000; i++) {
                many.writeBytes(ScriptedServer.Peer.frameBytes(0x81, ("n" + i).getBytes(StandardCharsets.UTF_8)));
            }
            peer.raw(many.toByteArray());
            peer.awaitEnd();
        })) {
            connect(server.url());
            assertThat(events.next()).isEqualTo("open");
            assertThat(events.next()).hasSize(large.length + 5);
            for (int i = 0; i < 50_000; i++) {
                assertThat(events.next()).isEqualTo("text n" + i);
            }
        }
    }

    @Test
    void shouldOfferAndInflateDeflate() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            peer.accept("Sec-WebSocket-Extensions: permessage-deflate");
            final Deflater deflater = new Deflater(9, true);
            for (int i = 0; i < 3; i++) {
                peer.frame(0xc1, deflated(deflater, "{\"symbol\":\"EURUSD\",\"n\":" + i + "}"));
            }
            deflater.end();
            peer.text("not deflated").frame(0xc1, deflated(new Deflater(9, true), "x".repeat(200_000)));
            peer.awaitEnd();
        })) {
            connect(server.url(), new UpstreamSettings(Map.of(), null, true, 100_000, 100_000, 5000, null));
            assertThat(events.next()).isEqualTo("open");
            for (int i = 0; i < 3; i++) {
                assertThat(events.next()).isEqualTo("text {\"symbol\":\"EURUSD\",\"n\":" + i + "}");
            }
            assertThat(events.next()).isEqualTo("text not deflated");
            assertThat(events.awaitLoss().reason()).isEqualTo(LossReason.PROTOCOL_ERROR);
            assertThat((String) next()).contains("\r\nSec-WebSocket-Extensions: permessage-deflate");
        }
    }

    @Test
    void shouldSendCloseAndWaitForTheAnswer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("first");
            seen.add(peer.read());
            peer.close(1000, "");
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server.url());
            events.next();
            events.next();
            feed.run(() -> upstream.close(1000, "relay stops"));
            final UpstreamLoss loss = events.awaitLoss();
            assertThat(loss.reason()).isEqualTo(LossReason.STOPPED);
            final ScriptedServer.Frame close = (ScriptedServer.Frame) next();
            assertThat(close.opcode()).isEqualTo(8);
            assertThat(close.payload()).startsWith(0x03, 0xe8);
            assertThat(next()).isEqualTo("ended");
        }
    }

    @Test
    void shouldNotWaitLongForAMissingClose() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().read();
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server.url());
            events.next();
            feed.run(() -> upstream.close(1000, "relay stops"));
            assertThat(events.awaitLoss().reason()).isEqualTo(LossReason.STOPPED);
            assertThat(next()).isEqualTo("ended");
        }
    }

    @Test
    void shouldReportWhyAnUpgradeWasRejected() throws Exception {
        assertRefused("HTTP/1.1 401 Unauthorized\nContent-Length: 4\n\nnope", 401, -1);
        assertRefused("HTTP/1.1 429 Too Many Requests\nRetry-After: 7\n\n", 429, 7000);
        assertRefused("HTTP/1.1 503 \nRetry-After: soon\n\n", 503, -1);
        assertRefused("HTTP/1.1 302 Found\nLocation: https://example.invalid/?token=secret\n\n", 302, -1);
        assertThat(events.loss.detail()).contains("redirects are not followed").doesNotContain("secret");
    }

    @Test
    void shouldUnderstandADateInRetryAfter() throws Exception {
        assertRefused("HTTP/1.1 503 Later\nRetry-After: Wed, 21 Oct 2015 07:28:00 GMT\n\n", 503, 0);
    }

    @Test
    void shouldRejectResponsesThatAreNotWebSocket() throws Exception {
        final String start = "HTTP/1.1 101 Switching Protocols\n";
        assertBroken(start
            + "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Accept: dGhlIHNhbXBsZSBub25jZQ==\n\n",
            "wrong Sec-WebSocket-Accept");
        assertBroken(start + "Upgrade: websocket\nConnection: Upgrade\n\n", "wrong Sec-WebSocket-Accept");
        assertBroken(start + "Upgrade: h2c\nConnection: Upgrade\n\n", "no 'Upgrade: websocket'");
        assertBroken(start + "Upgrade: websocket\n\n", "no 'Connection: Upgrade'");
        assertBrokenAfterAccept("Sec-WebSocket-Protocol: other", "subprotocol other");
        assertBrokenAfterAccept("Sec-WebSocket-Extensions: permessage-deflate", "not offered");
    }

    @Test
    void shouldRejectResponsesThatAreNotHttp() throws Exception {
        assertUnreachable("SSH-2.0-OpenSSH\n", "Invalid response");
        assertUnreachable("HTTP/1.1 abc\n\n", "Invalid response");
        assertUnreachable("HTTP/1.1 101 ok\nbroken header\n\n", "Invalid response");
        assertUnreachable("HTTP/1.1 101 ok\n" + "X: 1234567890\n".repeat(2000) + "\n", "larger than");
    }

    @Test
    void shouldGiveUpOnAnUnansweredUpgrade() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.request();
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server.url(), new UpstreamSettings(Map.of(), null, false, 1 << 20, 1 << 20, 100, null));
            assertThat(events.awaitLoss().detail()).contains("within 100 ms").contains("upgrade");
            assertThat(next()).isEqualTo("ended");
        }
    }

    @Test
    void shouldReportABadAddress() throws Exception {
        final int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        connect("ws://127.0.0.1:" + closedPort + "/");
        assertThat(events.awaitLoss()).satisfies(loss -> {
            assertThat(loss.reason()).isEqualTo(LossReason.UNREACHABLE);
            assertThat(loss.detail()).contains("cannot connect").contains(String.valueOf(closedPort));
        });
    }

    @Test
    void shouldReportAnUnresolvableName() throws Exception {
        connect("ws://no-such-host.invalid/");
        assertThat(events.awaitLoss()).satisfies(loss -> {
            assertThat(loss.reason()).isEqualTo(LossReason.UNREACHABLE);
            assertThat(loss.detail()).isEqualTo("cannot resolve no-such-host.invalid");
        });
    }

    @Test
    void shouldDropAServerThatBreaksTheProtocol() throws Exception {
        assertViolation(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}, 1002);
        assertViolation(new byte[] {(byte) 0xc1, 1, 'x'}, 1002);
        assertViolation(new byte[] {(byte) 0x81, 127, 0, 0, 0, 0, 1, 0, 0, 0}, 1009);
    }

    @Test
    void shouldReadTheRetryDelayOfABusyServer() throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> peer.accept().close(4503, "draining retryAfter=2000"));
        assertThat(loss).isEqualTo(
            new UpstreamLoss(LossReason.DISCONNECTED, "the server closed with 4503 draining retryAfter=2000", true,
            4503, 2000));
    }

    @Test
    void shouldAnswerACloseFrameWithItsCode() throws Exception {
        lossAfter(peer -> {
            peer.accept().close(1001, "");
            seen.add(peer.read());
            peer.socket.shutdownOutput();
        });
        final ScriptedServer.Frame close = (ScriptedServer.Frame) next();
        assertThat(close.opcode()).isEqualTo(8);
        assertThat(close.payload()).containsExactly(0x03, 0xe9);
    }

    @Test
    void shouldGiveUpOnAServerThatReadsNothing() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept();
            seen.poll(20, TimeUnit.SECONDS);
        })) {
            connect(server.url());
            assertThat(events.next()).isEqualTo("open");
            for (int i = 0; i < 20; i++) {
                feed.run(() -> upstream.sendText(new byte[1 << 20]));
            }
            assertThat(events.awaitLoss().detail()).contains("the server reads nothing");
            seen.add("done");
        }
    }

    @Test
    void shouldSendNothingAfterAbort() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("x");
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server.url());
            events.next();
            feed.run(() -> {
                upstream.abort();
                upstream.sendText(new byte[1]);
                upstream.close(1000, "");
                upstream.abort();
            });
            assertThat(next()).isEqualTo("ended");
            assertThat(events.loss).isNull();
        }
    }

    @Test
    void shouldNoticeAConnectionThatIsCut() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("x");
            peer.socket.setSoLinger(true, 0);
        })) {
            connect(server.url());
            assertThat(events.awaitLoss().reason()).isEqualTo(LossReason.DISCONNECTED);
            assertThat(events.loss.wasOpen()).isTrue();
        }
    }

    private void assertRefused(final String answer, final int status, final long retryAfterMs) throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> peer.answer(answer));
        assertThat(loss.reason()).isEqualTo(LossReason.REFUSED);
        assertThat(loss.status()).isEqualTo(status);
        assertThat(loss.retryAfterMs()).isEqualTo(retryAfterMs);
        assertThat(loss.wasOpen()).isFalse();
    }

    private void assertBroken(final String answer, final String words) throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> peer.answer(answer));
        assertThat(loss.reason()).isEqualTo(LossReason.PROTOCOL_ERROR);
        assertThat(loss.detail()).contains(words);
    }

    private void assertBrokenAfterAccept(final String header, final String words) throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> peer.accept(header));
        assertThat(loss.reason()).isEqualTo(LossReason.PROTOCOL_ERROR);
        assertThat(loss.detail()).contains(words);
    }

    private void assertUnreachable(final String answer, final String words) throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> peer.answer(answer));
        assertThat(loss.reason()).isEqualTo(LossReason.UNREACHABLE);
        assertThat(loss.detail()).contains(words);
    }

    private void assertViolation(final byte[] frame, final int code) throws Exception {
        final UpstreamLoss loss = lossAfter(peer -> {
            final ScriptedServer.Frame close = peer.accept().raw(frame).read();
            seen.add((close.payload()[0] & 0xff) << 8 | close.payload()[1] & 0xff);
        });
        assertThat(loss.reason()).isEqualTo(LossReason.PROTOCOL_ERROR);
        assertThat(next()).isEqualTo(code);
    }

    /** Also verifies that the relay closes the socket after any failure. */
    private UpstreamLoss lossAfter(final ScriptedServer.Script script) throws Exception {
        events.loss = null;
        final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            script.play(peer);
            peer.awaitEnd();
            ends.add("ended");
        })) {
            connect(server.url(), new UpstreamSettings(Map.of(), null, false, 1 << 20, 1 << 20, 5000, null));
            final UpstreamLoss loss = events.awaitLoss();
            assertThat(ends.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("ended");
            assertThat(server.failures).isEmpty();
            return loss;
        }
    }

    private static byte[] deflated(final Deflater deflater, final String text) {
        deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
        final byte[] bytes = new byte[100_000];
        final int length = deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(bytes, length - 4);
    }

    private void connect(final String url) throws Exception {
        connect(url, new UpstreamSettings(Map.of(), null, false, 16 << 20, 16 << 20, 10_000, null));
    }

    private void connect(final String url, final UpstreamSettings settings) throws Exception {
        connect(url, settings, ProxyRoutes.DIRECT);
    }
}
