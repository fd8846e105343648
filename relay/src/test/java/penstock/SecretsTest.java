package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import penstock.config.VenueSettings;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
import penstock.text.Address;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;

/** Every shipped venue file with a secret in each of its variables: the secret goes to the venue and nowhere else. */
@Tag("slow")
class SecretsTest {
    private static final String CANARY = "CANARY";
    private static final Duration SOON = Patience.LIMIT;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        root.detachAppender(log);
    }

    static Stream<String> venues() throws Exception {
        try (Stream<Path> files = Files.list(Pages.path("config/venues"))) {
            return files.map(file -> file.getFileName().toString().replace(".conf", "")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("venues")
    void shouldShowNoSecretOfAVenue(final String name) throws Exception {
        final String file = Files.readString(Pages.path("config/venues/" + name + ".conf"));
        final Venue venue = Venue.load(name, VenueSettings.DEFAULT, secrets(file));
        final boolean isSecretAddress = venue.connection().endpoint().urls().stream()
            .anyMatch(address -> address.text().contains(CANARY));
        assertThat(venue.connection().endpoint().toString()).doesNotContain(CANARY);
        shouldShowNoSecret(name, file, true);
        if (isSecretAddress) {
            assertThat(received).as("the venue needs the key, escaped").anyMatch(line -> line.startsWith("GET ")
                && line.contains("=" + CANARY + "-") && line.contains("%2B%2F%3D%26z HTTP/1.1"));
            shouldShowNoSecret(name, file, false);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldShowNoSecretThatIsReadAtEachLogin(final boolean isAccepting) throws Exception {
        final HttpServer tokens = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        tokens.createContext("/", exchange -> {
            final byte[] answer = ("{\"token\":\"" + CANARY + "-http\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        tokens.start();
        try (ScriptedServer upstream = new ScriptedServer(peer -> play(peer, isAccepting))) {
            final Path secret = Files.writeString(folder.resolve("secret"), CANARY + "-file\n");
            final Path file = Files.writeString(folder.resolve("secret.conf"), """
                name = secret
                connection { urls = ["ws://127.0.0.1:%d/{http:t/token}?k={file:%s}"]
                  headers { X-Key = "{exec:/bin/echo %s-exec}" } }
                fetch { t { url = "http://127.0.0.1:%d/{file:%s}", values { token = "$/token" } } }
                session = [ { send = "{file:%s}" } ]
                channels { quote { default = true } }
                messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
                """.formatted(upstream.port(), secret, CANARY, tokens.getAddress().getPort(), secret, secret));
            final RelayConfig config = config('"' + file.toString() + '"', "");
            shouldShowNoSecret(upstream, Venue.load(file.toString()), config, config);
            assertThat(received).contains("GET /" + CANARY + "-http?k=" + CANARY + "-file HTTP/1.1");
        } finally {
            tokens.stop(0);
        }
    }

    private void shouldShowNoSecret(final String name, final String file, final boolean isAccepting) throws Exception {
        final Venue venue = Venue.load(name, VenueSettings.DEFAULT, secrets(file));
        try (ScriptedServer upstream = new ScriptedServer(peer -> play(peer, isAccepting))) {
            shouldShowNoSecret(upstream, venue, config(name, ""),
                config(name, "feed.url = \"" + local(venue, upstream) + "\"\n"));
        }
    }

    private void shouldShowNoSecret(final ScriptedServer upstream, final Venue venue, final RelayConfig own,
            final RelayConfig local) throws Exception {
        final List<String> shown = new ArrayList<>(List.of(local.toHocon(), own.toHocon()));
        try (Relay relay = new Relay(local, venue, null)) {
            shown.addAll(RelayService.banner(relay, new ConfigOptions.Loaded(local, null, List.of(venue), null)));
            shown.addAll(RelayService.banner(relay, new ConfigOptions.Loaded(own, null, List.of(venue), null)));
            await("the loss of the connection").atMost(SOON).pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> relay.telemetry().sum(Counter.FEED_DISCONNECTS)
                + relay.telemetry().sum(Counter.FEED_CONNECT_FAILURES) > 0);
            for (final String path : List.of("/metrics", "/readyz", "/v1/snapshot", "/v1/symbols", "/")) {
                shown.add(get(relay.port(), path));
            }
            shown.add(get(relay.adminPort(), "/admin/v1/feeds"));
            shown.add(welcome(relay));
            relay.telemetry().errors().entries().forEach(entry -> shown.add(entry.text()));
        }
        assertThat(upstream.failures).isEmpty();
        log.list.forEach(event -> shown.add(event.getFormattedMessage()
            + (event.getThrowableProxy() == null ? "" : ThrowableProxyUtil.asString(event.getThrowableProxy()))));
        assertThat(shown).hasSizeGreaterThan(10).noneMatch(text -> text.contains(CANARY));
    }

    private void play(final ScriptedServer.Peer peer, final boolean isAccepting) throws Exception {
        received.add(peer.request().lines().findFirst().orElseThrow());
        if (isAccepting) {
            peer.accept().text("{\"no\":\"venue says this\"}").close(4001, "enough");
        } else {
            peer.out.write("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A secret for each variable: an address has it as its password, a word with a default is none. */
    private static Function<String, String> secrets(final String file) {
        return variable -> file.contains("{env:" + variable + "}") ? CANARY + "-" + variable + "+/=&z"
            : file.contains("{env:" + variable + ":-http") ? "https://me:" + CANARY + "-" + variable + "@127.0.0.1:1"
            : null;
    }

    /** The venue's own address at the server under test. */
    private static String local(final Venue venue, final ScriptedServer upstream) {
        final String own = venue.connection().endpoint().urls().stream().findFirst().map(Address::text)
            .orElse("wss://venue/feed");
        return own.replaceFirst("^wss?://[^/?]*", "ws://127.0.0.1:" + upstream.port());
    }

    private RelayConfig config(final String venue, final String more) {
        return new RelayConfigLoader(Map.of()).loadText("secrets.conf", "feed { venue = " + venue
            + ", symbols = [AAA] }\nserver { port = 0, io-threads = 1, drain-time = 0, public-metrics = true }\n"
            + "admin.port = 0\ntelemetry.dir = \"" + folder.resolve("telemetry") + "\"\n" + more, List.of());
    }

    private String get(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    private String welcome(final Relay relay) {
        final StringBuilder text = new StringBuilder();
        final WebSocket socket = http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + relay.port() + "/v1/ws"), new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(final WebSocket from, final CharSequence part, final boolean isLast) {
                    synchronized (text) {
                        text.append(part);
                    }
                    from.request(1);
                    return null;
                }
            }).join();
        await("welcome").atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2)).until(() -> {
            synchronized (text) {
                return text.indexOf("welcome") >= 0;
            }
        });
        socket.abort();
        synchronized (text) {
            return text.toString();
        }
    }
}
