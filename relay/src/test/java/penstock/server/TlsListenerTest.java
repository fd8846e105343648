package penstock.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
import penstock.memory.MemoryUse;
import penstock.server.tls.ServerTls;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;
import penstock.testkit.RecordedLog;
import penstock.testkit.TestAuthority;
import penstock.websocket.Opcode;

/** The subscribers' listener with TLS: what it serves, what it refuses, and what happens when certificates change. */
class TlsListenerTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final TestAuthority.Issued OWN = AUTHORITY.issue("relay", "localhost");
    private static final SSLContext CLIENT = AUTHORITY.context(null);

    @TempDir
    private Path folder;
    private ServerTls tls;
    private ServedFeed feed;

    @BeforeEach
    void start() throws IOException {
        OWN.write(folder.resolve("own.pem"), folder.resolve("own.key"));
        AUTHORITY.write(folder.resolve("authorities.pem"));
        serve(ClientCertificates.NONE);
    }

    @AfterEach
    void stop() {
        feed.close();
    }

    private void serve(final ClientCertificates clients) throws IOException {
        if (feed != null) {
            feed.close();
        }
        tls = new ServerTls("server.tls", new ServerConfig.Tls(folder.resolve("own.pem").toString(),
            folder.resolve("own.key").toString(),
            clients == ClientCertificates.NONE ? null : folder.resolve("authorities.pem").toString(), clients));
        feed = new ServedFeed(tls);
        feed.live();
    }

    private SSLSocket socket(final SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket();
    }

    private SocketClient connect(final SSLContext context, final String... protocols) throws IOException {
        final SSLSocket socket = socket(context);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return new SocketClient(feed.port(), 0, socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldServeASessionThroughTls(final String version) throws IOException {
        try (SocketClient client = connect(CLIENT, version).upgrade("/v1/ws?symbols=A&interval=0")) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.read()).contains("welcome");
            feed.tick("A", "1.10");
            assertThat(client.readUntil("1.10")).contains("\"s\":\"A\"");
            assertThat(client.say("ping").readUntil("pong")).contains("pong");
            assertThat(((SSLSocket) client.socket).getSession().getProtocol()).isEqualTo(version);
        }
        await().until(() -> feed.sessions() == 0);
    }

    @Test
    void shouldServeAllEndpointsThroughTls() throws IOException {
        feed.tick("A", "1.10");
        try (SocketClient client = connect(CLIENT)) {
            assertThat(client.get("/v1/snapshot").body).contains("1.10");
            assertThat(client.get("/healthz").status).isEqualTo(200);
            assertThat(client.upgrade("/v1/raw?symbols=A").status).isEqualTo(101);
            assertThat(client.read()).isEqualTo("<1.10>");
        }
        try (SocketClient client = connect(CLIENT)) {
            client.send("GET /v1/sse?symbols=A&interval=0 HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            assertThat(client.readResponseHead().status).isEqualTo(200);
            assertThat(client.readLineWith("data: {\"type\":\"snapshot\"")).contains("1.10");
            feed.tick("A", "1.20");
            assertThat(client.readLineWith("data: {\"type\":\"update\"")).contains("1.20");
        }
    }

    @Test
    void shouldSendAnAnswerThatTheSocketTakesInManyParts() throws IOException {
        final String value = "\"" + "v".repeat(100_000) + "\"";
        for (int i = 0; i < 40; i++) {
            feed.tick("S" + i, value);
        }
        try (SocketClient client = new SocketClient(feed.port(), 4_096, socket(CLIENT))) {
            client.get("/v1/snapshot");
            assertThat(client.status).isEqualTo(200);
            assertThat(client.bytes).hasSizeGreaterThan(4_000_000);
            assertThat(client.body).contains("S0", "S39").endsWith("]}");
            assertThat(client.get("/healthz").status).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void shouldConflateForASlowReaderAndKeepItsLedger() throws IOException {
        try (SocketClient client = new SocketClient(feed.port(), 2_048, socket(CLIENT))) {
            client.upgrade("/v1/ws?symbols=A&interval=0");
            assertThat(client.read()).contains("welcome");
            assertThat(client.readUntil("snapshot")).contains("\"data\":[]");
            int ticks = 0;
            while (feed.telemetry.sum(Counter.WRITES_BLOCKED) == 0) {
                feed.tick("A", "\"" + ticks++ + "-" + "v".repeat(20_000) + "\"");
            }
            for (int i = 0; i < 50; i++) {
                feed.tick("A", "\"" + ticks++ + "\"");
            }
            feed.tick("A", "\"last\"");
            assertThat(feed.memoryUsed(MemoryUse.RESPONSES)).as("the unsent part of a record").isPositive();
            long q = 0;
            long conflated = 0;
            while (q < ticks + 1) {
                final String update = client.readUntil("\"q\":");
                final long next = number(update, "q");
                final long c = update.contains("\"c\":") ? number(update, "c") : 0;
                assertThat(next - q).as("ledger").isEqualTo(c + 1);
                q = next;
                conflated += c;
            }
            assertThat(conflated).isGreaterThanOrEqualTo(50);
            assertThat(feed.memoryUsed(MemoryUse.RESPONSES)).isZero();
        }
    }

    @Test
    void shouldUnderstandRequestsThatArriveInPieces() throws IOException {
        final Socket choppy = new ChoppySocket();
        choppy.setTcpNoDelay(true);
        choppy.connect(new InetSocketAddress("localhost", feed.port()));
        try (SocketClient client = new SocketClient(CLIENT.getSocketFactory()
                .createSocket(choppy, "localhost", feed.port(), true))) {
            assertThat(client.upgrade("/v1/ws").status).isEqualTo(101);
            client.say("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":0}");
            feed.tick("A", "7");
            assertThat(client.readUntil("\"s\":\"A\"")).contains("7");
        }
    }

    @Test
    void shouldReadRequestsThatOneRecordHoldsTogether() throws IOException {
        try (SocketClient client = connect(CLIENT)) {
            client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(600).getBytes(UTF_8));
            for (int i = 0; i < 600; i++) {
                assertThat(client.readHttp().status).isEqualTo(200);
            }
            final ByteArrayOutputStream pings = new ByteArrayOutputStream();
            for (int i = 0; i < 800; i++) {
                pings.writeBytes(SocketClient.message(Opcode.PING, new byte[] {'x'}));
            }
            client.upgrade("/v1/ws").send(pings.toByteArray());
            for (int i = 0; i < 800; i++) {
                assertThat(client.readUntil("pong:")).isEqualTo("pong:x");
            }
        }
    }

    @Test
    void shouldUseAChangedCertificateForNewConnectionsAndLoseNoSession() throws IOException {
        final List<SocketClient> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                sessions.add(connect(CLIENT).upgrade("/v1/ws?symbols=A&interval=0"));
            }
            AUTHORITY.issueRsa("renewed", "localhost").write(folder.resolve("own.pem"), folder.resolve("own.key"));
            await().until(() -> subject().equals("CN=renewed"));
            feed.tick("A", "\"after\"");
            for (final SocketClient session : sessions) {
                assertThat(session.readUntil("after")).isNotNull();
            }
            assertThat(feed.sessions()).isEqualTo(50);
        } finally {
            for (final SocketClient session : sessions) {
                session.close();
            }
        }
    }

    @Test
    void shouldKeepItsCertificateWhenTheChangedOneIsOfNoUse() throws IOException {
        final TestAuthority.Issued other = AUTHORITY.issue("other", "localhost");
        Files.writeString(folder.resolve("own.key"), TestAuthority.pem("PRIVATE KEY", other.key().getEncoded()));
        tls.reload();
        tls.reload();
        assertThat(subject()).isEqualTo("CN=relay");
        other.write(folder.resolve("own.pem"), folder.resolve("own.key"));
        tls.reload();
        assertThat(subject()).as("the files may still change").isEqualTo("CN=relay");
        tls.reload();
        assertThat(subject()).isEqualTo("CN=other");
    }

    @Test
    void shouldRefuseTls11() throws IOException {
        try (SocketClient client = new SocketClient(feed.port())) {
            client.send(HexFormat.of().parseHex("160302002f0100002b0302" + "11".repeat(32)
                + "000004c00ac0090100"));
            assertThat(client.socket.getInputStream().readAllBytes()).as("the alert protocol_version, and the end")
                .startsWith(21, 3).endsWith(2, 70);
        }
    }

    @Test
    @Tag("slow")
    void shouldEndAHandshakeThatDoesNotGoOn() throws IOException {
        try (SocketClient client = new SocketClient(feed.port())) {
            client.send(HexFormat.of().parseHex("160301002f0100002b0303"));
            assertThat(client.socket.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> feed.telemetry.sum(Counter.TLS_HANDSHAKES_FAILED) == 1);
        GoodClient.assertServed(feed.port(), socket(CLIENT));
    }

    @Test
    void shouldRefuseSuitesOfCbc() throws IOException {
        final SSLSocket socket = socket(CLIENT);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});
        try (SocketClient client = new SocketClient(feed.port(), 0, socket)) {
            assertThatThrownBy(() -> client.get("/healthz")).isInstanceOf(SSLException.class);
        }
        await().until(() -> feed.telemetry.sum(Counter.TLS_HANDSHAKES_FAILED) == 1);
    }

    @Test
    void shouldRefuseToNegotiateAgain() throws IOException {
        try (SocketClient client = connect(CLIENT, "TLSv1.2").get("/healthz")) {
            assertThat(client.status).isEqualTo(200);
            ((SSLSocket) client.socket).startHandshake();
            assertThatThrownBy(() -> client.get("/healthz")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldSpeakHttp11ToAClientThatPrefersHttp2() throws IOException {
        final SSLSocket socket = socket(CLIENT);
        final SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        try (SocketClient client = new SocketClient(feed.port(), 0, socket).get("/healthz")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
        }
    }

    @Test
    void shouldKnowTheNameInAClientsCertificate() throws IOException {
        serve(ClientCertificates.OPTIONAL);
        try (SocketClient client = connect(CLIENT).get("/v1/test/name")) {
            assertThat(client.body).isEqualTo("null");
        }
        try (SocketClient client = connect(AUTHORITY.context(AUTHORITY.issue("desk-7"))).get("/v1/test/name")) {
            assertThat(client.body).startsWith("ClientCertificate[name=desk-7, endsAtMs=");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldRefuseClientsWithoutARequiredCertificate(final String version) throws IOException {
        serve(ClientCertificates.REQUIRED);
        final TestAuthority stranger = new TestAuthority("stranger");
        for (final SSLContext context : List.of(CLIENT, trusting(stranger.issue("desk-7")))) {
            try (SocketClient client = connect(context, version)) {
                assertThatThrownBy(() -> client.get("/healthz")).isInstanceOf(IOException.class);
            }
        }
        await().until(() -> feed.telemetry.sum(Counter.TLS_HANDSHAKES_FAILED) == 2);
        assertThat(feed.telemetry.errors().distinctCount()).isZero();
        try (SocketClient client = connect(AUTHORITY.context(AUTHORITY.issue("desk-7")), version).get("/healthz")) {
            assertThat(client.status).isEqualTo(200);
        }
    }

    @Test
    void shouldEndPlainHttpOnTheTlsPort() throws IOException {
        try (SocketClient client = new SocketClient(feed.port())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
            assertThat(client.socket.getInputStream().readAllBytes().length).as("at most an alert").isLessThan(16);
        }
        await().until(() -> feed.telemetry.sum(Counter.TLS_HANDSHAKES_FAILED) == 1);
        GoodClient.assertServed(feed.port(), socket(CLIENT));
    }

    @Test
    void shouldEndTlsOnAPlainPort() throws IOException {
        try (RecordedLog log = new RecordedLog("penstock.server");
                RecordedLog undertow = new RecordedLog("io.undertow");
                ServedFeed plain = new ServedFeed();
                SocketClient client = new SocketClient(plain.port(), 0, socket(CLIENT))) {
            assertThatThrownBy(() -> client.get("/healthz")).isInstanceOf(IOException.class);
            assertThat(plain.telemetry.sum(Counter.TLS_ON_PLAIN_PORT)).isEqualTo(1);
            GoodClient.assertServed(plain.port());
            assertThat(plain.telemetry.sum(Counter.TLS_ON_PLAIN_PORT)).as("requests do not count").isEqualTo(1);
            assertThat(log.lines()).isEmpty();
            assertThat(undertow.lines()).isEmpty();
        }
    }

    @Test
    void shouldEndTheSessionOfAClientThatLeavesWithoutAGoodbye() throws IOException {
        final Socket socket = new Socket("localhost", feed.port());
        final SocketClient client =
            new SocketClient(CLIENT.getSocketFactory().createSocket(socket, "localhost", feed.port(), true));
        client.upgrade("/v1/ws");
        await().until(() -> feed.sessions() == 1);
        socket.close();
        await().until(() -> feed.sessions() == 0);
    }

    /** Whom a new connection shows. */
    private String subject() throws IOException {
        try (SocketClient client = connect(CLIENT).get("/healthz")) {
            return ((X509Certificate) ((SSLSocket) client.socket).getSession().getPeerCertificates()[0])
                .getSubjectX500Principal().getName();
        }
    }

    /** A client that trusts the relay and shows what a stranger issued. */
    private static SSLContext trusting(final TestAuthority.Issued shown) {
        return AUTHORITY.context(shown);
    }

    private static long number(final String json, final String name) {
        final Matcher found = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(json);
        assertThat(found.find()).as(name + " in " + json).isTrue();
        return Long.parseLong(found.group(1));
    }

    /** Sends each byte in a packet of its own. */
    private static final class ChoppySocket extends Socket {
        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(final byte[] bytes, final int offset, final int length) throws IOException {
                    for (int i = offset; i < offset + length; i++) {
                        out.write(bytes[i]);
                        out.flush();
                    }
                }
            };
        }
    }
}
