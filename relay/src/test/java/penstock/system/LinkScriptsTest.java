package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;

/** The scripts of the page "binary messages" print what a client of JSON is sent by the same relay, byte for byte. */
@Tag("browser")
@Timeout(120)
class LinkScriptsTest {
    private static final String ADDRESS = "localhost:8080";
    private static final Pattern ENTRY = Pattern.compile("\\{\"s\":\"(\\w+)\",\"q\":(\\d+)[^{]*\"v\":(\\{[^}]*})}");
    private static final Pattern LINE = Pattern.compile("(\\w+) (\\d+) live (\\{.*})");
    private static final int LINES = 300;

    @TempDir
    private Path folder;

    @Test
    void shouldReadEveryValueInJavaScript() throws Exception {
        final Path client = Path.of("clients/js").toRealPath();
        final String script = "import WebSocket from \"ws\"\n" + block("js");
        shouldReadWhatJsonSays(List.of("node", "--input-type=module", "-e"), script, client);
    }

    @Test
    void shouldReadEveryValueInPython() throws Exception {
        shouldReadWhatJsonSays(PythonScript.command("-c"), block("python"), folder);
    }

    private static void shouldReadWhatJsonSays(final List<String> interpreter, final String script, final Path folder)
            throws Exception {
        try (DemoFeed feed = DemoFeed.start(0); RelayRig rig = new RelayRig("demo", feed.url())) {
            final String url = "ws://localhost:" + rig.relay.port() + "/v1/ws";
            final Map<String, String> values = new ConcurrentHashMap<>();
            final WebSocket json = HttpClient.newHttpClient().newWebSocketBuilder()
                .buildAsync(URI.create(url + "?symbols=*&interval=0"), listener(values)).join();
            assertThat(script).contains(ADDRESS);
            final List<String> command = new ArrayList<>(interpreter);
            command.add(script.replace(ADDRESS, "localhost:" + rig.relay.port()));
            final Process process =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
            final Map<String, String> printed = new ConcurrentHashMap<>();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                while (printed.size() < LINES) {
                    final String line = out.readLine();
                    final Matcher entry = LINE.matcher(String.valueOf(line));
                    assertThat(entry.matches()).as(line).isTrue();
                    printed.put(entry.group(1) + ' ' + entry.group(2), entry.group(3));
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
            // each session may have conflated what the other one was sent
            Awaitility.await().atMost(Patience.SECONDS, TimeUnit.SECONDS).untilAsserted(
                () -> assertThat(printed.keySet().stream().filter(values::containsKey)).hasSizeGreaterThan(LINES / 3));
            json.abort();
            assertThat(printed).allSatisfy((topic, value) -> assertThat(values.getOrDefault(topic, value)).as(topic)
                .isEqualTo(value));
        }
    }

    private static String block(final String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Pages.text("relay/docs/link.md")).results().map((MatchResult found) -> found.group(1))
            .findFirst().orElseThrow();
    }

    /** Collects the values by symbol and sequence. */
    private static WebSocket.Listener listener(final Map<String, String> values) {
        return new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(final WebSocket socket, final CharSequence part, final boolean last) {
                text.append(part);
                if (last) {
                    ENTRY.matcher(text).results()
                        .forEach(entry -> values.put(entry.group(1) + ' ' + entry.group(2), entry.group(3)));
                    text.setLength(0);
                }
                socket.request(1);
                return null;
            }
        };
    }
}
