package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** The script of the page has what the relay has, also behind a relay that begins again. */
@Tag("browser")
@Timeout(Patience.TEST_SECONDS)
class BusScriptTest {
    private static final String ADDRESS = "nats://localhost:4222";
    private static final Pattern LINE = Pattern.compile("(\\w+) (\\d+) (\\{.*})");
    private static final int PARTITIONS = 16;

    @TempDir
    private Path folder;
    private final Map<String, List<Object>> read = new ConcurrentHashMap<>();
    private final Queue<String> others = new ConcurrentLinkedQueue<>();

    @Test
    void shouldJoinFollowAndJoinAgain() throws Exception {
        final String script = Pages.text("relay/docs/how-to/nats-bus.md");
        final String block = Pattern.compile("```js\n(.*?)```", Pattern.DOTALL).matcher(script).results()
            .map((MatchResult found) -> found.group(1)).findFirst().orElseThrow();
        assertThat(block).contains(ADDRESS);
        final Path client = Path.of("clients/js/examples").toRealPath();
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0)) {
            Process process = null;
            try (BusRig first = new BusRig(feed, "bus.nats.url=" + nats.url(0))) {
                await().atMost(Patience.LIMIT).until(() -> first.metric("penstock_bus_messages_total") > 100);
                process = new ProcessBuilder("node", "--input-type=module", "-e", block.replace(ADDRESS, nats.url(0)))
                    .directory(client.toFile()).redirectErrorStream(true).start();
                follow(process);
                await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(count("joined")).isEqualTo(PARTITIONS));
                await().atMost(Patience.LIMIT).until(() -> read.size() > 40);
                assertThat(count("gap")).isZero();
            }
            try (BusRig second = new BusRig(feed, "bus.nats.url=" + nats.url(0))) {
                await().atMost(Patience.LIMIT).untilAsserted(() -> {
                    assertThat(count("gap")).as(others.toString()).isEqualTo(PARTITIONS);
                    assertThat(count("joined")).as(others.toString()).isEqualTo(2 * PARTITIONS);
                });
                feed.server().stop();
                await().atMost(Patience.LIMIT).untilAsserted(() -> {
                    final Map<String, List<Object>> expected = new TreeMap<>();
                    second.values().forEach((name, value) -> {
                        if (name.startsWith("quote ")) {
                            expected.put(name.substring("quote ".length()), value);
                        }
                    });
                    assertThat(expected).hasSizeGreaterThan(40);
                    assertThat(new TreeMap<>(read)).isEqualTo(expected);
                });
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
        assertThat(others).allMatch(line -> line.matches("(joined|gap) \\d+"));
    }

    private long count(final String word) {
        return others.stream().filter(line -> line.startsWith(word)).count();
    }

    private void follow(final Process process) {
        final Thread reader = new Thread(() -> {
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    final Matcher value = LINE.matcher(line);
                    if (value.matches()) {
                        read.put(value.group(1),
                            List.of(Long.parseLong(value.group(2)), ParsedJson.parse(value.group(3))));
                    } else {
                        others.add(line);
                    }
                }
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }, "script");
        reader.setDaemon(true);
        reader.start();
    }
}
