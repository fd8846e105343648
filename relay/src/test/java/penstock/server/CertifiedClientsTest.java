package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
import penstock.identity.AccessControl;
import penstock.identity.Products;
import penstock.identity.key.ClientKey;
import penstock.identity.key.KeyFile;
import penstock.server.tls.ServerTls;
import penstock.telemetry.ErrorLog;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;

/** Clients whose certificates a line of the keys file names; some of them have keys too. */
@Timeout(Patience.TEST_SECONDS)
class CertifiedClientsTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final SSLContext DESK_7 = AUTHORITY.context(AUTHORITY.issue("Desk 7"));
    private static final SSLContext PROXY = AUTHORITY.context(AUTHORITY.issue("proxy"));
    private static final SSLContext NONE = AUTHORITY.context(null);
    private static final String KEY_7 = ClientKey.random();
    private static final String KEY_8 = ClientKey.random();

    @TempDir
    private Path folder;
    private KeyFile keys;
    private ServedFeed served;

    @BeforeEach
    void serve() throws IOException {
        AUTHORITY.issue("relay", "localhost").write(folder.resolve("own.pem"), folder.resolve("own.key"));
        AUTHORITY.write(folder.resolve("authorities.pem"));
        write(line("desk-7", "certificate = \"Desk 7\", hash = \"sha256:" + ClientKey.hash(KEY_7) + "\", products = [fx]"),
            line("desk-8", "hash = \"sha256:" + ClientKey.hash(KEY_8) + "\", products = [metals]"));
        final Products products = new Products(Map.of("fx", new AuthConfig.Product(List.of(), List.of("EUR*")),
            "metals", new AuthConfig.Product(List.of(), List.of("XAU*"))));
        keys = new KeyFile(folder.resolve("keys.conf"), products, 2, new ErrorLog());
        final AccessControl access = new AccessControl("keys", keys, products, Clock.systemUTC());
        served = new ServedFeed(new ServerTls("server.tls", new ServerConfig.Tls(folder.resolve("own.pem").toString(),
            folder.resolve("own.key").toString(), folder.resolve("authorities.pem").toString(),
            ClientCertificates.OPTIONAL)), access);
        keys.onChanged(current -> {
            access.onChanged(current);
            served.credentialsChanged();
        });
        keys.start();
        served.live();
        served.tick("EURUSD", "1.1");
        served.tick("XAUUSD", "2000");
    }

    @AfterEach
    void close() {
        keys.close();
        served.close();
    }

    @Test
    void shouldServeEachEndpointToTheClientOfACertificate() throws IOException {
        try (SocketClient client = request(DESK_7, "/v1/ws?symbols=*", "");
             SocketClient raw = request(DESK_7, "/v1/raw?symbols=EURUSD", "");
             SocketClient snapshot = request(DESK_7, "/v1/snapshot", "");
             SocketClient symbols = request(DESK_7, "/v1/symbols", "")) {
            assertThat(client.readUntil("snapshot")).contains("EURUSD").doesNotContain("XAUUSD");
            assertThat(raw.read()).isEqualTo("<1.1>");
            assertThat(snapshot.body).contains("EURUSD").doesNotContain("XAUUSD");
            assertThat(symbols.body).contains("EURUSD").doesNotContain("XAUUSD");
            try (SocketClient third = request(DESK_7, "/v1/ws", "")) {
                assertThat(third.status).as("its sessions are limited").isEqualTo(429);
            }
        }
        try (SocketClient stream = request(DESK_7, "/v1/sse?symbols=*", "")) {
            assertThat(stream.readLineWith("data: {\"type\":\"snapshot\"")).contains("EURUSD")
                .doesNotContain("XAUUSD");
        }
    }

    @Test
    void shouldRefuseATokenOfAnotherClientThanTheCertificate() throws IOException {
        for (final String target : List.of("/v1/ws", "/v1/raw?symbols=EURUSD", "/v1/sse?symbols=EURUSD",
            "/v1/snapshot", "/v1/symbols")) {
            try (SocketClient other = request(DESK_7, target, bearer(KEY_8));
                 SocketClient wrong = request(DESK_7, target, bearer(ClientKey.random()));
                 SocketClient same = request(DESK_7, target, bearer(KEY_7))) {
                assertThat(other.status).as(target).isEqualTo(401);
                assertThat(other.body).contains("\"token_invalid\"").isEqualTo(wrong.body);
                assertThat(same.status).as(target).isIn(101, 200);
            }
        }
        try (SocketClient session = request(DESK_7, "/v1/ws", "")) {
            assertThat(session.read()).contains("welcome");
            assertThat(session.say("{\"op\":\"auth\",\"token\":\"" + KEY_8 + "\"}").read()).contains("not_entitled");
            assertThat(session.say("{\"op\":\"auth\",\"token\":\"" + KEY_7 + "\"}").read()).contains("ack");
        }
    }

    @Test
    void shouldRefuseATokenThatIsFarTooLongLikeEveryWrongOne() throws IOException {
        try (SocketClient client = request(NONE, "/v1/snapshot", bearer("x".repeat(100_000)));
             SocketClient page = request(NONE, "/v1/ws",
                "\r\nSec-WebSocket-Protocol: penstock.v1.json, bearer." + "x".repeat(100_000))) {
            assertThat(client.status).isEqualTo(401);
            assertThat(client.body).contains("\"token_invalid\"").isEqualTo(page.body);
        }
    }

    @Test
    void shouldIssueATicketForACertificateAndRefuseThatOfAnotherClient() throws IOException {
        try (SocketClient mine = request(DESK_7, "/v1/ws?ticket=" + ticket(DESK_7, ""), "");
             SocketClient elsewhere = request(NONE, "/v1/ws?ticket=" + ticket(DESK_7, ""), "");
             SocketClient other = request(DESK_7, "/v1/ws?ticket=" + ticket(NONE, bearer(KEY_8)), "")) {
            assertThat(mine.status).isEqualTo(101);
            assertThat(elsewhere.status).as("a ticket is for whom it is passed on to").isEqualTo(101);
            assertThat(other.status).isEqualTo(401);
        }
    }

    @Test
    void shouldServeNoClientForACertificateThatNoLineNames() throws IOException {
        for (final SSLContext context : List.of(PROXY, NONE)) {
            try (SocketClient nothing = request(context, "/v1/snapshot", "");
                 SocketClient token = request(context, "/v1/snapshot", bearer(KEY_8))) {
                assertThat(nothing.status).isEqualTo(401);
                assertThat(nothing.body).contains("auth_required");
                assertThat(token.body).contains("XAUUSD").doesNotContain("EURUSD");
            }
        }
    }

    @Test
    void shouldEndTheSessionsOfACertificateWhoseLineIsRemoved() throws IOException {
        try (SocketClient session = request(DESK_7, "/v1/ws", "")) {
            assertThat(session.read()).contains("welcome");
            write(line("desk-7", "hash = \"sha256:" + ClientKey.hash(KEY_7) + "\", products = [fx]"));
            assertThat(session.readUntil("close 4401")).isNotNull();
        }
        await().until(() -> served.sessions() == 0);
    }

    private void write(final String... lines) throws IOException {
        final Path next = Files.writeString(folder.resolve("next"), "keys = [\n" + String.join("\n", lines) + "\n]\n");
        Files.move(next, folder.resolve("keys.conf"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String line(final String id, final String rest) {
        return "{ id = " + id + ", " + rest + " }";
    }

    private static String bearer(final String key) {
        return "\r\nAuthorization: Bearer " + key;
    }

    private String ticket(final SSLContext context, final String headers) throws IOException {
        try (SocketClient client = connect(context)
                .http("POST /v1/ticket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0" + headers + "\r\n\r\n")) {
            assertThat(client.status).isEqualTo(200);
            return client.body.substring(11, 54);
        }
    }

    private SocketClient request(final SSLContext context, final String target, final String headers)
            throws IOException {
        final String request = target.startsWith("/v1/ws") || target.startsWith("/v1/raw")
            ? SocketClient.handshake(target) : "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        final SocketClient client = connect(context);
        client.send(request.replace("\r\n\r\n", headers + "\r\n\r\n").getBytes());
        return client.readHttp();
    }

    private SocketClient connect(final SSLContext context) throws IOException {
        return new SocketClient(served.port(), 0, context.getSocketFactory().createSocket());
    }
}
