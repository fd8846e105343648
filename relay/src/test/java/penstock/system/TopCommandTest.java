package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.Patience;
import penstock.top.TopCommand;
import penstock.venue.Venue;
import picocli.CommandLine;

/** {@code relay top --once} of a relay on free ports. */
class TopCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldPrintOneScreenOfARelayThenOfItsCountersFile() throws Exception {
        final Path rules = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE);
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "server { port = 0, io-threads = 2 }\nadmin.port = 0\nfeed { venue = \"" + rules
            + "\", url = \"ws://127.0.0.1:1\", symbols = [A0], channels = [quote] }\ntelemetry.dir = \""
            + folder.resolve("counters") + "\"\n", List.of());
        try (Relay relay = new Relay(config, Venue.load(rules.toString(), config.feed().settings(), key -> null),
                null)) {
            await("lost").atMost(Patience.LIMIT).until(() ->
                top("--once", "--url", "127.0.0.1:" + relay.adminPort()) == 0
                && out.toString().contains("upstream_unreachable")
                && out.toString().lines().anyMatch(line ->
                    line.matches("threads fanout-0 \\d+ %  fanout-1 .* %  feed .*")));
            final List<String> lines = out.toString().lines().toList();
            assertThat(lines.get(0)).startsWith("PRICES ARE NOT LIVE  127.0.0.1:" + relay.adminPort());
            assertThat(lines.get(1)).startsWith("CRITICAL feed ticking: its prices are not live, for ");
            assertThat(lines.get(2)).contains("because the venue cannot be reached");
            assertThat(out.toString()).doesNotContain("\u001b").doesNotEndWith("\n\n");

            assertThat(top("--once", "--url", "127.0.0.1:1", "--dir", folder.resolve("counters").toString())).isZero();
            assertThat(out.toString().lines().findFirst().orElseThrow()).startsWith(
                "the process does not answer: figures of its counters file, " + folder.resolve("counters"));
            assertThat(out.toString().lines().skip(1).findFirst().orElseThrow())
                .as("a busy machine may be late").matches("(running|stuck for .*); .*");
        }
    }

    @Test
    void shouldShowARelayAndTheOneBehindIt() throws Exception {
        try (Relay ingest = relay("ingest-a", "feed { venue = demo, url = \"ws://127.0.0.1:1\" }");
                Relay edge = relay("edge-1", "feed { venue = penstock, url = \"ws://127.0.0.1:" + ingest.port()
                    + "/v1/ws\" }")) {
            await("edge").atMost(Patience.LIMIT).until(() ->
                top("--once", "--url", "127.0.0.1:" + edge.adminPort()) == 0
                && out.toString().lines().anyMatch(line ->
                    line.matches("link live  hop 1  epoch \\d+  lag [\\d.]+ m?s  waiting .*")));
            assertThat(out.toString().lines().findFirst().orElseThrow()).endsWith("UTC  edge");
            await("ingest").atMost(Patience.LIMIT).until(() ->
                top("--once", "--url", "127.0.0.1:" + ingest.adminPort()) == 0
                && out.toString().lines().anyMatch(line -> line.matches("edge edge-1  late .*/s  conflated .*/s")));
            assertThat(out.toString().lines().findFirst().orElseThrow()).endsWith("UTC  ingest");
        }
    }

    private Relay relay(final String name, final String feed) throws Exception {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", feed + "\nlease.name = "
            + name + "\nserver { port = 0, io-threads = 1, drain-time = 0 }\nadmin.port = 0\ntelemetry.dir = \""
            + folder.resolve(name) + "\"\n", List.of());
        return new Relay(config, config.feeds().values().stream()
            .map(each -> Venue.load("demo", each.settings(), key -> null)).toList(), null, Clock.systemUTC());
    }

    @Test
    void shouldSayWhatToDoIfThereIsNoRelayOrNoRight() throws Exception {
        assertThat(top("--once", "--url", "127.0.0.1:1", "--dir", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no relay answers at 127.0.0.1:1", "no relay in " + folder);
        assertThat(top("--once", "--url", "http://relay.invalid:1")).isEqualTo(1);
        assertThat(err.toString()).contains("no relay answers at relay.invalid:1", "--url", "--dir");
        assertThat(top("--url", "ftp://x")).isEqualTo(2);
        assertThat(err.toString()).contains("--url must be an http or https address");
        assertThat(top("--interval", "0")).isEqualTo(2);
        assertThat(top("--token-env", "NO_SUCH_VARIABLE_HERE")).isEqualTo(2);
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "server { port = 0, io-threads = 1 }\nadmin { port = 0, token = s3cret }\nfeed { venue = demo, "
            + "url = \"ws://127.0.0.1:1\" }\n", List.of());
        try (Relay relay = new Relay(config, Venue.load("demo", config.feed().settings(), key -> null), null)) {
            assertThat(top("--once", "--url", "127.0.0.1:" + relay.adminPort())).isEqualTo(1);
            assertThat(err.toString()).contains("with 401; name the environment variable with admin.token by");
        }
    }

    private int top(final String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new TopCommand()).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler((failure, command, parsed) -> {
                command.getErr().println(failure.getMessage());
                return 1;
            }).execute(arguments);
    }
}
