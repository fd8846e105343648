package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.docs.Pages;

/** The client in JavaScript and the description of the protocol, as pages and tools load them. */
class BrowserFileTest {
    /** What a page that shows prices waits for, whatever its network. */
    private static final int MAX_BYTES = 6_400;
    /** Of a part of the page at /, and of the library of its chart. */
    private static final int MAX_PART = 7 * 1024;
    private static final int MAX_CHART = 52 * 1024;
    /** What reads rows, which it waits for, too. */
    private static final int MAX_ROWS_BYTES = 1536;

    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedFeed();
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @Test
    void shouldServeAModuleThatPagesImport() throws IOException {
        try (SocketClient client = get("")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(client.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.body).contains(" as connect}");
        }
    }

    @Test
    void shouldServeThePartThatItLoadsForTabsThatShare() throws IOException {
        try (SocketClient client = served.connect().get("/penstock-share.js")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(client.body).contains("SharedWorker");
        }
    }

    @Test
    void shouldServeThePartThatItLoadsWhereNoWebSocketCanBeOpened() throws IOException {
        try (SocketClient client = served.connect().get("/penstock-sse.js")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(client.body).contains("lastEventId");
        }
    }

    @Test
    void shouldSendItCompressedInLittleMoreThanSixKilobytes() throws IOException {
        try (SocketClient plain = get(""); SocketClient compressed = get("Accept-Encoding: gzip, br\r\n")) {
            assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(compressed.header("Vary")).contains("Accept-Encoding");
            assertThat(compressed.bytes).hasSizeLessThanOrEqualTo(MAX_BYTES);
            assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(compressed.bytes)).readAllBytes(),
                StandardCharsets.UTF_8)).isEqualTo(plain.body);
        }
    }

    @Test
    void shouldSendThePartThatReadsRowsInOneAndAHalfKilobytes() throws IOException {
        try (SocketClient main = get(""); SocketClient client = served.connect().http(
                "GET /penstock-rows.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")) {
            assertThat(main.body).contains("from\"./penstock-rows.js\"");
            assertThat(client.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(client.bytes).hasSizeLessThanOrEqualTo(MAX_ROWS_BYTES);
        }
    }

    @Test
    void shouldLetBrowsersKeepItWhileItIsTheSame() throws IOException {
        try (SocketClient client = get("")) {
            final String tag = client.header("ETag");
            assertThat(client.header("Cache-Control")).isEqualTo("no-cache");
            try (SocketClient again = get("If-None-Match: " + tag + "\r\n")) {
                assertThat(again.status).isEqualTo(304);
            }
            try (SocketClient other = get("If-None-Match: W/\"another\"\r\n")) {
                assertThat(other.status).isEqualTo(200);
                assertThat(other.body).isEqualTo(client.body);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/asyncapi.json", "/protocol.schema.json", "/envelope.xml"})
    void shouldServeTheDescriptionOfTheProtocolForTools(final String path) throws IOException {
        try (SocketClient client = served.connect().get(path)) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type"))
                .isEqualTo(path.endsWith(".xml") ? "application/xml" : "application/json; charset=utf-8");
            assertThat(client.body).isEqualTo(Pages.text("relay/src/main/resources/penstock/pages" + path))
                .contains(path.endsWith(".xml") ? "\"Envelope\"" : "\"welcome\"");
            try (SocketClient again = served.connect().http("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "If-None-Match: " + client.header("ETag") + "\r\n\r\n")) {
                assertThat(again.status).isEqualTo(304);
            }
        }
    }

    static List<String> partsOfThePage() {
        return LivePage.FILES;
    }

    @ParameterizedTest
    @MethodSource("partsOfThePage")
    void shouldServeEachPartOfThePageSmallAndOnce(final String part) throws IOException {
        try (SocketClient client = served.connect().http(
                "GET /" + part + " HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Content-Type"))
                .isEqualTo((part.endsWith(".css") ? "text/css" : "text/javascript") + "; charset=utf-8");
            assertThat(client.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(client.bytes).hasSizeLessThanOrEqualTo(part.equals("page/uplot.js") ? MAX_CHART : MAX_PART);
            try (SocketClient again = served.connect().http("GET /" + part + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "If-None-Match: " + client.header("ETag") + "\r\n\r\n")) {
                assertThat(again.status).isEqualTo(304);
            }
        }
    }

    /** A file that is not listed is not served: a module that imports it breaks in every browser. */
    @Test
    void shouldServeEveryFileThatThePageImports() throws IOException {
        final Pattern imports = Pattern.compile("from \"\\./([a-z]+\\.js)\"");
        for (final String part : LivePage.FILES) {
            imports.matcher(Pages.text("relay/src/main/resources/penstock/pages/" + part)).results()
                .forEach(found -> assertThat(LivePage.FILES).as(part).contains("page/" + found.group(1)));
        }
    }

    private static SocketClient get(final String headers) throws IOException {
        return served.connect().http("GET /penstock.js HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n");
    }
}
