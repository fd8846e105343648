package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.client.ClientOptions;
import penstock.client.GridTerms;
import penstock.client.PenstockClient;
import penstock.client.PriceGrid;
import penstock.client.socket.JdkTransport;
import penstock.testkit.Patience;

/**
 * A relay behind each of the proxies that a file is shipped for, as Debian packages them; the second relay of the file
 * is not there.
 */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class ProxiesTest {
    private static final String CLIENT = "127.0.0.2";
    private static final String FORGED = "10.9.9.9";
    private static final int NO_RELAY = 1;
    private static final Pattern TS = Pattern.compile("\"ts\":(\\d+)");
    private static final long FRESH_US = 500_000;

    private final HttpClient http = HttpClient.newBuilder().sslContext(ProxyProcess.AUTHORITY.context(null)).build();
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        executor.shutdown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "haproxy", "caddy"})
    void shouldServePagesStreamsAndSessionsThroughTheProxy(final String name) throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.trusted-proxies=[\"127.0.0.1\"]",
                "--set", "server.public-metrics=false");
             ProxyProcess proxy = ProxyProcess.start(name, relay.port, NO_RELAY, folder)) {
            final String page = "https://localhost:" + proxy.port;
            await("the relay is ready").atMost(Patience.LIMIT).until(() -> get(page + "/readyz").statusCode() == 200);

            assertThat(get(page + "/").body()).contains("<title>");
            assertPricesComeToAClient(page);
            assertEventsComeAtOnceForTheClientsOwnAddress(relay, proxy.port);
            assertThat(closeCode(page, page)).as("a page of the relay's own").isZero();
            assertThat(closeCode(page, "https://elsewhere.example")).as("a foreign page").isEqualTo(4403);
        }
    }

    private HttpResponse<String> get(final String address) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private void assertPricesComeToAClient(final String page) throws Exception {
        final CompletableFuture<String> price = new CompletableFuture<>();
        try (PenstockClient client = PenstockClient.connect(page,
                ClientOptions.on(executor).transport(new JdkTransport(http)))) {
            final PriceGrid grid = client.quotes(GridTerms.of("EURUSD"),
                frame -> frame.forEach(quote -> price.complete(quote.text("bid"))));
            assertThat(price.get(Patience.SECONDS, TimeUnit.SECONDS)).matches("1\\.\\d+");
            assertThat(grid.ready()).succeedsWithin(Patience.LIMIT);
        }
    }

    /** Nothing waits in the proxy; what a client claims of its address counts for nothing. */
    private void assertEventsComeAtOnceForTheClientsOwnAddress(final RelayProcess relay, final int port)
            throws Exception {
        try (Socket plain = new Socket()) {
            plain.bind(new InetSocketAddress(CLIENT, 0));
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            plain.setSoTimeout((int) Patience.LIMIT.toMillis());
            try (Socket socket = ProxyProcess.AUTHORITY.context(null).getSocketFactory()
                    .createSocket(plain, "localhost", port, true)) {
                socket.getOutputStream().write(("GET /v1/sse?symbols=EURUSD&interval=1000 HTTP/1.1\r\nHost: localhost:"
                    + port + "\r\nX-Forwarded-For: " + FORGED + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                final BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                long ageUs = Long.MAX_VALUE;
                while (ageUs > FRESH_US) {
                    final Matcher update = TS.matcher(in.readLine());
                    if (update.find()) {
                        final Instant now = Instant.now();
                        ageUs = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000
                            - Long.parseLong(update.group(1));
                    }
                }
                assertThat(matched(relay, CLIENT)).isEqualTo(1);
                assertThat(matched(relay, FORGED)).isZero();
            }
        }
    }

    private static int matched(final RelayProcess relay, final String address) throws Exception {
        final String answer = relay.get(relay.adminPort, "/admin/v1/sessions?address=" + address).body();
        assertThat(answer).contains("matched");
        return new ObjectMapper().readTree(answer).get("matched").asInt();
    }

    /** With which code a session of a page ends; 0: it has begun. */
    private int closeCode(final String page, final String origin) throws Exception {
        final CompletableFuture<Integer> code = new CompletableFuture<>();
        final WebSocket socket = http.newWebSocketBuilder().header("Origin", origin)
            .buildAsync(URI.create(page.replace("https", "wss") + "/v1/ws"), new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(final WebSocket from, final CharSequence text, final boolean isLast) {
                    code.complete(0);
                    return null;
                }

                @Override
                public CompletionStage<?> onClose(final WebSocket from, final int closed, final String reason) {
                    code.complete(closed);
                    return null;
                }
            }).get(Patience.SECONDS, TimeUnit.SECONDS);
        try {
            return code.get(Patience.SECONDS, TimeUnit.SECONDS);
        } finally {
            socket.abort();
        }
    }
}
