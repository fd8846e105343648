package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.testkit.FrameSocket;
import penstock.testkit.Patience;

/** Clients with signed tokens, while keys and claims of the configuration change. */
@Timeout(Patience.TEST_SECONDS)
class ReloadTokensTest {
    @TempDir
    private Path folder;
    private final FeedServer venue = FeedServer.start(0, new FeedScript() { });
    private final ECKey first = key("first");
    private final ECKey second = key("second");

    @BeforeEach
    void writeKeys() throws IOException {
        ReloadedRelay.put(folder, "first.json", document(first));
        ReloadedRelay.put(folder, "second.json", document(second));
    }

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    private String config(final String jwks, final String audience, final String symbols) {
        return "feed { venue = json, url = \"" + venue.url("/") + "\" }\nproducts.fx.symbols = [\"" + symbols + "\"]\n"
            + "auth { mode = jwt, jwt { jwks = \"" + jwks + "\", issuer = login, audience = " + audience + " } }\n";
    }

    @Test
    void shouldKeepTheSessionsOfTokensWhoseKeysStay() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, config("first.json", "old", "*"));
                ReloadedRelay.Client client = running.open("?symbols=*", token(first, "old"))) {
            client.readUntil("\"ack\"");
            running.follow(config("first.json", "new", "*"));
            assertThat(client.readAll()).as("the session goes on").contains("pong");
            assertThat(head(running, token(first, "old"))).startsWith("HTTP/1.1 401 ");
            assertThat(head(running, token(first, "new"))).startsWith("HTTP/1.1 101 ");
            assertThat(running.reload(config("nowhere.json", "new", "*")).problem()).contains("nowhere.json");
            assertThat(head(running, token(first, "new"))).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void shouldEndTheSessionsOfKeysThatAreNotAmongTheNewOnes() throws Exception {
        try (ReloadedRelay running = new ReloadedRelay(folder, config("first.json", "a", "*"));
                ReloadedRelay.Client client = running.open("?symbols=*", token(first, "a"))) {
            client.readUntil("\"ack\"");
            running.follow(config("second.json", "a", "*"));
            assertThat(client.readUntil("close")).startsWith("close 4401");
            assertThat(head(running, token(first, "a"))).startsWith("HTTP/1.1 401 ");
            assertThat(head(running, token(second, "a"))).startsWith("HTTP/1.1 101 ");
        }
    }

    @Test
    void shouldWaitForTheKeysOfAnotherAddress() throws Exception {
        final HttpServer provider = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        final byte[] keys = document(first).getBytes(StandardCharsets.UTF_8);
        provider.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        provider.start();
        try (ReloadedRelay running = new ReloadedRelay(folder, config("first.json", "a", "*"));
                ReloadedRelay.Client client = running.open("?symbols=*", token(first, "a"))) {
            client.readUntil("\"ack\"");
            running.follow(config("http://127.0.0.1:" + provider.getAddress().getPort() + "/keys", "a", "*"));
            assertThat(head(running, token(first, "a"))).startsWith("HTTP/1.1 101 ");
            assertThat(client.readAll()).as("its key is there, too").contains("pong");
        } finally {
            provider.stop(0);
        }
    }

    private static ECKey key(final String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (final JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static String document(final ECKey key) {
        return new JWKSet(List.of(key)).toString(true);
    }

    private static String token(final ECKey key, final String audience) throws JOSEException {
        final SignedJWT token = new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder().issuer("login").audience(audience).subject("desk-7")
                .claim("products", List.of("fx")).notBeforeTime(new Date(System.currentTimeMillis() - 60_000))
                .expirationTime(new Date(System.currentTimeMillis() + 600_000)).build());
        token.sign(new ECDSASigner(key));
        return "Authorization: Bearer " + token.serialize();
    }

    /** How a handshake is answered. */
    private static String head(final ReloadedRelay running, final String header) throws IOException {
        try (FrameSocket socket = new FrameSocket(running.relay.port(), 0)) {
            socket.write(FrameSocket.ascii(FrameSocket.handshake("/v1/ws", "dGhlIHNhbXBsZSBub25jZQ==")
                .replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n")));
            return socket.readHead();
        }
    }
}
