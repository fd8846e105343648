package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;

/** {@code relay top} in a real terminal, that of tmux: keys, another size, and the terminal afterwards. */
@Tag("gate")
class TopTerminalTest {
    private static final Duration SOON = Patience.LIMIT;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final String DONE = "the shell is back";

    @TempDir
    private Path folder;
    private TickingVenue venue;
    private RelayProcess relay;
    private SubscriberFleet fleet;

    @BeforeEach
    void start() throws Exception {
        venue = new TickingVenue("A");
        final Path rules = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE);
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \"" + rules + "\", url = \""
            + venue.url() + "\", symbols = [A0, A1], channels = [quote] }\n");
        relay = RelayProcess.start("run", "-c", config.toString(), "--set",
            "telemetry.dir=" + folder.resolve("counters"));
        fleet = new SubscriberFleet(relay.port);
        fleet.open("/v1/ws?symbols=*", 0);
        fleet.open("/v1/ws?symbols=*", 0);
    }

    @AfterEach
    void stop() throws Exception {
        run("tmux", "-L", socket(), "kill-server");
        fleet.close();
        relay.close();
        venue.close();
    }

    @Test
    void shouldFollowKeysAndTheWindowAndLeaveTheTerminalAsItWas() throws Exception {
        top("NO_COLOR=1");
        until("live", "PRICES ARE LIVE");
        until("rates", "in [0-9,]+/s  delivered [0-9,]+/s");
        assertThat(screen()).contains("late↓").contains("q end  s sort");

        keys("s");
        until("sorted by the next order", "blocked↓");
        tmux("resize-window", "-t", "top", "-x", "70", "-y", "12");
        await("the last line of a small window").atMost(SOON).until(() -> {
            final List<String> lines = screen().lines().toList();
            return lines.size() == 12 && lines.get(11).startsWith("q end") && lines.get(0).startsWith("PRICES");
        });
        tmux("resize-window", "-t", "top", "-x", "150", "-y", "40");
        until("the large window again", "missed +topics");

        keys("Down", "Enter");
        until("one session", "subscription 0: quote, mode conflate");
        keys("Escape");
        until("all sessions", "missed +topics");
        final int before = relay.get(relay.adminPort, "/admin/v1/ended").body().split("\"KD\"").length;
        keys("k");
        until("the question", "close session \\w+\\? y closes it");
        keys("n");
        until("no", "not closed");
        keys("k", "y");
        until("yes", "session \\w+ is closed");
        assertThat(relay.get(relay.adminPort, "/admin/v1/ended").body().split("\"KD\"")).hasSize(before + 1);

        keys("?");
        until("the keys", "close the session, after a question");
        keys("q", "q");
        assertIsBack();
    }

    @Test
    void shouldShowTheCountersFileWhileTheProcessStandsStill() throws Exception {
        top("TERM=screen-256color");
        until("live", "PRICES ARE LIVE");
        relay.signal("STOP");
        until("the counters file", "^the process does not answer: figures of its counters file, "
            + folder.resolve("counters"));
        until("since when", "stuck for [0-9]+ s: fanout-0");
        relay.signal("CONT");
        until("the process again", "^PRICES ARE LIVE");
        venue.kill();
        until("why not", "^PRICES ARE NOT LIVE");
        assertThat(screen().lines().skip(1).findFirst().orElseThrow())
            .startsWith("CRITICAL feed ticking: its prices are not live, for ");
        keys("C-c");
        assertIsBack();
    }

    @Test
    void shouldLeaveTheTerminalAsItWasAfterASignal() throws Exception {
        top("NO_COLOR=1");
        until("live", "PRICES ARE LIVE");
        run("sh", "-c", "kill $(cat " + folder.resolve("pid") + ")");
        assertIsBack();
        assertThat(screen()).startsWith("143 " + DONE);
    }

    /** A shell in a window of 150 by 40; it runs the view, then prints what has become of the terminal. */
    private void top(final String variable) throws Exception {
        final List<String> command = new ArrayList<>(RelayProcess.java("penstock.Main"));
        command.addAll(List.of("top", "--url", "127.0.0.1:" + relay.adminPort, "--interval", "1", "--dir",
            folder.resolve("counters").toString()));
        final String quoted = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        final Path script = Files.writeString(folder.resolve("script.sh"), "stty -g >" + folder.resolve("before")
            + "\nsh -c 'echo $$ >" + folder.resolve("pid") + "; exec \"$@\"' sh env " + variable + ' ' + quoted
            + " 2>" + folder.resolve("errors") + "\ncode=$?\nstty -g >" + folder.resolve("after")
            + "\necho $code " + DONE + "\nexec cat\n");
        tmux("-f", "/dev/null", "new-session", "-d", "-s", "top", "-x", "150", "-y", "40", "sh " + script);
    }

    private void assertIsBack() throws Exception {
        until("the shell", DONE);
        assertThat(screen()).as("the screen of the shell, not of the view").doesNotContain("PRICES", "q end");
        assertThat(Files.readString(folder.resolve("after"))).isEqualTo(Files.readString(folder.resolve("before")));
        assertThat(errors()).isEmpty();
        assertThat(tmux("display-message", "-p", "-t", "top", "#{cursor_flag} #{alternate_on}").strip())
            .as("the cursor is seen, on the usual screen").isEqualTo("1 0");
    }

    private void until(final String what, final String pattern) {
        await(what).atMost(SOON).pollInterval(POLL).untilAsserted(() -> assertThat(screen() + errors())
            .containsPattern(Pattern.compile(pattern, Pattern.MULTILINE)));
    }

    /** What the view has printed on standard error. */
    private String errors() throws IOException {
        final Path file = folder.resolve("errors");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void keys(final String... names) throws Exception {
        for (final String name : names) {
            tmux("send-keys", "-t", "top", name);
        }
    }

    private String screen() throws IOException, InterruptedException {
        return tmux("capture-pane", "-p", "-t", "top");
    }

    private String tmux(final String... arguments) throws IOException, InterruptedException {
        final List<String> command = new ArrayList<>(List.of("tmux", "-u", "-L", socket()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    /** Each test has a server of its own. */
    private String socket() {
        return "penstock-" + folder.getFileName();
    }

    private static String run(final String... command) throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8"));
        final Process process;
        try {
            process = builder.start();
        } catch (final IOException e) {
            throw new AssertionError(command[0] + " is missing: apt-get install tmux", e);
        }
        final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return printed;
    }
}
