package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.VenueName;
import penstock.testkit.EndedProcess;
import penstock.testkit.Patience;

/** The command line with wrong configurations, and with a right one. */
@Timeout(Patience.TEST_SECONDS)
class CommandLineTest {
    private static final String THREE_MISTAKES = """
        feed {
          venue = demo
          url = "htp://localhost:1"
        }
        server {
          prot = 8080
        }
        fanout.interval.default = fast
        """;

    @TempDir
    private Path folder;
    private String out;
    private String err;

    @Test
    void shouldShowThreeMessagesForThreeMistakesAndExitWith78() throws Exception {
        final Path file = write(THREE_MISTAKES);
        // a process for the one; the rest of both commands is the same
        for (final String command : List.of("run", "check")) {
            final String[] args = {command, "-c", file.toString()};
            assertThat(command.equals("run") ? child(args) : run(args)).as(err).isEqualTo(78);
            assertThat(out).isEmpty();
            assertThat(err.lines().toList()).hasSize(3);
            assertThat(err.lines().toList().get(0)).startsWith(file + ":3: feed.url: ")
                .contains("ws://", "htp://localhost:1");
            assertThat(err.lines().toList().get(1))
                .startsWith(file + ":6: server.prot: unknown key; did you mean port?");
            assertThat(err.lines().toList().get(2))
                .startsWith(file + ":8: fanout.interval.default: must be a duration like")
                .contains("got fast");
        }
    }

    @Test
    void shouldAnswerWrongUsageWithTheMistakeAndTheWayToTheHelp() throws Exception {
        assertThat(child("run")).isEqualTo(2);
        assertThat(err.lines()).containsExactly("Missing required option: '--config=FILE'", "see relay run --help");
        assertThat(run("help", "run")).isZero();
        assertThat(out).startsWith("Run the relay.");
        for (final String command : List.of("check", "probe", "replay")) {
            assertThat(run("help", command)).isZero();
            assertThat(out).as(command).contains(VenueName.BUILT_IN);
        }
    }

    @Test
    void shouldNameAMissingVariableOfTheVenue() throws Exception {
        final Path file = write("feed { venue = tradermade-v1, symbols = [EURUSD] }\n");
        assertThat(child("run", "-c", file.toString())).isEqualTo(78);
        assertThat(err.lines().toList()).hasSize(2).last().asString().startsWith(file + ": ")
            .contains("tradermade-v1", "environment", "TRADERMADE_KEY");
    }

    @Test
    void shouldListTheVenuesIfOneIsUnknown() throws IOException {
        final Path file = write("feed {\n  venue = binanse\n}\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(78);
        assertThat(err).startsWith(file + ":2: feed.venue: ").contains("binanse", "binance");
        assertThat(err.lines()).hasSize(1);
    }

    @Test
    void shouldSayThatAPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            final Path file = write("feed { venue = demo, url = \"ws://127.0.0.1:1\" }\nadmin.enabled = false\n");
            assertThat(child("run", "-c", file.toString(), "--set", "server.warm-up=false", "--set",
                "server.port=" + taken.getLocalPort()))
                .isEqualTo(1);
            assertThat(err).contains("A port is taken", "server.port = " + taken.getLocalPort(), "--set server.port=");
            assertThat(err).doesNotContain("Exception", "\tat ");
        }
    }

    @Test
    void shouldRejectWrongSettings() throws IOException {
        final Path file = write("feed { venue = demo, url = \"ws://127.0.0.1:1\" }\n");
        assertThat(run("check", "-c", file.toString(), "--set", "server.prot=1", "--set", "server.port=high", "--set",
            "nothing"))
            .isEqualTo(78);
        assertThat(err)
            .contains("--set", "server.prot: unknown key; did you mean port?", "server.port: must be a whole number",
            "nothing");
        assertThat(err.lines()).hasSize(3);
        assertThat(run("--set", "server.port=high")).isEqualTo(78);
        assertThat(err).contains("server.port: must be a whole number");
    }

    @Test
    void shouldSayThatAFileIsMissing() throws IOException {
        final String none = folder.resolve("none.conf").toString();
        for (final String command : List.of("run", "check")) {
            assertThat(run(command, "-c", none)).isEqualTo(78);
            assertThat(err).contains(none, "no such file").doesNotContain("Exception");
            assertThat(err.lines()).hasSize(1);
        }
        assertThat(run("check")).isEqualTo(2);
        assertThat(err).contains("--config");
        assertThat(run("serve")).isEqualTo(2);
        assertThat(err).contains("serve");
    }

    @Test
    void shouldPrintTheEffectiveConfigurationWithSecretsMasked() throws IOException {
        final Path file = write("""
            feed { venue = demo, url = "ws://127.0.0.1:1/x?token=hidden-2", headers { Authorization = hidden-3 } }
            admin.token = hidden-4
            """);
        assertThat(run("check", "-c", file.toString(), "--set", "server.port=9999")).as(err).isZero();
        assertThat(out).contains("port = 9999", "heartbeat = 5", "venue = ", "demo").doesNotContain("hidden");
        assertThat(err).isEmpty();
    }

    @Test
    void shouldRejectCredentialsInAnAddressAndNotRepeatThem() throws IOException {
        final Path file = write("feed {\n  venue = demo\n  url = \"ws://user:hidden@127.0.0.1:1/x\"\n}\n");
        assertThat(run("check", "-c", file.toString())).isEqualTo(78);
        assertThat(err).startsWith(file + ":3: feed.url: must not carry user:password@").doesNotContain("hidden");
    }

    /** A plugin may create the first HTTP client of the process, and the JDK reads the property with the first. */
    @Test
    void shouldAllowBasicCredentialsForProxiesBeforeItRunsACommand() {
        final String refused = "jdk.http.auth.tunneling.disabledSchemes";
        final String before = System.clearProperty(refused);
        try {
            run("--version");
            assertThat(System.getProperty(refused)).isEmpty();
            System.setProperty(refused, "Basic");
            run("--version");
            assertThat(System.getProperty(refused)).isEqualTo("Basic");
        } finally {
            System.setProperty(refused, before == null ? "" : before);
        }
    }

    private Path write(final String text) throws IOException {
        return Files.writeString(folder.resolve("relay.conf"), text);
    }

    private int run(final String... args) {
        final CommandRun run = CommandRun.of(args);
        out = run.out();
        err = run.err();
        return run.code();
    }

    private int child(final String... args) throws Exception {
        final List<String> command =
            new ArrayList<>(List.of(new File(System.getProperty("java.home"), "bin/java").getPath(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-cp", System.getProperty("java.class.path"), "penstock.Main"));
        command.addAll(List.of(args));
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PENSTOCK_") || name.equals("TRADERMADE_KEY"));
        final EndedProcess process = EndedProcess.run(builder, folder);
        out = process.out();
        err = process.err();
        return process.code();
    }
}
