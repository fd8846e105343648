package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.GoodClient;

class HttpTest {
    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedFeed(100, true, "s3cret", 10_000);
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
        served.tick("GBPUSD", "{\"bid\":1.27}");
        served.tick("a\"<b>", "[1.0,2]");
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @AfterEach
    void shouldServeAGoodClient() throws IOException {
        GoodClient.assertServed(served.port());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "/v1/snapshot?symbols=EURUSD,X "
            + "|{\"epoch\":27,\"p\":3,\"data\":[{\"s\":\"EURUSD\",\"q\":1,\"t\":5,\"v\":{\"bid\":1.10}}]}",
        "/v1/snapshot?symbols=X        |{\"epoch\":27,\"p\":3,\"data\":[]}",
        "/v1/snapshot?channel=trade    |{\"epoch\":27,\"p\":3,\"data\":[]}",
        "/v1/symbols                   |{\"channel\":\"quote\",\"symbols\":[\"EURUSD\",\"GBPUSD\",\"a\\\"<b>\"]}",
        "/v1/symbols?match=*USD        |{\"channel\":\"quote\",\"symbols\":[\"EURUSD\",\"GBPUSD\"]}",
        "/v1/symbols?match=GBP*,E*,G*  |{\"channel\":\"quote\",\"symbols\":[\"GBPUSD\",\"EURUSD\"]}",
        "/v1/symbols?channel=trade     |{\"channel\":\"trade\",\"symbols\":[]}"})
    void shouldSendSnapshotsAndSymbols(final String target, final String body) throws IOException {
        try (SocketClient client = served.connect().get(target)) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
            assertThat(client.body).isEqualTo(body);
        }
    }

    @Test
    void shouldSendAllTopicsWithoutSymbols() throws IOException {
        try (SocketClient client = served.connect().get("/v1/snapshot")) {
            assertThat(client.body)
                .contains("\"EURUSD\"", "\"GBPUSD\"", "{\"s\":\"a\\\"<b>\",\"q\":1,\"t\":5,\"v\":[1.0,2]}");
        }
    }

    @Test
    void shouldSendALargeSnapshotInPieces() throws IOException {
        try (ServedFeed large = new ServedFeed()) {
            large.live();
            final String value = "\"" + "v".repeat(100_000) + "\"";
            for (int i = 0; i < 30; i++) {
                large.tick("S" + i, value);
            }
            try (SocketClient client = large.connect().get("/v1/snapshot")) {
                assertThat(client.body).hasSizeGreaterThan(3_000_000).endsWith("}]}");
                assertThat(client.get("/healthz").body).isEqualTo("ok\n");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/snapshot?fields=,bad_field,/fields",
        "/v1/snapshot?depth=5,bad_field,/depth",
        "/v1/snapshot?channel=book&fields=bids,bad_field,/fields",
        "/v1/snapshot?channel=book&depth=0,bad_field,/depth",
        "/v1/snapshot?delta=true,unknown_field,/delta",
        "/v1/symbols?fields=bid,unknown_field,/fields",
        "/v1/snapshot?symbols=,bad_field,/symbols",
        "/v1/snapshot?symbols=%00,bad_symbol_pattern,/symbols/0",
        "/v1/snapshot?channel=nope,unknown_channel,/channel",
        "/v1/snapshot?match=x,unknown_field,/match",
        "/v1/snapshot?token=x,token_invalid,/token",
        "/v1/symbols?symbols=x,unknown_field,/symbols"})
    void shouldRejectWithCodeAndPath(final String target, final String code, final String path) throws IOException {
        try (SocketClient client = served.connect().get(target)) {
            assertThat(client.status).isIn(400, 401);
            assertThat(client.body).contains("\"code\":\"" + code + "\"", "\"path\":\"" + path + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/admin", "/..;/admin", "/%2e%2e/", "//admin", "/v1", "/v1/", "/index.html", "/v1/snapshot/",
        "/penstock/pages/index.html", "/v1/snapshot;x=1", "/v1;y/snapshot", "/;", "/v1/snapshot%3Bx=1"})
    void shouldAnswer404OnOtherPaths(final String target) throws IOException {
        try (SocketClient client = served.connect().get(target)) {
            assertThat(client.status).isEqualTo(404);
            assertThat(client.body).startsWith("{\"type\":\"error\",\"status\":404,\"code\":\"not_found\"");
        }
    }

    @Test
    void shouldRejectOtherMethods() throws IOException {
        try (SocketClient client = served.connect()
                .http("POST /v1/snapshot HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(client.status).isEqualTo(405);
            assertThat(client.header("Allow")).isEqualTo("GET, HEAD");
        }
    }

    @Test
    void shouldReportReadiness() throws IOException {
        try (ServedFeed young = new ServedFeed(); SocketClient client = young.connect()) {
            assertThat(client.get("/healthz").status).isEqualTo(200);
            assertThat(client.get("/readyz").status).isEqualTo(503);
            assertThat(client.body)
                .isEqualTo("{\"ready\":false,\"reason\":\"waiting_for_upstream\",\"feed\":\"stale\",\"p\":0}");
            young.live();
            assertThat(client.get("/readyz").status).isEqualTo(503);
            assertThat(client.body).contains("no_data_yet");
            young.tick("A", "1");
            assertThat(client.get("/readyz").status).isEqualTo(200);
            assertThat(client.body).startsWith("{\"ready\":true");
            young.stale();
            assertThat(client.get("/readyz").status).isEqualTo(503);
            assertThat(client.body).contains("upstream_disconnected");
            assertThat(client.get("/v1/snapshot").body).contains("\"st\":\"stale\"");
        }
    }

    @Test
    void shouldServeThePageWithAPolicyThatAllowsItsOwnHostOnly() throws IOException {
        try (SocketClient client = served.connect().get("/")) {
            assertThat(client.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
            assertThat(client.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self'",
                "style-src 'self'", "connect-src 'self'").doesNotContain("unsafe", "*", "http", "ws:");
            assertThat(client.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.body).contains("<title>Penstock</title>")
                .doesNotContain("http://", "https://", "innerHTML",
                " style=", " onclick", "<style", "<script>");
        }
    }

    @Test
    void shouldRequireTheOperatorsToken() throws IOException {
        final int port = served.server.adminPort();
        for (final String wrong : new String[] {"Bearer nope", "Bearer", "Basic s3cret", "s3cret"}) {
            try (SocketClient client = new SocketClient(port).http(metrics(wrong))) {
                assertThat(client.status).isEqualTo(401);
                assertThat(client.header("WWW-Authenticate")).isEqualTo("Bearer");
            }
        }
        try (SocketClient client = new SocketClient(port).http(metrics("bearer s3cret"))) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type")).startsWith("text/plain; version=0.0.4");
            assertThat(client.body).contains("penstock_sessions_opened_total{");
        }
        try (SocketClient client = new SocketClient(port).get("/v1/snapshot")) {
            assertThat(client.status).isEqualTo(404);
        }
    }

    private static String metrics(final String authorization) {
        return "GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\n\r\n";
    }

    @Test
    void shouldServeMetricsInPublicOnlyWhenConfigured() throws IOException {
        try (SocketClient client = served.connect().get("/metrics")) {
            assertThat(client.status).isEqualTo(200);
        }
        try (ServedFeed discreet = new ServedFeed(10, false, null, 10_000); SocketClient client = discreet.connect()) {
            assertThat(client.get("/metrics").status).isEqualTo(404);
            try (SocketClient operator = new SocketClient(discreet.server.adminPort())) {
                assertThat(operator.get("/metrics").status).isEqualTo(200);
            }
        }
    }
}
