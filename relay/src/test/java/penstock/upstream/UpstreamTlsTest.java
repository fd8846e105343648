package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import penstock.testkit.OpenFiles;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;

class UpstreamTlsTest extends UpstreamRig {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final SSLContext CLIENT = AUTHORITY.context(null);
    private static final SSLContext LOCALHOST = AUTHORITY.context(AUTHORITY.issue("test", "localhost", "127.0.0.1"));
    private static final SSLContext OTHER = AUTHORITY.context(AUTHORITY.issue("test", "other.example"));
    private static final SSLContext EXPIRED = AUTHORITY.context(AUTHORITY.issueExpired("test", "localhost"));

    @Test
    void shouldConnectWithATrustedCertificateForTheName() throws Exception {
        assertThat(exchange("localhost", "TLSv1.3")).isEqualTo("localhost");
    }

    @Test
    void shouldConnectToAnAddressThatTheCertificateNames() throws Exception {
        assertThat(exchange("127.0.0.1", "TLSv1.3")).isEqualTo("no name");
    }

    @Test
    void shouldSupportTls12() throws Exception {
        assertThat(exchange("localhost", "TLSv1.2")).isEqualTo("localhost");
    }

    @Test
    void shouldRejectACertificateOfAnotherHost() throws Exception {
        assertThat(refusal(OTHER, CLIENT))
            .contains("the server's certificate is for another host (", "localhost");
    }

    @Test
    void shouldRejectAnUntrustedCertificate() throws Exception {
        assertThat(refusal(LOCALHOST, null)).contains("no authority that the relay trusts has signed",
            "see feed.tls.authorities (", "certification path");
    }

    @Test
    void shouldRejectAnExpiredCertificate() throws Exception {
        assertThat(refusal(EXPIRED, CLIENT))
            .contains("the server's certificate has expired (", "NotAfter");
    }

    @Test
    void shouldLeaveNoSocketBehindAfterFailedHandshakes() throws Exception {
        refusal(LOCALHOST, null);
        final long before = OpenFiles.count();
        for (int i = 0; i < 25; i++) {
            events.loss = null;
            refusal(OTHER, CLIENT);
        }
        await().until(() -> OpenFiles.count() <= before + 5);
    }

    @Test
    void shouldDistinguishAPlainServerFromATlsServer() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer ->
            peer.raw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).awaitEnd())) {
            connect(server, "localhost", CLIENT, 5000);
            final UpstreamLoss loss = events.awaitLoss();
            assertThat(loss.reason()).isEqualTo(LossReason.UNTRUSTED);
            assertThat(loss.detail()).contains("does not speak TLS on this port");
        }
    }

    @Test
    void shouldGiveUpOnAServerThatNeverAnswersTheHandshake() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server, "localhost", CLIENT, 200);
            assertThat(events.awaitLoss().detail()).contains("within 200 ms");
            assertThat(next()).isEqualTo("ended");
        }
    }

    @Test
    void shouldCarryLargeMessagesAndManySmallOnes() throws Exception {
        final byte[] large = new byte[6 << 20];
        Arrays.fill(large, (byte) 'x');
        try (ScriptedServer server = new ScriptedServer(LOCALHOST.getServerSocketFactory(), peer -> {
            peer.accept().frame(0x81, large);
            final ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 50_000; i++) {
                many.writeBytes(ScriptedServer.Peer.frameBytes(0x81, ("n" + i).getBytes(StandardCharsets.UTF_8)));
            }
            peer.raw(many.toByteArray());
            seen.add(peer.read().payload().length);
            peer.close(1001, "moving");
            peer.awaitEnd();
        })) {
            connect(server, "localhost", CLIENT, 5000);
            assertThat(events.next()).isEqualTo("open");
            assertThat(events.next()).hasSize(large.length + 5);
            for (int i = 0; i < 50_000; i++) {
                assertThat(events.next()).isEqualTo("text n" + i);
            }
            feed.run(() -> upstream.sendText(new byte[300_000]));
            assertThat(seen.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(300_000);
            assertThat(events.awaitLoss().detail()).isEqualTo("the server closed with 1001 moving");
        }
    }

    @Test
    void shouldCloseThroughTls() throws Exception {
        try (ScriptedServer server = new ScriptedServer(LOCALHOST.getServerSocketFactory(), peer -> {
            seen.add(peer.accept().read().opcode());
            peer.close(1000, "");
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server, "localhost", CLIENT, 5000);
            assertThat(events.next()).isEqualTo("open");
            feed.run(() -> upstream.close(1000, "relay stops"));
            assertThat(events.awaitLoss().reason()).isEqualTo(LossReason.STOPPED);
            assertThat(next()).isEqualTo(8);
            assertThat(next()).isEqualTo("ended");
        }
    }

    /** Sends messages in both directions; returns the server name of the TLS handshake. */
    private Object exchange(final String host, final String protocol) throws Exception {
        try (ScriptedServer server = new ScriptedServer(LOCALHOST.getServerSocketFactory(), peer -> {
            ((SSLSocket) peer.socket).setEnabledProtocols(new String[] {protocol});
            peer.accept().text("hello");
            final ExtendedSSLSession session = (ExtendedSSLSession) ((SSLSocket) peer.socket).getSession();
            seen.add(session.getProtocol());
            seen.add(session.getRequestedServerNames().isEmpty() ? "no name"
                : new String(session.getRequestedServerNames().get(0).getEncoded(), StandardCharsets.US_ASCII));
            seen.add(peer.read().text());
            peer.awaitEnd();
        })) {
            connect(server, host, CLIENT, 5000);
            assertThat(events.next()).isEqualTo("open");
            assertThat(events.next()).isEqualTo("text hello");
            feed.run(() -> upstream.sendText("back".getBytes(StandardCharsets.UTF_8)));
            assertThat(next()).isEqualTo(protocol);
            final Object name = next();
            assertThat(next()).isEqualTo("back");
            assertThat(server.failures).isEmpty();
            return name;
        }
    }

    private String refusal(final SSLContext serverSide, final SSLContext clientSide) throws Exception {
        try (ScriptedServer server = new ScriptedServer(serverSide.getServerSocketFactory(), peer -> {
            peer.awaitEnd();
            seen.add("ended");
        })) {
            connect(server, "localhost", clientSide, 5000);
            final UpstreamLoss loss = events.awaitLoss();
            assertThat(loss.reason()).as(loss.detail()).isEqualTo(LossReason.UNTRUSTED);
            assertThat(loss.wasOpen()).isFalse();
            assertThat(next()).isEqualTo("ended");
            return loss.detail();
        }
    }

    private void connect(final ScriptedServer server, final String host, final SSLContext tls, final long timeoutMs)
            throws Exception {
        final UpstreamSettings settings =
            new UpstreamSettings(Map.of(), null, false, 16 << 20, 16 << 20, timeoutMs, tls);
        connect("wss://" + host + ":" + server.port() + "/", settings, ProxyRoutes.DIRECT);
    }
}
