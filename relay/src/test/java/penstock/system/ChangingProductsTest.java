package penstock.system;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** A whole relay whose file of keys gives a client other products, while its sessions run by every endpoint. */
@Tag("slow")
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class ChangingProductsTest {
    private static final Pattern EURUSD = Pattern.compile("\\{\"s\":\"EURUSD\",\"q\":(\\d+)[^{]*?(?:\"c\":(\\d+))?,\"v\"");
    private static final String KEY = ClientKey.random();

    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir
    private Path folder;

    /** What a client was sent, and whether it was cut. */
    private static final class Transcript implements WebSocket.Listener {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private final StringBuilder part = new StringBuilder();
        private volatile boolean isCut;

        @Override
        public CompletionStage<?> onText(final WebSocket socket, final CharSequence text, final boolean last) {
            part.append(text);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
            isCut = true;
            return null;
        }

        @Override
        public void onError(final WebSocket socket, final Throwable error) {
            isCut = true;
        }

        int find(final int from, final String... parts) {
            for (int i = from; i < texts.size(); i++) {
                if (List.of(parts).stream().allMatch(texts.get(i)::contains)) {
                    return i;
                }
            }
            return -1;
        }
    }

    @Test
    void shouldTakeAndGiveSymbolsWithoutACut() throws Exception {
        grant("fx, crypto");
        try (DemoFeed feed = DemoFeed.start(0); Relay relay = relay(feed)) {
            await().until(() -> get(relay, "/v1/symbols").contains("BTCUSD"));
            final Transcript framed = open(relay, "/v1/ws?symbols=*&interval=20");
            final Transcript raw = open(relay, "/v1/raw?symbols=*&interval=20");
            final Transcript events = stream(relay, "/v1/sse?symbols=*&interval=20");
            for (final Transcript each : List.of(framed, raw, events)) {
                await().until(() -> each.find(0, "BTCUSD") >= 0 && each.find(0, "EURUSD") >= 0);
            }

            grant("fx");
            await().until(() -> framed.find(0, "\"denied\"", "\"BTCUSD\"") >= 0);
            await().until(() -> events.find(0, "\"denied\"", "\"BTCUSD\"") >= 0);
            await().until(() -> !get(relay, "/v1/snapshot").contains("BTCUSD"));
            final int denied = framed.find(0, "\"denied\"", "\"BTCUSD\"");
            final int deniedEvent = events.find(0, "\"denied\"", "\"BTCUSD\"");
            // one of the busiest symbols
            await().until(() -> raw.texts.subList(Math.max(0, raw.texts.size() - 50), raw.texts.size()).stream()
                .noneMatch(text -> text.contains("BTCUSD")));
            final int deniedRaw = raw.texts.size();
            for (final Transcript each : List.of(framed, raw, events)) {
                final int size = each.texts.size();
                await().until(() -> each.texts.size() > size + 50);
            }
            assertThat(framed.find(denied + 1, "BTCUSD")).isNegative();
            assertThat(events.find(deniedEvent + 1, "BTCUSD")).isNegative();
            assertThat(raw.find(deniedRaw, "BTCUSD")).isNegative();

            grant("fx, crypto");
            await().until(() -> framed.find(denied + 1, "\"live\"", "\"BTCUSD\"") >= 0);
            final int live = framed.find(denied + 1, "\"live\"", "\"BTCUSD\"");
            await().until(() -> framed.find(live, "\"snapshot\"", "\"s\":\"BTCUSD\"") == live + 1);
            await().until(() -> events.find(deniedEvent + 1, "\"snapshot\"", "\"s\":\"BTCUSD\"") >= 0);
            await().until(() -> raw.find(deniedRaw, "BTCUSD") >= 0);
            checkLedger(framed.texts);
            assertThat(framed.isCut || raw.isCut || events.isCut).isFalse();
            assertThat(relay.telemetry().errors().entries()).isEmpty();
        }
    }

    /** Of a symbol that the client could see all the time. */
    private static void checkLedger(final List<String> texts) {
        long last = -1;
        for (final String text : texts) {
            final Matcher entry = EURUSD.matcher(text);
            while (entry.find()) {
                final long q = Long.parseLong(entry.group(1));
                final long c = entry.group(2) == null ? 0 : Long.parseLong(entry.group(2));
                if (last >= 0) {
                    assertThat(text).contains("\"update\"");
                    assertThat(q - last).isEqualTo(c + 1);
                }
                last = q;
            }
        }
        assertThat(last).isPositive();
    }

    private Relay relay(final DemoFeed feed) throws IOException {
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = demo, url = "%s" }
            server { port = 0, io-threads = 2, drain-time = 0 }
            admin.enabled = false
            telemetry.dir = "%s"
            auth { mode = keys, keys-file = keys.conf }
            products { fx { symbols = ["EUR*", "GBP*"] }, crypto { symbols = ["BTC*"] } }
            """.formatted(feed.url(), folder.resolve("telemetry")));
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        return new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null);
    }

    private Transcript open(final Relay relay, final String target) throws Exception {
        final Transcript transcript = new Transcript();
        client.newWebSocketBuilder().header("Authorization", "Bearer " + KEY)
            .buildAsync(URI.create("ws://127.0.0.1:" + relay.port() + target), transcript).get();
        return transcript;
    }

    private Transcript stream(final Relay relay, final String target) {
        final Transcript transcript = new Transcript();
        client.sendAsync(request(relay, target), BodyHandlers.ofLines()).thenAccept(response -> {
            response.body().forEach(transcript.texts::add);
            transcript.isCut = true;
        });
        return transcript;
    }

    private String get(final Relay relay, final String target) throws Exception {
        return client.send(request(relay, target), BodyHandlers.ofString()).body();
    }

    private static HttpRequest request(final Relay relay, final String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + target))
            .header("Authorization", "Bearer " + KEY).build();
    }

    private void grant(final String products) throws IOException {
        final Path next = Files.writeString(folder.resolve("keys.next"), "keys = [{ id = desk-7, hash = \"sha256:"
            + ClientKey.hash(KEY) + "\", products = [" + products + "] }]");
        Files.move(next, folder.resolve("keys.conf"), ATOMIC_MOVE);
    }
}
