package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;

/** A relay behind another one, over a bus. Closing it fails the test on any entry in the error log. */
final class BusEdge implements AutoCloseable {
    final Relay relay;
    private final HttpClient http = HttpClient.newHttpClient();

    /** {@code urls}: a list of a configuration; {@code settings}: others. */
    BusEdge(final String urls, final String subject, final String... settings) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("edge.conf",
            "feed { venue = penstock, urls = " + urls + ", bus.subject = " + subject + " }\n"
            + "server { port = 0, io-threads = 2 }\nadmin.port = 0\n", List.of(settings));
        relay = new Relay(config, List.of(), null, Clock.systemUTC());
    }

    /** The answer of {@code /v1/snapshot} of a channel. */
    String snapshot(final String channel) throws IOException, InterruptedException {
        return get(relay.port(), "/v1/snapshot?symbols=*&channel=" + channel);
    }

    JsonNode role() throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(relay.adminPort(), "/admin/v1/role"));
    }

    JsonNode findings() throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(relay.adminPort(), "/admin/v1/findings")).get("findings");
    }

    boolean isReady() throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + "/readyz")).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    }

    /** A metric of the relay. */
    double metric(final String name) throws IOException, InterruptedException {
        return get(relay.adminPort(), "/metrics").lines().filter(line -> line.startsWith(name + ' ')
            || line.startsWith(name + '{')).mapToDouble(line -> Double.parseDouble(line.substring(
            line.lastIndexOf(' ') + 1))).sum();
    }

    private String get(final int port, final String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString()).body();
    }

    @Override
    public void close() {
        relay.close();
        assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty();
    }
}
