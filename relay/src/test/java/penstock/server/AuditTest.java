package penstock.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.undertow.Undertow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.audit.Termination;
import penstock.config.relay.ServerConfig;
import penstock.identity.Principal;
import penstock.server.tls.ServerTls;
import penstock.telemetry.Counter;
import penstock.telemetry.ErrorLog;
import penstock.testkit.TestAuthority;
import penstock.websocket.Opcode;

/** What the audit log says of clients on real sockets, from the first byte to the last. */
class AuditTest {
    private static final String AUTH = "{\"op\":\"auth\",\"token\":\"key-%s\"}";

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhoCameAndHowTheSessionEnded() throws IOException {
        final TestClients clients = new TestClients().with("desk-7");
        try (ServedFeed served = ServedFeed.withAccess(clients.access)) {
            served.live();
            served.tick("A", "1.10");
            for (final String target : List.of("/v1/ws?symbols=A", "/v1/raw?symbols=A", "/v1/sse?symbols=A")) {
                try (SocketClient client = served.connect()) {
                    client.send(handshake(target, TestClients.bearer("desk-7"))).readResponseHead();
                    final String endpoint = target.substring("/v1/".length(), target.indexOf('?'));
                    await().untilAsserted(() -> assertThat(served.audited).last().asString().startsWith("open ")
                        .endsWith(" endpoint=" + endpoint + " principal=desk-7 address=" + address(client)));
                }
                await().untilAsserted(() -> assertThat(served.audited).last().asString().startsWith("close ")
                    .contains(" principal=desk-7 ", " end=CD seconds=0.", " updates="));
            }
            assertThat(served.audited).hasSize(6);
        }
    }

    @ParameterizedTest
    @CsvSource({"close,--", "abort,CD", "reset,CD", "unmasked,PF", "binary,PF", "large,PM", "half,cM", "bad,PR",
        "flood,PQ"})
    void shouldSayHowAClientEndedItsSession(final String way, final String code) throws IOException {
        try (ServedFeed served = new ServedFeed(10, false, null, 300);
             SocketClient client = served.upgraded("/v1/ws")) {
            client.read();
            end(client, way);
            await().untilAsserted(() -> assertThat(served.audited).last().asString().contains(" end=" + code + " "));
            assertThat(served.audited).hasSize(2);
            // the line is written before the session is counted
            await().untilAsserted(() -> assertThat(Termination.ofSessions().stream().mapToLong(served.audit::ended)
                .sum()).isEqualTo(served.telemetry.sum(Counter.SESSIONS_CLOSED)).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET /v1/ws HTTP/1.1|Host: evil.example|ws|PH|421|unknown_host",
        "GET /v1/ws HTTP/1.1|Host: localhost~Origin: https://evil.example|ws|PH|403|bad_origin",
        "GET /v1/ws HTTP/1.1|Host: localhost|ws|PH|400|bad_handshake",
        "GET /v1/raw?symbols=A&channel=nope HTTP/1.1|Host: localhost~UPGRADE|raw|PH|400|unknown_channel",
        "GET /v1/sse HTTP/1.1|Host: localhost|sse|PH|400|bad_field",
        "GET /v1/ws%0a2026%20INFO%20fake HTTP/1.1|Host: evil.example|-|PH|421|unknown_host",
        "GET /metrics HTTP/1.1|Host: evil.example|-|PH|421|unknown_host"})
    void shouldSayWhyARequestIsRefused(final String start, final String headers, final String endpoint,
            final String code, final int status, final String error) throws IOException {
        final String all = headers.replace("UPGRADE",
            "Upgrade: websocket~Connection: Upgrade~Sec-WebSocket-Version: 13~Sec-WebSocket-Key: " + SocketClient.KEY);
        try (ServedFeed served = new ServedFeed(); SocketClient client = served.connect()) {
            client.http(start + "\r\n" + all.replace("~", "\r\n") + "\r\n\r\n");
            assertThat(client.status).isEqualTo(status);
            await().untilAsserted(() -> assertThat(served.audited).containsExactly("refuse endpoint=" + endpoint
                + " principal=- address=" + address(client) + " end=" + code + " status=" + status + " error="
                + error));
        }
    }

    @Test
    void shouldSayThatNothingWasRoomFor() throws IOException {
        try (ServedFeed served = new ServedFeed(1, false, null, 10_000);
             SocketClient first = served.upgraded("/v1/ws")) {
            assertThat(first.read()).contains("welcome");
            try (SocketClient second = served.connect().upgrade("/v1/ws")) {
                assertThat(second.status).isEqualTo(503);
                assertThat(served.audited).last().asString().endsWith(" end=RQ status=503 error=too_many_sessions");
            }
        }
    }

    @Test
    void shouldSayThatAQuotaWasReached() throws IOException {
        final ServerConfig.Edge edge = new ServerConfig.Edge(List.of(), List.of(), List.of(), false,
            new ServerConfig.Quotas(1, 0, 0));
        try (ServedFeed served = ServedFeed.withEdge(edge); SocketClient first = served.upgraded("/v1/ws")) {
            assertThat(first.read()).contains("welcome");
            try (SocketClient second = served.connect().upgrade("/v1/ws")) {
                assertThat(second.status).isEqualTo(429);
                assertThat(served.audited).last().asString().endsWith(" end=PQ status=429 error=too_many_sessions");
            }
        }
    }

    /** Never the token, in whichever way it travels. */
    @Test
    void shouldSayThatAClientIsUnknownAndNothingOfItsToken() throws IOException {
        final TestClients clients = new TestClients().with("old", 0, 1, "all").with("one", 1, Principal.NEVER, "all");
        try (ServedFeed served = ServedFeed.withAccess(clients.access);
             SocketClient header = served.connect().send(handshake("/v1/ws", "Authorization: Bearer s3cret"));
             SocketClient query = served.connect().send(handshake("/v1/raw?symbols=A&token=s3cret", "X: y"));
             SocketClient expired = served.connect().send(handshake("/v1/sse?symbols=A", TestClients.bearer("old")));
             SocketClient message = served.upgraded("/v1/ws").say(AUTH.formatted("s3cret"));
             SocketClient other = served.upgraded("/v1/ws").say("s3cret");
             SocketClient page = served.connect().send(handshake("/v1/ws",
                "Origin: https://a.example\r\nSec-WebSocket-Protocol: penstock.v1.json, bearer.s3cret"))) {
            assertThat(header.readHttp().status).isEqualTo(401);
            assertThat(query.readHttp().status).isEqualTo(401);
            assertThat(expired.readHttp().status).isEqualTo(401);
            assertThat(message.read()).startsWith("close 4401 ");
            assertThat(other.read()).startsWith("close 4401 ");
            assertThat(page.readResponseHead().status).isEqualTo(101);
            assertThat(page.read()).startsWith("close 4401 ");
            assertThat(served.audited).hasSize(6).allSatisfy(line -> assertThat(line).startsWith("refuse ")
                .contains(" end=PA").doesNotContain("s3cret"));
            assertThat(served.audited).anyMatch(line -> line.endsWith(" error=token_expired"))
                .anyMatch(line -> line.endsWith(" status=401 error=token_invalid"));
            assertThat(served.audit.refused(Termination.UNKNOWN_CLIENT)).isEqualTo(6);
        }
    }

    @Test
    void shouldNameTheClientWhoseQuotaWasReached() throws IOException {
        final TestClients clients = new TestClients().with("one", 1, Principal.NEVER, "all");
        try (ServedFeed served = ServedFeed.withAccess(clients.access);
             SocketClient first = served.connect().send(handshake("/v1/ws", TestClients.bearer("one")))) {
            assertThat(first.readHttp().status).isEqualTo(101);
            assertThat(first.read()).contains("welcome");
            try (SocketClient second = served.connect().send(handshake("/v1/ws", TestClients.bearer("one")))) {
                assertThat(second.readHttp().status).isEqualTo(429);
                assertThat(served.audited).last().asString()
                    .matches("refuse endpoint=ws principal=one address=.* end=PQ status=429 error=too_many_sessions");
            }
        }
    }

    @Test
    void shouldSayThatAClientDidNotShowWhoItIs() throws IOException {
        try (ServedFeed served = ServedFeed.withAccessWithin(100, new TestClients().access);
             SocketClient silent = served.upgraded("/v1/ws")) {
            assertThat(silent.read()).startsWith("close 4408");
            assertThat(served.audited).singleElement()
                .isEqualTo("refuse address=" + address(silent) + " end=cA");
        }
    }

    @Test
    void shouldSayThatAClientLeftBeforeItShowedWhoItIs() throws IOException {
        try (ServedFeed served = ServedFeed.withAccess(new TestClients().access)) {
            served.upgraded("/v1/ws").close();
            await().untilAsserted(() -> assertThat(served.audited).singleElement().asString().endsWith(" end=CA"));
        }
    }

    @Test
    void shouldSayThatAClientHadToLeaveForOthersThatShowNothingEither() throws IOException {
        final List<SocketClient> crowd = new ArrayList<>();
        try (ServedFeed served = ServedFeed.withAccess(new TestClients().access)) {
            while (served.audit.refused(Termination.CROWDED_OUT) == 0) {
                crowd.add(served.upgraded("/v1/ws"));
                assertThat(crowd).hasSizeLessThan(600);
            }
            await().untilAsserted(() -> assertThat(served.audited).anyMatch(line -> line.endsWith(" end=RA")));
        } finally {
            for (final SocketClient each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void shouldSayThatAKeyWasTakenAway() throws IOException {
        final TestClients clients = new TestClients().with("gone");
        try (ServedFeed served = ServedFeed.withAccess(clients.access); SocketClient gone = served.connect()) {
            assertThat(gone.send(handshake("/v1/ws", TestClients.bearer("gone"))).readHttp().status).isEqualTo(101);
            assertThat(gone.read()).contains("welcome");
            clients.without("gone").publish();
            served.credentialsChanged();
            served.settle();
            assertThat(gone.readUntil("close ")).startsWith("close 4401");
            gone.send(SocketClient.message(Opcode.CLOSE, new byte[0]));
            await().untilAsserted(() -> assertThat(served.audited).last().asString()
                .matches("close .* principal=gone .* end=KE .*"));
        }
    }

    @Test
    void shouldSayThatTheRelayStops() throws IOException {
        try (ServedFeed served = new ServedFeed(); SocketClient drained = served.upgraded("/v1/ws")) {
            served.drain();
            assertThat(drained.readUntil("close ")).startsWith("close 4503 ");
            drained.send(SocketClient.message(Opcode.CLOSE, new byte[0]));
            await().untilAsserted(() -> assertThat(served.audited).last().asString().contains(" end=KS "));
            try (SocketClient late = served.connect().upgrade("/v1/ws")) {
                assertThat(late.status).isEqualTo(503);
                assertThat(served.audited).last().asString().endsWith(" end=KS status=503 error=draining");
            }
        }
    }

    @Test
    void shouldSayThatTheRelayCutASessionWhoseTurnHadNotCome() throws IOException {
        try (ServedFeed served = new ServedFeed(); SocketClient client = served.upgraded("/v1/ws")) {
            assertThat(client.read()).contains("welcome");
            served.server.drain(true);
            served.server.stop();
            await().untilAsserted(() -> assertThat(served.audited).last().asString().contains(" end=RS "));
        }
    }

    @Test
    void shouldSayThatARequestDidNotComeInFull() throws IOException {
        try (ServedFeed served = new ServedFeed(); SocketClient malformed = served.connect()) {
            try (SocketClient half = served.connect()) {
                half.send("GET /v1/ws HTTP/1.1\r\nHost: lo".getBytes(US_ASCII));
            }
            served.connect().close();
            malformed.send("GET /v1/ws HTTP/1.1\r\nno colon\r\n\r\n".getBytes(US_ASCII));
            await().untilAsserted(() -> assertThat(served.audited).extracting(line -> line.replaceAll(".* ", ""))
                .containsExactlyInAnyOrder("end=CH", "end=PH"));
            served.settle();
            assertThat(served.audited).as("a check of the port is not worth a line").hasSize(2);
        }
    }

    @Test
    @Tag("slow")
    @Tag("gate")
    void shouldSayThatNoRequestCame() throws IOException {
        try (ServedFeed served = new ServedFeed(); SocketClient half = served.connect(); SocketClient mute =
            served.connect()) {
            half.send("GET /v1/ws HTTP/1.1\r\nHost: lo".getBytes(US_ASCII));
            await().untilAsserted(() -> assertThat(served.audited).containsExactlyInAnyOrder(
                "refuse address=" + address(half) + " end=cH", "refuse address=" + address(mute) + " end=cH"));
        }
    }

    @Test
    void shouldSayThatATlsHandshakeWasNotCompleted() throws IOException {
        new TestAuthority("authority").issue("relay", "localhost")
            .write(folder.resolve("own.pem"), folder.resolve("own.key"));
        final ServerTls tls = new ServerTls("server.tls", new ServerConfig.Tls(folder.resolve("own.pem").toString(),
            folder.resolve("own.key").toString(), null, ServerConfig.ClientCertificates.NONE));
        try (ServedFeed served = new ServedFeed(tls); SocketClient client = served.connect()) {
            client.send("GET /v1/ws HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            await().untilAsserted(() -> assertThat(served.audited)
                .containsExactly("refuse address=" + address(client) + " end=PT"));
        }
    }

    @Test
    void shouldSayThatTheRelayFailed() throws IOException {
        final ErrorLog errors = new ErrorLog();
        try (ServedFeed served = new ServedFeed()) {
            final Undertow failing = served.startFailing(errors);
            try (SocketClient client = new SocketClient(
                    ((InetSocketAddress) failing.getListenerInfo().get(0).getAddress()).getPort())) {
                client.upgrade("/v1/ws").read();
                client.say("{\"op\":\"subscribe\",\"symbols\":[\"A\"]}");
                assertThat(client.readUntil("close ")).startsWith("close 4500");
                client.send(SocketClient.message(Opcode.CLOSE, new byte[0]));
                await().untilAsserted(() -> assertThat(served.audited).last().asString().contains(" end=IR "));
            } finally {
                failing.stop();
            }
        }
    }

    private static void end(final SocketClient client, final String way) throws IOException {
        switch (way) {
            case "close" -> client.send(SocketClient.message(Opcode.CLOSE, new byte[0]));
            case "abort" -> client.close();
            case "reset" -> {
                client.socket.setSoLinger(true, 0);
                client.close();
            }
            case "unmasked" -> client.send(new byte[] {(byte) 0x81, 1, 'x'});
            case "binary" -> client.send(SocketClient.message(Opcode.BINARY, new byte[1]));
            case "large" -> client.say("x".repeat(70_000));
            case "half" -> client.send(new byte[] {(byte) 0x81, (byte) 0x85, 1});
            case "bad" -> {
                for (int i = 0; i < 60; i++) {
                    client.say("{");
                }
            }
            case "flood" -> {
                final ByteArrayOutputStream pings = new ByteArrayOutputStream();
                for (int i = 0; i < 10_000; i++) {
                    pings.writeBytes(SocketClient.text("ping"));
                }
                client.send(pings.toByteArray());
            }
            default -> throw new IllegalArgumentException(way);
        }
    }

    private static String address(final SocketClient client) {
        return "127.0.0.1:" + client.socket.getLocalPort();
    }

    private static byte[] handshake(final String target, final String header) {
        final String request = SocketClient.handshake(target);
        return request.replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n").getBytes(ISO_8859_1);
    }
}
