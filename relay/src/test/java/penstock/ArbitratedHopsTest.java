package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.testkit.EnvelopeReader;
import penstock.testkit.FrameSocket;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.websocket.Opcode;

/**
 * A feed over two connections of its vendor, of which the first arrival counts, at an edge on the bus of an edge of the
 * ingest: byte for byte, each number once, and not stale while one of the two lives.
 */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class ArbitratedHopsTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String LONG_ID = "123456789012345678901234567";
    private static final String FILE = """
        name = numbered
        connection { idle { any-frame = 60s, data = 60s }, reconnect { min = 1s, max = 2s }, max-connections = 2 }
        channels { quote { class = last-value, default = true } }
        subscribe { message = \"""{"sub":{symbols|json}}\""", ack { mode = none } }
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s",
          seq { rule = increasing, at = "$/n" }, emit = "$/v" } ] }
        """;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Side left = new Side();
    private final Side right = new Side();
    @TempDir
    private Path folder;

    /** One of the addresses of the vendor. Its io thread hears the requests; any thread sends. */
    private static final class Side implements FeedScript {
        private final FeedServer server = FeedServer.start(0, this);
        private final Set<FeedClient> asked = ConcurrentHashMap.newKeySet();

        @Override
        public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
            asked.add(client);
        }

        @Override
        public void onClosed(final FeedClient client, final long nowNs) {
            asked.remove(client);
        }

        /** Sends a number; what the sides send differs, so that it shows which one arrived. */
        String send(final int number, final String value) {
            final String text = "{\"s\":\"A\", \"n\":" + number + ",\"v\":" + value + "}";
            server.sendText(text);
            return text;
        }
    }

    @AfterEach
    void closeSides() {
        left.server.close();
        right.server.close();
    }

    @Test
    void shouldShowTheFirstArrivalByteForByteAtTheLastEdge() throws Exception {
        final Path own = Files.createTempDirectory(folder, "ingest");
        Files.writeString(own.resolve("numbered.conf"), FILE);
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = new ReloadedRelay(own,
                "feed { venue = numbered.conf, urls = [\"" + left.server.url("/") + "\", \"" + right.server.url("/")
                + "\"], symbols = [A], arbitrate = true }\n");
                ReloadedRelay edge = relay("feed { venue = penstock, url = \"ws://127.0.0.1:" + ingest.relay.port()
                + "/v1/ws\" }\nbus.nats { url = \"" + nats.url(0) + "\", subject = \"x.{feed}\" }\n");
                ReloadedRelay outer = relay("feed { venue = penstock, url = \"" + nats.url(0)
                + "\", bus.subject = x.numbered }\n")) {
            await().atMost(Patience.LIMIT).until(() -> left.asked.size() == 1 && right.asked.size() == 1);
            final String first = left.send(1, "{\"id\":" + LONG_ID + ", \"from\" : \"left\"}");
            awaitNumber(outer, 1);
            assertThat(body(outer)).isEqualTo(body(edge)).isEqualTo(body(ingest))
                .contains("\"v\":{\"id\":" + LONG_ID + ", \"from\" : \"left\"}");
            try (RawClient raw = new RawClient(outer.relay.port()); BinaryClient binary = new BinaryClient(outer)) {
                assertThat(raw.read()).isEqualTo(first);
                assertThat(binary.readUntil("\"q\":1,")).contains("\"v\":{\"id\":" + LONG_ID + ", \"from\" : \"left\"}");
                right.send(1, "{\"from\":\"right, too late\"}");
                final String second = right.send(2, "{\"id\":" + LONG_ID + "8,\"p\":1e-27}");
                assertThat(raw.read()).isEqualTo(second);
                assertThat(binary.readUntil("\"q\":2")).contains("\"v\":{\"id\":" + LONG_ID + "8,\"p\":1e-27}")
                    .doesNotContain("\"c\"");
                left.send(2, "{\"from\":\"left, too late\"}");
                left.server.dropConnections();
                await().atMost(Patience.LIMIT).until(() -> left.asked.isEmpty());
                final String third = right.send(3, "{\"p\":1.10000}");
                assertThat(raw.read()).isEqualTo(third);
                assertThat(binary.readUntil("\"q\":3")).contains("\"v\":{\"p\":1.10000}").doesNotContain("\"c\"");
                assertThat(binary.seen.toString()).doesNotContain("stale", "too late", "\"gap\"");
                assertThat(body(outer)).isEqualTo(body(ingest));
            }
        }
    }

    /** A session of raw payloads. */
    private static final class RawClient extends FrameSocket {
        RawClient(final int port) throws IOException {
            super(port, 0);
            write(handshake("/v1/raw?symbols=A&interval=0", KEY).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(readHead()).startsWith("HTTP/1.1 101 ");
        }

        String read() throws IOException {
            return new String(readFrame().payload(), StandardCharsets.UTF_8);
        }
    }

    /** A session of binary messages, read as the page of them says. */
    private static final class BinaryClient implements AutoCloseable {
        private final StringBuilder seen = new StringBuilder();
        private final EnvelopeReader reader = new EnvelopeReader();
        private final ReloadedRelay.Client client;

        BinaryClient(final ReloadedRelay relay) throws IOException {
            client = relay.open("?symbols=A&interval=0", "Sec-WebSocket-Protocol: penstock.v1.bin");
        }

        /** The next binary message, as JSON, with {@code part} in it. */
        String readUntil(final String part) throws IOException {
            while (true) {
                final FrameSocket.Frame frame = client.readFrame();
                if (frame.opcode() == Opcode.TEXT) {
                    reader.readText(frame.text());
                    seen.append(frame.text());
                } else if (frame.opcode() == Opcode.BINARY) {
                    final String message = reader.read(frame.payload());
                    seen.append(message);
                    if (message.contains(part)) {
                        return message;
                    }
                }
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private void awaitNumber(final ReloadedRelay relay, final int q) {
        await().atMost(Patience.LIMIT).until(() -> body(relay).contains("\"q\":" + q + ','));
    }

    private ReloadedRelay relay(final String text) throws Exception {
        return new ReloadedRelay(Files.createTempDirectory(folder, "relay"), text);
    }

    private String body(final ReloadedRelay relay) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.relay.port() + "/v1/snapshot"))
            .build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
