package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.telemetry.ErrorLog;
import penstock.venue.Venue;

/**
 * A whole relay in this process, with its configuration in a folder of its own: one with venues, or one behind another.
 * Closing it fails the test on any entry in the error log but those that it allows. One thread; the port is for any.
 */
public final class WholeRelay implements AutoCloseable {
    public final Relay relay;
    private final HttpClient http = HttpClient.newHttpClient();
    private Predicate<String> isAllowed = message -> false;

    /** Started with the configuration {@code text}; names of files in it are those of {@code folder}. */
    public WholeRelay(final Path folder, final String text) throws IOException {
        final Path own = Files.createTempDirectory(folder, "relay");
        final Path file = Files.writeString(folder.resolve(own.getFileName() + ".conf"), "server.port = 0\n"
            + "server.io-threads = 2\nserver.drain-time = 100ms\nadmin.port = 0\ntelemetry.dir = \""
            + own.resolve("telemetry") + "\"\n" + text);
        final RelayConfig config = new RelayConfigLoader(Map.of()).read(file, List.of()).config();
        relay = new Relay(config, config.feeds().values().stream()
            .map(feed -> Venue.load(feed.identity().venue(), feed.settings(), name -> null)).toList(), null,
            Clock.systemUTC());
    }

    /** One behind a relay, or behind a proxy in front of one, that listens on {@code port}. */
    public static WholeRelay behind(final Path folder, final int port, final String... settings) throws IOException {
        return new WholeRelay(folder, "feed { venue = penstock, url = \"ws://127.0.0.1:" + port + "/v1/ws\" }\n"
            + String.join("\n", settings) + "\n");
    }

    /** Entries of the error log whose message is like that are expected. */
    public WholeRelay allow(final Predicate<String> message) {
        isAllowed = message;
        return this;
    }

    /** Where subscribers connect. */
    public int port() {
        return relay.port();
    }

    /** The answer of the subscribers' listener. */
    public HttpResponse<String> get(final String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    /** Whether it has live data. */
    public boolean isReady() throws IOException, InterruptedException {
        return get("/readyz").statusCode() == 200;
    }

    @Override
    public void close() {
        relay.close();
        assertThat(relay.telemetry().errors().entries().stream().map(ErrorLog.Entry::toString)
            .filter(isAllowed.negate())).as("error log").isEmpty();
    }
}
