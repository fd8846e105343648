package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.ConnectProxy;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;

/** A network whose only way out is an HTTP proxy. The venue's name is known to the proxy alone. */
@Timeout(Patience.TEST_SECONDS)
class ProxyTunnelTest extends UpstreamRig {
    private static final String BASIC = "Basic bWU6czNjcmV0";

    private final BlockingQueue<SnapshotFetch.Fetched> fetched = new LinkedBlockingQueue<>();

    @Test
    void shouldConnectThroughTheProxy() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(ProxyTunnelTest::greet);
                ConnectProxy proxy = new ConnectProxy(venue.port())) {
            connect("ws://venue.test/feed", "http://127.0.0.1:" + proxy.port(), null, 5_000);
            assertThat(List.of(events.next(), events.next())).containsExactly("open", "text hello");
            assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT venue.test:80 HTTP/1.1\r\n"
                + "Host: venue.test:80\r\nUser-Agent: penstock/").doesNotContain("Authorization");
            assertThat(venue.failures).isEmpty();
        }
    }

    @Test
    void shouldCarryTlsThroughTheProxyAndCheckTheNameOfTheVenue() throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        final SSLContext server = authority.context(authority.issue("test", "venue.test"));
        final SSLContext client = authority.context(null);
        try (ScriptedServer venue = new ScriptedServer(server.getServerSocketFactory(), ProxyTunnelTest::greet);
                ConnectProxy proxy = new ConnectProxy(venue.port())) {
            final String address = "http://me:s3cret@127.0.0.1:" + proxy.port();
            connect("wss://venue.test/feed", address, client, 5_000);
            assertThat(List.of(events.next(), events.next())).containsExactly("open", "text hello");
            assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT venue.test:443 ")
                .contains("\r\nProxy-Authorization: " + BASIC + "\r\n");

            fetch("https://venue.test/depth", address, client);
            final SnapshotFetch.Fetched snapshot = fetched.poll(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(snapshot.problem()).isNull();
            assertThat(new String(snapshot.body(), StandardCharsets.UTF_8)).isEqualTo("{}");
            assertThat(proxy.requests).last().asString().startsWith("CONNECT venue.test:443 ").contains(BASIC);
            assertThat(venue.failures).isEmpty();

            connect("wss://other.test/feed", address, client, 5_000);
            assertThat(events.awaitLoss().reason()).isEqualTo(LossReason.UNTRUSTED);
        }
    }

    @Test
    void shouldExplainTheRefusalsOfAProxy() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(1)) {
            final String shown = "the proxy http://127.0.0.1:" + proxy.port();
            final String asked = shown + " answered CONNECT venue.test:80 with ";
            assertThat(refusal(proxy, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", 407)).isEqualTo(asked
                + "407 Proxy Authentication Required; it requires a user and a password: "
                + "feed.proxy = \"http://user:password@host:port\"");
            assertThat(refusal(proxy, "HTTP/1.1 403 Forbidden\r\nServer: squid\r\n\r\n", 403)).isEqualTo(asked
                + "403 Forbidden; ask its operator to allow this target, or exclude its host with NO_PROXY");
            assertThat(refusal(proxy, "HTTP/1.1 504 Gateway Timeout\r\n\r\n", 504))
                .isEqualTo(asked + "504 Gateway Timeout; it cannot reach the target");
            assertThat(refusal(proxy, "HTTP/1.1 404 Not Found\r\n\r\n", 404))
                .endsWith("; check that feed.proxy or HTTPS_PROXY names an HTTP proxy");
            assertThat(refusal(proxy, "220 smtp ready\r\n\r\n", 0)).contains(shown, "check that feed.proxy");
            assertThat(refusal(proxy, "x".repeat(20_000), 0)).contains(shown, "larger than 16384 bytes");
        }
    }

    @Test
    void shouldNeverShowThePasswordThatAProxyRejects() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(1).refuse("HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")) {
            final String address = "http://me:s3cret@127.0.0.1:" + proxy.port();
            connect("wss://venue.test/", address, SSLContext.getDefault(), 5_000);
            assertThat(events.awaitLoss().detail())
                .startsWith("the proxy http://***@127.0.0.1:" + proxy.port())
                .contains("answered CONNECT venue.test:443 with 407")
                .contains("check the user and the password").doesNotContain("s3cret", "bWU6");
            fetch("https://venue.test/depth", address, null);
            assertThat(fetched.poll(Patience.SECONDS, TimeUnit.SECONDS).problem())
                .startsWith("the proxy http://***@127.0.0.1:" + proxy.port()).doesNotContain("s3cret", "bWU6");
        }
    }

    @Test
    void shouldNameTheProxyThatDoesNotAnswer() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(1).refuse("")) {
            connect("ws://venue.test/", "http://127.0.0.1:" + proxy.port(), null, 1_000);
            assertThat(events.awaitLoss().detail()).isEqualTo("no answer from ws://venue.test/ within 1000 ms "
                + "(the proxy http://127.0.0.1:" + proxy.port() + " has not answered CONNECT)");
        }
        final int unused = unusedPort();
        connect("ws://venue.test/", "http://127.0.0.1:" + unused, null, 5_000);
        assertThat(events.awaitLoss().detail()).startsWith("cannot connect to the proxy /127.0.0.1:" + unused);
        connect("ws://venue.test/", "http://proxy.invalid:3128", null, 5_000);
        assertThat(events.awaitLoss().detail()).isEqualTo("cannot resolve the proxy proxy.invalid");
    }

    @Test
    void shouldReportAProxyThatClosesInsteadOfAnswering() throws Exception {
        try (ScriptedServer closing = new ScriptedServer(peer -> peer.request())) {
            connect("ws://venue.test/", "http://127.0.0.1:" + closing.port(), null, 5_000);
            final UpstreamLoss loss = events.awaitLoss();
            assertThat(loss.reason()).isEqualTo(LossReason.UNREACHABLE);
            assertThat(loss.detail()).contains("the proxy http://127.0.0.1:" + closing.port(), "CONNECT venue.test:80");
        }
    }

    private static void greet(final ScriptedServer.Peer peer) throws Exception {
        if (peer.request().startsWith("GET /depth")) {
            assertThat(peer.request()).contains("User-Agent: penstock-test").doesNotContain("Proxy-Authorization");
            peer.answer("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}");
        } else {
            peer.accept().text("hello");
        }
        peer.awaitEnd();
    }

    private String refusal(final ConnectProxy proxy, final String head, final int status) throws Exception {
        proxy.refuse(head);
        connect("ws://venue.test/", "http://127.0.0.1:" + proxy.port(), null, 5_000);
        final UpstreamLoss loss = events.awaitLoss();
        assertThat(loss.reason()).isEqualTo(LossReason.UNREACHABLE);
        assertThat(loss.status()).isEqualTo(status);
        return loss.detail();
    }

    private void connect(final String url, final String proxy, final SSLContext tls, final long timeoutMs)
            throws Exception {
        if (upstream != null) {
            feed.run(upstream::abort);
        }
        events.loss = null;
        events.events.clear();
        final UpstreamSettings settings =
            new UpstreamSettings(Map.of(), null, false, 1 << 20, 1 << 20, timeoutMs, tls);
        final ProxyRoutes routes = ProxyRoutes.of(proxy, name -> null);
        connect(url, settings, routes);
    }

    private void fetch(final String address, final String proxy, final SSLContext tls) {
        new HttpSnapshotFetch(tls, "penstock-test", ProxyRoutes.of(proxy, name -> null))
            .fetch(SnapshotFetch.Request.get(URI.create(address), 5_000, 1_000), fetched::add);
    }

    private static int unusedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
