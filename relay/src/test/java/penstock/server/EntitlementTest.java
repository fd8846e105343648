package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.testkit.GoodClient;
import penstock.testkit.Seeds;

/** Clients that may see different topics, over every endpoint. */
class EntitlementTest {
    private static final int CLIENTS = 20;
    private static final int SYMBOLS = 40;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldShareAnswersOnlyAmongClientsThatMaySeeTheSame() throws IOException {
        final TestClients clients = new TestClients(Map.of("fx", product("EUR*"), "metals", product("XAU*")))
            .with("fx", 0, Principal.NEVER, "fx").with("metals", 0, Principal.NEVER, "metals")
            .with("both", 0, Principal.NEVER, "fx", "metals").with("none", 0, Principal.NEVER);
        try (ServedFeed served = ServedFeed.withAccess(clients.access)) {
            served.live();
            served.tick("EURUSD", "1");
            served.tick("XAUUSD", "2");
            for (int i = 0; i < 8; i++) {
                assertThat(get(served, "both", "/v1/symbols").body).contains("[\"EURUSD\",\"XAUUSD\"]");
                assertThat(get(served, "fx", "/v1/symbols").body).contains("[\"EURUSD\"]");
                assertThat(get(served, "metals", "/v1/symbols?match=*,EURUSD").body).contains("[\"XAUUSD\"]");
                assertThat(get(served, "none", "/v1/symbols").body).contains("[]");
                assertThat(get(served, "metals", "/v1/snapshot").body).contains("XAUUSD").doesNotContain("EURUSD");
                assertThat(get(served, "fx", "/v1/snapshot?symbols=EURUSD,XAUUSD").body).contains("EURUSD")
                    .doesNotContain("XAUUSD");
            }
            final String tag = get(served, "metals", "/v1/symbols").header("ETag");
            assertThat(get(served, "metals", "/v1/symbols", "If-None-Match: " + tag).status).isEqualTo(304);
            assertThat(get(served, "fx", "/v1/symbols", "If-None-Match: " + tag).status).isEqualTo(200);
        }
    }

    /** The rights change after the client was identified, and before it is answered. */
    @Test
    void shouldAnswerByTheRightsAtTheEnd() throws IOException {
        final Products products = new Products(Map.of("fx", product("EUR*"), "metals", product("XAU*")));
        final AtomicReference<Principal> now = new AtomicReference<>();
        final AccessControl access = new AccessControl("keys", token -> {
            now.set(token.equals("removed") ? null : principal("fx"));
            return principal("fx", "metals");
        }, products, Clock.systemUTC());
        access.onChanged(held -> now.get());
        try (ServedFeed served = ServedFeed.withAccess(access)) {
            served.live();
            IntStream.range(0, 1_000).forEach(i -> served.tick((i % 2 == 0 ? "EUR" : "XAU") + i, "1"));
            for (final String header : new String[] {"Accept: */*", "Accept-Encoding: gzip"}) {
                for (int i = 0; i < 4; i++) {
                    try (SocketClient client = served.connect().http("GET /v1/symbols HTTP/1.1\r\nHost: localhost\r\n"
                            + "Authorization: Bearer fx\r\n" + header + "\r\n\r\n")) {
                        assertThat(client.status).isEqualTo(200);
                        assertThat(header.contains("gzip") || client.body.contains("\"EUR998\"")).isTrue();
                        assertThat(client.body).doesNotContain("XAU");
                    }
                }
            }
            try (SocketClient client = served.connect().http("GET /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n"
                    + "Authorization: Bearer removed\r\n\r\n")) {
                assertThat(client.status).isEqualTo(401);
            }
        }
    }

    private static Principal principal(final String... products) {
        return new Principal("c", Set.of(products), 0, Principal.NEVER, "test");
    }

    @Test
    void shouldSendNothingOfForbiddenTopicsByAnyEndpoint() throws IOException {
        for (final long seed : seeds.rounds(1)) {
            final Random random = Seeds.random(seed);
            final Map<String, AuthConfig.Product> products = new HashMap<>();
            final Map<String, String> prefixes = new HashMap<>();
            for (int i = 0; i < CLIENTS; i++) {
                prefixes.put("client-" + i, "S" + random.nextInt(4));
                products.put("client-" + i, product(prefixes.get("client-" + i) + "*"));
            }
            final TestClients clients = new TestClients(products);
            products.keySet().forEach(id -> clients.with(id, 0, Principal.NEVER, id));
            try (ServedFeed served = ServedFeed.withAccess(clients.access)) {
                served.live();
                IntStream.range(0, SYMBOLS / 2).forEach(i -> tick(served, random));
                for (final String id : products.keySet()) {
                    check(served, id, prefixes.get(id), random);
                    GoodClient.assertServed(served.port(), TestClients.bearer(id));
                }
            }
        }
    }

    /** A symbol that the client may not see begins with another prefix; the client names none of them exactly. */
    private static void check(final ServedFeed served, final String id, final String prefix, final Random random)
            throws IOException {
        final String asked = random.nextBoolean() ? "*" : "*" + random.nextInt(10);
        final String forbidden = "(?s).*\"S(?!" + prefix.substring(1) + ")[0-9]+\".*";
        assertThat(get(served, id, "/v1/snapshot?symbols=" + asked).body).doesNotMatch(forbidden);
        assertThat(get(served, id, "/v1/symbols?match=" + asked).body).doesNotMatch(forbidden);
        final String ws = SocketClient.handshake("/v1/ws?interval=0&symbols=" + asked + "," + prefix + "99");
        final String raw = SocketClient.handshake("/v1/raw?interval=0&symbols=" + asked + "," + prefix + "99");
        try (SocketClient framed = served.connect().http(withToken(ws, id));
             SocketClient plain = served.connect().http(withToken(raw, id));
             EventClient stream = new EventClient(served.port(), "/v1/sse?interval=0&symbols=" + asked + "," + prefix
                 + "99", 0, TestClients.bearer(id))) {
            final String welcomeAndAck = framed.read() + framed.read() + stream.readUntil("ack").data();
            assertThat(welcomeAndAck).doesNotMatch(forbidden);
            IntStream.range(0, 10).forEach(i -> tick(served, random));
            served.tick(prefix + "99", "{\"of\":\"" + prefix + "99\"}");
            assertNothing(framed::read, forbidden, prefix);
            assertNothing(plain::read, forbidden, prefix);
            assertNothing(() -> stream.read().data(), forbidden, prefix);
        }
    }

    private interface Messages {
        String next() throws IOException;
    }

    /** Up to the update of the symbol that comes last. */
    private static void assertNothing(final Messages messages, final String forbidden, final String prefix)
            throws IOException {
        String message = messages.next();
        while (message != null && !message.contains("{\"of\":\"" + prefix + "99\"}")) {
            assertThat(message).doesNotMatch(forbidden);
            message = messages.next();
        }
        assertThat(message).isNotNull().doesNotMatch(forbidden);
    }

    private static void tick(final ServedFeed served, final Random random) {
        final String symbol = "S" + random.nextInt(SYMBOLS);
        served.tick(symbol, "{\"of\":\"" + symbol + "\"}");
    }

    private static String withToken(final String request, final String id) {
        return request.replace("\r\n\r\n", "\r\n" + TestClients.bearer(id) + "\r\n\r\n");
    }

    private static SocketClient get(final ServedFeed served, final String id, final String target,
            final String... headers) throws IOException {
        try (SocketClient client = served.connect()) {
            return client.http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + TestClients.bearer(id) + "\r\n"
                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n");
        }
    }

    private static AuthConfig.Product product(final String... symbols) {
        return new AuthConfig.Product(List.of(), List.of(symbols));
    }
}
