package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.testkit.ParsedJson;
import penstock.venue.generated.GeneratedRecording;

/**
 * Views of values that a venue sends as arrays: they have fields here, so that {@code fields} and {@code delta} work
 * as they do for objects. What the views show is compared with the whole values that another subscription gets; an
 * update of {@code delta} that follows the one before has no field that is as it was.
 */
class ArrayViewsTest {
    private static final int ROUNDS = 100;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"bitfinex, ticker, bid|bidSize", "kraken-v1, quote, bid|ask", "kraken-v1, ticker, last|bid",
        "huobi, quote, bid|bidSize", "okx, quote, bid", "bitfinex, trade, price|side"})
    void shouldSelectFieldsAndSendOnlyWhatChanged(final String name, final String channel, final String fields)
            throws Exception {
        final Path recording = GeneratedRecording.healthy(name, ROUNDS).save(folder);
        final int port = RelayRig.freePort();
        final boolean isEvent = channel.equals("trade");
        final Views views = new Views(List.of(fields.split("\\|")), isEvent);
        try (RelayRig rig = new RelayRig(name, "ws://127.0.0.1:" + port + "/", "feed.channels=[" + channel + "]",
                "feed.spelling=normalised", "feed.symbols=[\"BTC/USDT\"]")) {
            final Subscriber client = rig.fleet.open("/v1/ws", 0);
            client.transcript = views;
            await("open").until(() -> client.isOpen);
            final String start = "{\"op\":\"subscribe\",\"channel\":\"" + channel + "\",\"symbols\":[\"*\"],\"sub\":";
            final String names = ",\"fields\":[\"" + fields.replace("|", "\",\"") + "\"]";
            client.send(start + (isEvent ? "\"whole\"}" : "\"whole\",\"interval\":0}"));
            client.send(start + (isEvent ? "\"fields\"" : "\"fields\",\"interval\":0") + names + "}");
            if (!isEvent) {
                client.send(start + "\"delta\",\"interval\":0,\"delta\":true}");
                client.send(start + "\"both\",\"interval\":0,\"delta\":true" + names + "}");
            }
            await("acks").until(() -> views.acks == (isEvent ? 2 : 4));
            try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                .venue(VenueFileScript.load(name)).port(port).speed(ReplaySpeed.parse("10")))) {
                await("the end").atMost(Duration.ofSeconds(20)).until(replay::isFinished);
                await("all of it").untilAsserted(views::check);
            }
        }
    }

    /** What each subscription shows in the end, put together from what it was sent. Filled by the fleet's thread. */
    private static final class Views extends ConcurrentLinkedQueue<String> {
        private static final long serialVersionUID = 1;

        private final transient List<String> fields;
        private final boolean isEvent;
        /** By subscription and symbol. */
        private final transient Map<String, Map<String, Object>> values = new TreeMap<>();
        private final transient Map<String, List<Map<String, Object>>> events = new TreeMap<>();
        private final transient Set<String> sentFields = new TreeSet<>();
        private volatile int acks;

        Views(final List<String> fields, final boolean isEvent) {
            this.fields = fields;
            this.isEvent = isEvent;
        }

        @Override
        public synchronized boolean add(final String text) {
            final Map<?, ?> message = ParsedJson.object(ParsedJson.parse(text));
            final String type = ParsedJson.bare(message.get("type"));
            if (type.equals("ack")) {
                assertThat(text).contains("\"op\":\"subscribe\"").doesNotContain("warnings");
                acks++;
            } else if (type.equals("error")) {
                throw new AssertionError(text);
            } else if (type.equals("snapshot") || type.equals("update")) {
                ParsedJson.list(message.get("data")).forEach(entry ->
                    show(ParsedJson.bare(message.get("sub")), type.equals("update"), ParsedJson.object(entry)));
            }
            return true;
        }

        private void show(final String sub, final boolean isUpdate, final Map<?, ?> entry) {
            if (!(entry.get("v") instanceof Map<?, ?> value)) {
                return;
            }
            final String topic = sub + " " + ParsedJson.bare(entry.get("s"));
            if (isEvent) {
                final Map<String, Object> event = new TreeMap<>();
                value.forEach((field, each) -> event.put((String) field, each));
                events.computeIfAbsent(topic, key -> new ArrayList<>()).add(event);
                return;
            }
            final boolean isDelta = sub.equals("delta") || sub.equals("both");
            final Map<String, Object> held = values.computeIfAbsent(topic, key -> new TreeMap<>());
            if (!isUpdate || !isDelta) {
                held.clear();
            }
            if (isUpdate && isDelta && !entry.containsKey("c")) {
                value.forEach((field, each) -> assertThat(each).as(topic + " " + field + " has changed")
                    .isNotEqualTo(held.get(field)));
            }
            value.forEach((field, each) -> held.put((String) field, each));
            for (final Object gone : entry.get("removed") == null ? List.of() : ParsedJson.list(entry.get("removed"))) {
                held.remove(ParsedJson.bare(gone));
            }
            if (sub.equals("fields") || sub.equals("both")) {
                value.keySet().forEach(field -> sentFields.add((String) field));
            }
        }

        /** The views show the whole values, or the selected fields of them. */
        synchronized void check() {
            if (isEvent) {
                checkEvents();
                return;
            }
            final Map<String, Map<String, Object>> expected = new TreeMap<>();
            values.forEach((topic, value) -> {
                if (topic.startsWith("whole ")) {
                    final String symbol = topic.substring("whole ".length());
                    final Map<String, Object> selected = new TreeMap<>(value);
                    selected.keySet().retainAll(fields);
                    expected.put(topic, value);
                    expected.put("delta " + symbol, value);
                    expected.put("fields " + symbol, selected);
                    expected.put("both " + symbol, selected);
                }
            });
            assertThat(expected).isNotEmpty();
            assertThat(values).isEqualTo(expected);
            assertThat(sentFields).containsExactlyInAnyOrderElementsOf(fields);
        }

        private void checkEvents() {
            final Map<String, List<Map<String, Object>>> expected = new TreeMap<>();
            events.forEach((topic, seen) -> {
                if (topic.startsWith("whole ")) {
                    expected.put(topic, seen);
                    expected.put("fields " + topic.substring("whole ".length()), seen.stream().map(event -> {
                        final Map<String, Object> selected = new TreeMap<>(event);
                        selected.keySet().retainAll(fields);
                        return selected;
                    }).toList());
                }
            });
            assertThat(expected).isNotEmpty();
            assertThat(events).isEqualTo(expected);
        }
    }
}
