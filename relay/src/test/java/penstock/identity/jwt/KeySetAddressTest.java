package penstock.identity.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static penstock.identity.jwt.TokenRig.EC;
import static penstock.identity.jwt.TokenRig.RSA;
import static penstock.identity.jwt.TokenRig.claims;
import static penstock.identity.jwt.TokenRig.document;
import static penstock.identity.jwt.TokenRig.header;
import static penstock.identity.jwt.TokenRig.json;
import static penstock.identity.jwt.TokenRig.signer;
import static penstock.identity.jwt.TokenRig.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;
import penstock.testkit.LoopbackServer;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;
import penstock.text.Address;

/** Keys from a real HTTP server that answers, changes, stalls and fails; the time is turned by hand. */
@Timeout(Patience.TEST_SECONDS)
class KeySetAddressTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final AuthConfig.Refresh TIMES = new AuthConfig.Refresh(600_000, 30_000, 3_600_000);

    /** What the server sends to a client. */
    private interface Answer {
        void send(OutputStream out) throws IOException;
    }

    private final AtomicLong nowNs = new AtomicLong(-5 * SECOND_NS);
    private final AtomicInteger requests = new AtomicInteger();
    private final RecordedLog log = new RecordedLog(KeySetAddress.class.getName());
    private volatile Answer answer = ok(RSA);
    private LoopbackServer server;
    private KeySetAddress source;
    private JwtAuthenticator authenticator;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer(ServerSocketFactory.getDefault(), this::serve);
        source = source(server.port(), 2_000);
        authenticator = new JwtAuthenticator(source, TokenRig.claimRules());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        server.close();
        log.close();
    }

    @Test
    void shouldRefuseTokensUntilTheFirstFetchAndAcceptThemThen() {
        assertThat(accepts(RSA)).isFalse();
        source.poll();
        assertThat(accepts(RSA)).isTrue();
        source.poll();
        assertThat(requests).hasValue(1);
    }

    @Test
    void shouldFetchAgainWhenItIsTime() {
        source.poll();
        answer = ok(EC);
        advance(599);
        assertThat(accepts(RSA)).isTrue();
        advance(1);
        assertThat(accepts(RSA)).isFalse();
        assertThat(accepts(EC)).isTrue();
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldFetchSoonerForAnUnknownKey() {
        source.poll();
        answer = ok(RSA, EC);
        advance(30);
        assertThat(accepts(EC)).isFalse();
        source.poll();
        assertThat(accepts(EC)).isTrue();
        assertThat(accepts(RSA)).isTrue();
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldNotLetMadeUpKeysCauseAFlood() {
        source.poll();
        for (int second = 0; second < 300; second++) {
            for (int i = 0; i < 10; i++) {
                final String token = token(header("RS256", "made-up-" + second + "-" + i), json(claims()), signer(EC),
                    JWSAlgorithm.ES256);
                assertThat(catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(token)))
                    .isNotNull();
            }
            advance(1);
        }
        assertThat(requests).as("one every 30 s").hasValue(1 + 300 / 30);
    }

    @Test
    void shouldKeepTheLastKeysDuringAnOutageAndRefuseAllWhenItLasts() {
        source.poll();
        answer = out -> out.write("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        advance(600);
        assertThat(accepts(RSA)).isTrue();
        for (int i = 0; i < 100; i++) {
            advance(30);
        }
        assertThat(accepts(RSA)).as("one hour after the last success").isTrue();
        assertThat(errors()).singleElement().asString().endsWith("answers with status 503 instead of 200; the keys "
            + "that were fetched before remain for now");
        advance(30);
        assertThat(accepts(RSA)).isFalse();
        assertThat(errors()).hasSize(2).last().asString().endsWith("so every token is refused");
        answer = ok(RSA);
        advance(30);
        assertThat(accepts(RSA)).isTrue();
        assertThat(log.lines()).last().asString().endsWith("answers again");
        assertThat(requests).as("every 30 s while it fails").hasValue(1 + 1 + 100 + 1 + 1);
    }

    @Test
    void shouldKeepTheLastKeysWhateverTheServerSendsInstead() {
        source.poll();
        final List<Answer> wrong = List.of(
            text("200 OK", "<html>login</html>"),
            text("200 OK", "{\"keys\":[]}"),
            text("200 OK", "{\"keys\":[{\"kty\":\"RSA\"}]}"),
            text("404 Not Found", new String(document(EC), StandardCharsets.UTF_8)),
            text("302 Found\r\nLocation: http://127.0.0.1:" + server.port() + "/other", ""),
            text("200 OK", "{\"keys\":[]}" + " ".repeat(KeySet.MAX_BYTES)),
            out -> out.write("SSH-2.0-OpenSSH\r\n".getBytes(StandardCharsets.US_ASCII)),
            out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".getBytes(StandardCharsets.US_ASCII)),
            out -> { });
        for (final Answer each : wrong) {
            answer = each;
            final int before = requests.get();
            advance(600);
            assertThat(requests).as("it does not follow redirects").hasValueLessThanOrEqualTo(before + 2);
            assertThat(source.keys().find("rsa")).isNotNull();
            assertThat(source.keys().find("ec")).isNull();
            answer = ok(RSA);
            advance(600);
        }
        assertThat(errors()).hasSize(wrong.size());
    }

    @Test
    void shouldEndAFetchThatNeverEnds() throws Exception {
        final KeySetFetch fetch = new KeySetFetch(URI.create("http://127.0.0.1:" + server.port() + "/keys"), 300);
        answer = out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(' ');
                out.flush();
            }
        };
        assertThat(catchThrowableOfType(UnusableKeyException.class, fetch::fetch).getMessage())
            .isIn("cannot be fetched: java.io.IOException: more than 262144 bytes",
                "did not answer in full within 300 ms");
        final Object never = new Object();
        answer = out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            synchronized (never) {
                try {
                    never.wait();
                } catch (final InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        assertThat(catchThrowableOfType(UnusableKeyException.class, fetch::fetch))
            .hasMessage("did not answer in full within 300 ms");
    }

    @Test
    void shouldSayThatNothingListens() throws Exception {
        server.close();
        source.poll();
        assertThat(errors()).singleElement().asString().contains("cannot be fetched: java.net.ConnectException",
            "there are no keys yet, so every token is refused");
        assertThat(accepts(RSA)).isFalse();
    }

    @Test
    void shouldNotShowTheQueryOfTheAddress() {
        answer = text("500 No", "");
        source.poll();
        answer = ok(RSA);
        advance(600);

        assertThat(log.lines()).hasSizeGreaterThan(1).noneMatch(line -> line.contains("HIDDEN"))
            .anyMatch(line -> line.contains("/keys?key=***"));
    }

    @Test
    void shouldFetchByItself() {
        source.start();
        await("the first keys").pollInterval(Duration.ofMillis(10))
            .until(() -> accepts(RSA));
        answer = ok(EC);
        nowNs.addAndGet(30 * SECOND_NS);
        await("the new key").pollInterval(Duration.ofMillis(10))
            .until(() -> accepts(EC));
    }

    private KeySetAddress source(final int port, final long withinMs) {
        final String address = "http://127.0.0.1:" + port + "/keys?key=HIDDEN";
        return new KeySetAddress(new Address(address), new KeySetFetch(URI.create(address), withinMs)::fetch,
            new KeyRules(JWSAlgorithm.RS256, false), TIMES, nowNs::get, new ErrorLog());
    }

    private void advance(final long seconds) {
        nowNs.addAndGet(seconds * SECOND_NS);
        source.poll();
    }

    private boolean accepts(final JWK key) {
        return catchThrowableOfType(TokenException.class, () -> authenticator.authenticate(
            token(key, key == RSA ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256, claims()))) == null;
    }

    private List<String> errors() {
        return log.lines().stream().filter(line -> line.startsWith("ERROR ")).toList();
    }

    private static Answer ok(final JWK... keys) {
        return text("200 OK", new String(document(keys), StandardCharsets.UTF_8));
    }

    private static Answer text(final String status, final String body) {
        return out -> out.write(("HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + body.length()
            + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
    }

    private void serve(final Socket client) {
        try (client) {
            final StringBuilder head = new StringBuilder();
            for (int next = client.getInputStream().read(); next >= 0; next = client.getInputStream().read()) {
                head.append((char) next);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    requests.incrementAndGet();
                    answer.send(client.getOutputStream());
                    return;
                }
            }
        } catch (final IOException gone) {
            // the client had enough
        }
    }
}
