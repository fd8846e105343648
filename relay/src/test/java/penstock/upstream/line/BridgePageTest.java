package penstock.upstream.line;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;

/** The bridge of the page "connect your feed", with a program of the test that prints what redis-cli prints. */
@Timeout(60)
class BridgePageTest {
    private static final Pattern SCRIPT = Pattern.compile("```sh\n(#!/bin/sh\n# redis-to-lines.*?)```", Pattern.DOTALL);
    /** Not on a terminal: the reply to each subscription, then kind, channel and payload of each message. */
    private static final String REDIS = """
        #!/bin/sh
        echo "$*" >>"$0.calls"
        cat <<'END'
        subscribe
        quotes:fx
        1
        subscribe
        message
        2
        message
        quotes:fx
        {"symbol":"EURUSD","bid":1.1}
        message
        message
        {"symbol":"XAUUSD","bid":4000}
        END
        """;

    @TempDir
    private Path folder;

    @Test
    void shouldPrintTheMessagesOfRedisAndSubscribeAgainAfterALoss() throws Exception {
        final Matcher script = SCRIPT.matcher(Pages.text("relay/docs/how-to/connect-your-feed.md"));
        assertThat(script.find()).isTrue();
        assertThat(script.group(1).lines().count()).isLessThanOrEqualTo(20);
        final Path bridge = executable("redis-to-lines", script.group(1));
        final Path redis = executable("redis-cli", REDIS);
        final ProcessBuilder builder = new ProcessBuilder(bridge.toString(), "quotes:fx", "message");
        builder.environment().merge("PATH", folder.toString(), (path, own) -> own + ":" + path);
        final Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            final List<String> lines = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                lines.add(out.readLine());
            }
            assertThat(lines).containsExactly("{\"symbol\":\"EURUSD\",\"bid\":1.1}",
                "{\"symbol\":\"XAUUSD\",\"bid\":4000}", "{\"symbol\":\"EURUSD\",\"bid\":1.1}");
            assertThat(Files.readAllLines(Path.of(redis + ".calls")))
                .startsWith("--raw SUBSCRIBE quotes:fx message", "--raw SUBSCRIBE quotes:fx message");
        } finally {
            // whoever is left could write into the folder while it is deleted
            final List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly().waitFor();
            for (final ProcessHandle child : children) {
                child.destroyForcibly();
                child.onExit().get(10, TimeUnit.SECONDS);
            }
        }
    }

    private Path executable(final String name, final String text) throws Exception {
        final Path file = Files.writeString(folder.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }
}
