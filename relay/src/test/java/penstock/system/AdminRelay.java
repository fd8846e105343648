package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.venue.Venue;

/** A relay with one feed of two symbols, asked by its admin API; and what the page of that API says. One thread. */
final class AdminRelay implements AutoCloseable {
    /** The page. */
    static final String PAGE = Pages.text("relay/docs/reference/admin-api.md");

    final TickingVenue venue = new TickingVenue("A");
    private final Relay relay;
    private final HttpClient http = HttpClient.newHttpClient();

    /** Its files are in {@code folder}. */
    AdminRelay(final Path folder) throws IOException {
        final Path file = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE);
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "server { port = 0, io-threads = 2 }\nadmin.port = 0\nfeed { venue = \"" + file + "\", url = \""
            + venue.url() + "\", symbols = [A0, A1], channels = [quote] }", List.of());
        relay = new Relay(config, Venue.load(file.toString(), config.feed().settings(), key -> null), null);
    }

    /** The list {@code name} of {@code /admin/v1/name}. */
    List<?> list(final String name) throws IOException, InterruptedException {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.adminPort() + "/admin/v1/" + name)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return list(answer.body(), name);
    }

    /** The first element of that list in the example of the page. */
    static Map<?, ?> example(final String name) {
        return ParsedJson.object(list(PAGE.lines().filter(line -> line.startsWith("{\"" + name + "\""))
            .findFirst().orElseThrow(), name).get(0));
    }

    @Override
    public void close() {
        relay.close();
        venue.close();
    }

    private static List<?> list(final String answer, final String name) {
        return ParsedJson.list(ParsedJson.object(ParsedJson.values(answer)).get(name));
    }
}
