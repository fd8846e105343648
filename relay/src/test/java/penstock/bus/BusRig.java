package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.DemoFeed;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** A relay with the demo feed that publishes on a bus. Closing it fails the test on any entry in the error log. */
final class BusRig implements AutoCloseable {
    /** The subject of the demo feed. */
    static final String SUBJECT = "penstock.demo";
    static final List<String> CHANNELS = List.of("quote", "trade", "book");

    private static final Pattern ENTRY = Pattern.compile("\\{\"s\":\"([^\"]+)\",\"q\":(\\d+)(?:,\"t\":-?\\d+)?"
        + "(?:,\"st\":\"\\w+\")?,\"v\":(\\{[^{}]*\\})\\}");

    final DemoFeed feed;
    final Relay relay;
    private final HttpClient http = HttpClient.newHttpClient();

    /** With {@code settings} of the bus and others. */
    BusRig(final DemoFeed feed, final String... settings) throws IOException {
        this.feed = feed;
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("test.conf",
            "feed { venue = demo, url = \"" + feed.marketUrl() + "\", channels = [" + String.join(", ", CHANNELS)
            + "] }\nserver { port = 0, io-threads = 2 }\nadmin.port = 0\n", List.of(settings));
        relay = new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null);
    }

    /** The values that the relay has, by channel and symbol: sequence and value. */
    Map<String, List<Object>> values() throws IOException, InterruptedException {
        final Map<String, List<Object>> values = new TreeMap<>();
        for (final String channel : CHANNELS) {
            final String body = get(relay.port(), "/v1/snapshot?symbols=*&channel=" + channel);
            final Matcher entry = ENTRY.matcher(body);
            while (entry.find()) {
                values.put(channel + ' ' + entry.group(1),
                    List.of(Long.parseLong(entry.group(2)), BusReader.comparable(entry.group(3))));
            }
        }
        return values;
    }

    /** What the operator is told of the bus. */
    List<String> findings() throws IOException, InterruptedException {
        final Map<?, ?> answer =
            ParsedJson.object(ParsedJson.values(get(relay.adminPort(), "/admin/v1/findings")));
        return ParsedJson.list(answer.get("findings")).stream().map(ParsedJson::object)
            .filter(finding -> "bus".equals(finding.get("subject"))).map(Object::toString).toList();
    }

    /** A metric of the relay. */
    double metric(final String name) throws IOException, InterruptedException {
        return get(relay.adminPort(), "/metrics").lines().filter(line -> line.startsWith(name + ' '))
            .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1))).findFirst().orElseThrow();
    }

    /** Stops the feed, and waits until that reader has all that the relay has. */
    void assertComplete(final BusReader reader) {
        feed.server().stop();
        await("all that the relay has").atMost(Patience.LIMIT).untilAsserted(() -> {
            assertThat(reader.isJoined()).isTrue();
            final Map<String, List<Object>> read = new TreeMap<>();
            reader.topics().forEach((name, known) -> read.put(name, List.of(known.q, known.value)));
            final Map<String, List<Object>> expected = values();
            assertThat(expected).hasSizeGreaterThan(100);
            final Map<String, String> different = new TreeMap<>();
            expected.forEach((name, value) -> {
                if (!value.equals(read.get(name))) {
                    different.put(name, value + " is read as " + read.get(name));
                }
            });
            assertThat(different).as(reader.toString()).isEmpty();
            assertThat(read).hasSameSizeAs(expected);
        });
        reader.topics().forEach((name, known) -> assertThat(known.first + known.updates - 1 + known.conflated)
            .as(name).isEqualTo(known.q));
        assertThat(reader.breaches()).isEmpty();
    }

    /** Waits until an edge has byte for byte what the relay has, but for the time of the answer. */
    void assertSame(final BusEdge edge) {
        await("all that the relay has").atMost(Patience.LIMIT).untilAsserted(() -> {
            for (final String channel : CHANNELS) {
                final String here = get(relay.port(), "/v1/snapshot?symbols=*&channel=" + channel);
                assertThat(here).contains("\"q\":");
                assertThat(sorted(edge.snapshot(channel))).isEqualTo(sorted(here));
            }
        });
    }

    /** Topics come in the order in which a relay saw them first. */
    private static List<String> sorted(final String answer) {
        final int data = answer.indexOf("\"data\":[") + "\"data\":[".length();
        final List<String> entries = new ArrayList<>(List.of(answer.substring(data, answer.length() - 2)
            .split(",(?=\\{\"s\":)")));
        Collections.sort(entries);
        entries.add(answer.substring(0, data));
        return entries;
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
