package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditional requests and compressed responses. */
class VersionsTest {
    private static final int MANY = 500;
    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedFeed();
        served.live();
        for (int i = 0; i < MANY; i++) {
            served.tick("S" + i, "{\"bid\":1." + i + ",\"text\":\"é\"}");
        }
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/snapshot", "/v1/snapshot?symbols=S1,S2", "/v1/symbols", "/v1/symbols?match=S1*"})
    void shouldSend304ForTheClientsVersion(final String target) throws IOException {
        try (SocketClient client = served.connect()) {
            final String tag = get(client, target).header("ETag");
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Cache-Control")).isEqualTo("no-cache");
            assertThat(client.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(tag).startsWith("W/\"27-").endsWith("\"");
            for (final String held
                    : new String[] {tag, tag.substring(2), "*", "\"x\", " + tag, "W/\"\"," + tag + ",\"y\""}) {
                assertThat(get(client, target, "If-None-Match: " + held).status).as(held).isEqualTo(304);
                assertThat(client.body).isEmpty();
                assertThat(client.header("ETag")).isEqualTo(tag);
                assertThat(client.header("Content-Length")).isNull();
            }
            assertThat(get(client, target, "If-None-Match: \"a\"", "If-None-Match: " + tag).status).isEqualTo(304);
            for (final String other
                    : new String[] {"\"27-0\"", "", "x", "\"", "W/", "W/\"27", tag.substring(3, tag.length() - 1),
                "W/W/" + tag, "\"" + tag + "\"", "\"**\""}) {
                assertThat(get(client, target, "If-None-Match: " + other).status).as(other).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldChangeTheVersionWithAValueOrAStateOfTheQuery() throws IOException {
        try (ServedFeed young = new ServedFeed(); SocketClient client = young.connect()) {
            young.live();
            final String none = get(client, "/v1/snapshot?symbols=A").header("ETag");
            young.tick("A", "1");
            final String first = get(client, "/v1/snapshot?symbols=A").header("ETag");
            assertThat(first).isNotEqualTo(none);
            final String symbols = get(client, "/v1/symbols").header("ETag");
            young.tick("B", "2");
            assertThat(get(client, "/v1/symbols", "If-None-Match: " + symbols).body).contains("\"A\",\"B\"");
            assertThat(get(client, "/v1/snapshot?symbols=A", "If-None-Match: " + first).status).isEqualTo(304);
            young.tick("A", "3");
            final String second = get(client, "/v1/snapshot?symbols=A", "If-None-Match: " + first).header("ETag");
            assertThat(client.body).contains("\"v\":3");
            young.stale();
            assertThat(get(client, "/v1/snapshot?symbols=A", "If-None-Match: " + second).body)
                .contains("\"st\":\"stale\",\"v\":3");
        }
    }

    /** One making of the answer is nearly all the work that the address may ask for. */
    @Test
    void shouldMakeAnAnswerOnceForEachVersionAndChargeForItsMaking() throws IOException {
        try (ServedFeed scarce = ServedFeed.withWork(800); SocketClient client = scarce.connect()) {
            scarce.live();
            for (int i = 0; i < MANY; i++) {
                scarce.tick("S" + i, "1");
            }
            final String first = get(client, "/v1/snapshot").body;
            for (int i = 0; i < 20; i++) {
                assertThat(get(client, "/v1/snapshot").status).as("the same version").isEqualTo(200);
                assertThat(client.body).isEqualTo(first);
            }
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                scarce.tick("S1", "" + i);
                if (get(client, "/v1/snapshot").status == 429) {
                    refused++;
                    assertThat(Integer.parseInt(client.header("Retry-After"))).isPositive();
                    assertThat(client.body).contains("\"code\":\"rate_limited\"", "limits.work-per-second");
                }
            }
            assertThat(refused).as("of 20 versions").isGreaterThan(10);
        }
    }

    @Test
    void shouldSendRequestedFieldsOfTopicsWithoutSubscribers() throws IOException {
        try (SocketClient client = served.connect()) {
            assertThat(get(client, "/v1/snapshot?symbols=S1&fields=text").body)
                .contains("{\"s\":\"S1\",\"q\":1,\"t\":5,\"v\":{\"text\":\"é\"}}");
            assertThat(get(client, "/v1/snapshot?symbols=S1&fields=text,bid").body)
                .contains("\"v\":{\"bid\":1.1,\"text\":\"é\"}}");
            assertThat(get(client, "/v1/snapshot?symbols=S1&fields=nope").body).contains("\"v\":{}}");
        }
    }

    @Test
    void shouldDistinguishVersionsOfDifferentFields() throws IOException {
        try (SocketClient client = served.connect()) {
            final Set<String> tags = new HashSet<>();
            for (final String fields
                    : List.of("", "&fields=bid", "&fields=text", "&fields=bid,text", "&fields=bidtext", "&fields=Aa",
                "&fields=BB")) {
                final String target = "/v1/snapshot?symbols=S1" + fields;
                final String tag = get(client, target).header("ETag");
                assertThat(tags.add(tag)).as(target).isTrue();
                assertThat(get(client, target, "If-None-Match: " + tag).status).isEqualTo(304);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/snapshot", "/v1/symbols"})
    void shouldCompressLargeBodiesWithoutLoss(final String target) throws IOException {
        try (SocketClient client = served.connect()) {
            final String plain = get(client, target).body;
            assertThat(client.header("Content-Encoding")).isNull();
            for (int i = 0; i < 3; i++) {
                get(client, target, "Accept-Encoding: deflate, gzip;q=0.8, br");
                assertThat(client.status).isEqualTo(200);
                assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
                assertThat(client.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
                assertThat(client.header("Vary")).isEqualTo("Accept-Encoding");
                assertThat(client.bytes.length).isLessThan(plain.length() / 2);
                final byte[] unpacked = new GZIPInputStream(new ByteArrayInputStream(client.bytes)).readAllBytes();
                assertThat(new String(unpacked, StandardCharsets.UTF_8)).isEqualTo(plain);
            }
            final String tag = client.header("ETag");
            assertThat(get(client, target, "Accept-Encoding: gzip", "If-None-Match: " + tag).status).isEqualTo(304);
        }
    }

    @Test
    void shouldCompressALargeSnapshotInPieces() throws IOException {
        try (ServedFeed large = new ServedFeed(); SocketClient client = large.connect()) {
            large.live();
            final java.util.Random random = new java.util.Random(1);
            for (int i = 0; i < 30; i++) {
                final StringBuilder value = new StringBuilder("\"");
                random.ints(50_000, 'a', 'z').forEach(c -> value.append((char) c));
                large.tick("S" + i, value.append('"').toString());
            }
            final String plain = get(client, "/v1/snapshot").body;
            get(client, "/v1/snapshot", "Accept-Encoding: gzip");
            assertThat(client.bytes.length).isBetween(500_000, plain.length());
            assertThat(new GZIPInputStream(new ByteArrayInputStream(client.bytes)).readAllBytes())
                .isEqualTo(plain.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void shouldNotCompressSmallBodiesAndAnswerHeadWithoutABody() throws IOException {
        try (SocketClient client = served.connect()) {
            get(client, "/v1/snapshot?symbols=S1", "Accept-Encoding: gzip");
            assertThat(client.header("Content-Encoding")).isNull();
            assertThat(client.body).contains("\"S1\"");
            client.send("HEAD /v1/snapshot HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".getBytes(
                StandardCharsets.US_ASCII));
            assertThat(client.readResponseHead().status).isEqualTo(200);
            assertThat(client.header("ETag")).isNotNull();
            assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(client.get("/healthz").body).isEqualTo("ok\n");
        }
    }

    @Test
    void shouldNotCacheAnError() throws IOException {
        try (SocketClient client = served.connect()) {
            assertThat(get(client, "/v1/snapshot?channel=nope", "If-None-Match: *").status).isEqualTo(400);
            assertThat(client.header("ETag")).isNull();
            assertThat(client.header("Cache-Control")).isEqualTo("no-store");
        }
    }

    private static SocketClient get(final SocketClient client, final String target, final String... headers)
            throws IOException {
        final String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return client.http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
    }
}
