package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;
import penstock.testkit.RightsService;
import penstock.venue.Venue;

/**
 * A whole relay with secrets in every place that takes one, its log at the level debug, and hostile tokens by every way
 * in: each gets the same answer, and no secret and no token is in anything that the relay logs, serves or writes.
 */
@Tag("slow")
@Tag("gate")
@Timeout(120)
class ClientSecretsTest {
    private static final String CANARY = "CANARY";
    private static final String INVALID = "{\"type\":\"error\",\"status\":401,\"code\":\"token_invalid\",\"message\":"
        + "\"the token is not valid\",\"retry\":false}";
    private static final List<String> ENDPOINTS =
        List.of("/v1/ws", "/v1/raw?symbols=A", "/v1/sse?symbols=A", "/v1/snapshot", "/v1/symbols");
    private static final int LONGEST_IN_TARGET = 8_000;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level before = root.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<String> shown = new ArrayList<>();
    private final Set<String> planted = new LinkedHashSet<>(List.of(CANARY));
    @TempDir
    private Path folder;
    private RSAKey rsa;
    private OctetSequenceKey secret;
    private RightsService service;
    private RelayConfig config;
    private Relay relay;
    private boolean isClosed;

    @BeforeEach
    void start() throws Exception {
        root.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
        rsa = new RSAKeyGenerator(2_048).keyID("rsa").generate();
        secret = new OctetSequenceKeyGenerator(256).keyID("secret").generate();
        planted.add(secret.getKeyValue().toString());
        Files.writeString(folder.resolve("jwks.json"),
            new JWKSet(List.of(rsa.toPublicJWK(), secret)).toString(false));
        service = new RightsService();
        service.grant("desk-7", "fx");
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "ws://127.0.0.1:1/?key=CANARY", headers { X-Key = CANARY } }
            server { port = 0, io-threads = 2, drain-time = 0, public-metrics = true }
            admin { port = 0, token = CANARY }
            auth {
              mode = jwt
              jwt { jwks = jwks.json, issuer = "https://login.test", audience = penstock }
              rights { url = "%s?key=CANARY", token = CANARY }
            }
            products { fx { symbols = ["*"] } }
            limits.work-per-second = 0
            audit { file = audit.log, one-in = 1, lines-per-second = 0 }
            usage { dir = usage, interval = 100ms }
            telemetry.dir = "%s"
            """.formatted(service.url(), folder.resolve("telemetry")));
        config = new RelayConfigLoader(Map.of()).load(file, List.of());
        relay = new Relay(config, Venue.load("json", config.feed().settings(), name -> null), null);
    }

    @AfterEach
    void stop() {
        root.detachAppender(log);
        root.setLevel(before);
        service.close();
        if (!isClosed) {
            relay.close();
        }
    }

    @Test
    void shouldRefuseHostileTokensAlikeByEveryWayAndShowNoSecretAnywhere() throws Exception {
        final Map<String, String> hostile = hostile();
        hostile.values().forEach(this::plant);
        final String good = token(rsa, JWSAlgorithm.RS256, claims());
        plant(good);
        for (final Map.Entry<String, String> each : hostile.entrySet()) {
            refuseInHeaders(each.getKey(), each.getValue());
            refuseInMessages(each.getKey(), each.getValue());
            refuseInTargets(each.getKey(), each.getValue());
            GoodClient.assertServed(relay.port(), "Authorization: Bearer " + good);
        }
        serveGoodOnes();
        look();

        for (final String text : shown) {
            for (final String each : planted) {
                if (text.contains(each)) {
                    final int at = text.indexOf(each);
                    throw new AssertionError("a secret or token is shown: …"
                        + text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 100)));
                }
            }
        }
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }

    private void refuseInHeaders(final String kind, final String token) throws IOException {
        if (token.isEmpty() || token.indexOf('\n') >= 0) {
            return;
        }
        for (final String endpoint : ENDPOINTS) {
            expect(kind, request("GET", endpoint, "Authorization: Bearer " + token));
        }
        expect(kind, request("POST", "/v1/ticket", "Content-Length: 0\r\nAuthorization: bearer " + token));
        for (final String endpoint : List.of("/v1/ws", "/v1/raw?symbols=A")) {
            expect(kind, request("GET", endpoint, "Sec-WebSocket-Protocol: penstock.v1.json, bearer." + token));
        }
        for (final String elsewhere : List.of("Authorization: Basic " + token, "Cookie: token=" + token,
            "User-Agent: " + token, "X-Api-Key: " + token, "Referer: http://a.test/?token=" + token)) {
            if (token.length() > LONGEST_IN_TARGET) {
                // a head of more than 16 KiB is no request
                continue;
            }
            try (SocketClient client = request("GET", "/v1/snapshot", elsewhere)) {
                assertThat(client.status).as(kind).isEqualTo(401);
                keep(client);
            }
        }
    }

    private void refuseInMessages(final String kind, final String token) throws IOException {
        final String text = token.replace("\n", "\\n");
        try (SocketClient client = new SocketClient(relay.port()).upgrade("/v1/ws")
                .say("{\"op\":\"auth\",\"token\":\"" + text + "\"}")) {
            final String close = client.read();
            assertThat(close).as(kind).isIn("close 4401 token_invalid: the token is not valid",
                "close 4401 auth_required: the first message must be {\"op\":\"auth\",\"token\":\"...\"}",
                "close 4401 auth_required: the first message has at most 4096 bytes: send a longer token in the header "
                    + "Authorization");
            keep(client);
            shown.add(close);
        }
    }

    private void refuseInTargets(final String kind, final String token) throws IOException {
        if (token.length() > LONGEST_IN_TARGET || token.chars().anyMatch(c -> c <= ' ' || c == '+' || c == '"')) {
            return;
        }
        for (final String name : List.of("ticket", "token", "access_token")) {
            for (final String endpoint : ENDPOINTS.subList(0, 4)) {
                final String target = endpoint + (endpoint.indexOf('?') < 0 ? '?' : '&') + name + '=' + token;
                try (SocketClient client = request("GET", target, "X: y")) {
                    assertThat(client.status).as(kind + " in " + name + " of " + endpoint).isEqualTo(401);
                    keep(client);
                }
            }
        }
        try (SocketClient client = request("GET", "/" + token, "X: y")) {
            assertThat(client.status).as(kind).isEqualTo(404);
            keep(client);
        }
    }

    private void serveGoodOnes() throws Exception {
        for (final String token : List.of(token(rsa, JWSAlgorithm.RS256, claims()),
            token(secret, JWSAlgorithm.HS256, claims()))) {
            plant(token);
            for (final String endpoint : ENDPOINTS) {
                try (SocketClient client = request("GET", endpoint, "Authorization: Bearer " + token)) {
                    assertThat(client.status).isIn(101, 200);
                    keep(client);
                }
            }
            try (SocketClient client = request("POST", "/v1/ticket",
                    "Content-Length: 0\r\nAuthorization: Bearer " + token)) {
                final String ticket = client.body.substring(11, 54);
                planted.add(ticket);
                try (SocketClient session = request("GET", "/v1/ws?symbols=A&ticket=" + ticket, "X: y");
                     SocketClient again = request("GET", "/v1/ws?ticket=" + ticket, "X: y")) {
                    assertThat(again.status).isEqualTo(401);
                    session.say("{\"op\":\"auth\",\"id\":1,\"token\":\"" + token + "\"}")
                        .say("{\"op\":\"auth\",\"id\":2,\"token\":\"" + token + "x\"}")
                        .say("{\"op\":\"subscribe\",\"id\":3,\"symbols\":[\"" + token + "\"]}");
                    for (int i = 0; i < 5; i++) {
                        // the last one repeats a symbol of the client to the client
                        shown.add(session.read().replace(token, ""));
                    }
                    keep(session);
                    keep(again);
                }
            }
        }
        await().until(() -> relay.telemetry().sum(Counter.SESSIONS_CLOSED)
            == relay.telemetry().sum(Counter.SESSIONS_OPENED));
    }

    private void look() throws Exception {
        for (final String path : List.of("/", "/metrics", "/healthz", "/readyz", "/v1/snapshot")) {
            try (SocketClient client = new SocketClient(relay.port()).get(path)) {
                keep(client);
            }
            try (SocketClient client = new SocketClient(relay.adminPort()).get(path)) {
                keep(client);
            }
        }
        try (SocketClient client = new SocketClient(relay.adminPort())
                .http("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer CANARY\r\n\r\n")) {
            assertThat(client.body).contains("penstock_tokens_invalid_total");
            keep(client);
        }
        shown.add(config.toHocon());
        shown.add(config.toString());
        relay.telemetry().errors().entries().forEach(entry -> shown.add(entry.text()));
        final List<Path> files = new ArrayList<>();
        addFiles(files);
        isClosed = true;
        relay.close();
        addFiles(files);
        assertThat(files).anyMatch(file -> file.endsWith("audit.log"))
            .anyMatch(file -> file.getParent().endsWith("usage")).anyMatch(file -> file.startsWith(
            folder.resolve("telemetry")));
        log.list.forEach(event -> shown.add(event.getFormattedMessage() + (event.getThrowableProxy() == null ? ""
            : ThrowableProxyUtil.asString(event.getThrowableProxy()))));
        assertThat(shown).anyMatch(text -> text.startsWith("a token is refused: ")).hasSizeGreaterThan(500);
    }

    /** Those that the relay writes. */
    private void addFiles(final List<Path> files) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path file : all.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith("relay.conf") && !file.endsWith("jwks.json")) {
                    files.add(file);
                    shown.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private void expect(final String kind, final SocketClient answered) throws IOException {
        try (SocketClient client = answered) {
            assertThat(client.status).as(kind).isEqualTo(401);
            assertThat(client.body).as(kind).isEqualTo(INVALID);
            keep(client);
        }
    }

    private void keep(final SocketClient client) {
        shown.add(client.head);
        shown.add(client.body);
    }

    private void plant(final String token) {
        for (final String part : token.split("[.\n]")) {
            if (part.length() > 12) {
                planted.add(part.substring(0, Math.min(part.length(), 40)));
            }
        }
    }

    private SocketClient request(final String method, final String target, final String headers) throws IOException {
        final String request = target.startsWith("/v1/ws") || target.startsWith("/v1/raw")
            ? SocketClient.handshake(target) : method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        return new SocketClient(relay.port()).http(request.replace("\r\n\r\n", "\r\n" + headers + "\r\n\r\n"));
    }

    private Map<String, String> hostile() throws Exception {
        final RSAKey stranger = new RSAKeyGenerator(2_048).keyID("rsa").generate();
        final String good = token(rsa, JWSAlgorithm.RS256, claims());
        final String claims = json(claims());
        final Map<String, String> all = new LinkedHashMap<>();
        all.put("alg none", Base64URL.encode("{\"alg\":\"none\"}") + "." + Base64URL.encode(claims) + ".");
        all.put("alg none, signed", signed("{\"alg\":\"none\",\"kid\":\"rsa\"}", claims, new RSASSASigner(rsa),
            JWSAlgorithm.RS256));
        all.put("HS256 with the public key", signed("{\"alg\":\"HS256\",\"kid\":\"rsa\"}", claims,
            new MACSigner(rsa.toRSAPublicKey().getEncoded()), JWSAlgorithm.HS256));
        for (final String more : List.of("\"kid\":\"../../x\"", "\"kid\":\"rsa' OR '1'='1\"",
            "\"kid\":\"rsa\",\"jku\":\"https://evil.test/k\"", "\"kid\":\"rsa\",\"x5u\":\"https://evil.test/k\"",
            "\"kid\":\"rsa\",\"jwk\":" + stranger.toPublicJWK().toJSONString(),
            "\"kid\":\"rsa\",\"crit\":[\"exp\"]", "\"kid\":\"rsa\",\"typ\":\"other\"")) {
            all.put(more, signed("{\"alg\":\"RS256\"," + more + "}", claims, new RSASSASigner(rsa),
                JWSAlgorithm.RS256));
        }
        all.put("another key", token(stranger, JWSAlgorithm.RS256, claims()));
        all.put("another algorithm", token(rsa, JWSAlgorithm.PS256, claims()));
        final long now = Instant.now().getEpochSecond();
        for (final Map.Entry<String, Object> wrong : Map.<String, Object>of("aud", "other", "iss", "https://evil.test",
            "nbf", now + 3_600, "exp", "soon", "sub", "a\nb").entrySet()) {
            final Map<String, Object> changed = claims();
            changed.put(wrong.getKey(), wrong.getValue());
            all.put("wrong " + wrong.getKey(), token(rsa, JWSAlgorithm.RS256, changed));
        }
        all.put("three dots", good + ".a");
        all.put("one dot", good.substring(0, good.lastIndexOf('.')));
        all.put("bad base64", "!" + good.substring(1));
        all.put("a line break", good + "\n");
        all.put("no JSON", Base64URL.encode("{\"alg\":\"RS256\"") + ".e30.CANARYCANARYCANARY");
        all.put("deep", Base64URL.encode("{\"alg\":" + "[".repeat(4_000)) + ".e30.CANARYCANARYCANARY");
        all.put("words", "CANARYCANARYCANARY");
        all.put("9 KiB", good + "C".repeat(9_000));
        all.put("100 KiB", good + "C".repeat(100_000));
        assertThat(all).hasSizeGreaterThan(21);
        return all;
    }

    private static Map<String, Object> claims() {
        final long now = Instant.now().getEpochSecond();
        return new LinkedHashMap<>(Map.of("iss", "https://login.test", "aud", "penstock", "sub", "desk-7", "nbf",
            now - 60, "exp", now + 3_600, "products", List.of("fx"), "note", CANARY));
    }

    private static String token(final JWK key, final JWSAlgorithm algorithm,
            final Map<String, Object> claims) throws Exception {
        return signed("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + key.getKeyID() + "\"}", json(claims),
            key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new MACSigner(key.toOctetSequenceKey()), algorithm);
    }

    private static String json(final Map<String, Object> claims) {
        return JSONObjectUtils.toJSONString(claims);
    }

    private static String signed(final String header, final String payload, final JWSSigner signer,
            final JWSAlgorithm algorithm) throws Exception {
        final String text = Base64URL.encode(header) + "." + Base64URL.encode(payload);
        return text + "." + signer.sign(new JWSHeader(algorithm), text.getBytes(StandardCharsets.US_ASCII));
    }
}
