package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;

/** A relay as a process of its own, and the signals that operators and terminals send. */
@Tag("slow")
@Timeout(Patience.TEST_SECONDS)
class SignalsTest {
    @Test
    void shouldIgnoreSignalsThatWouldEndItWithoutADrain() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo")) {
            relay.signal("HUP");
            if (!isHangupIgnored()) {
                relay.awaitLine("the configuration was read again: nothing has changed");
            }
            relay.signal("USR1");
            relay.awaitLine("SIGUSR1 reloads nothing");
            try (HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws")) {
                assertThat(client.ask("{\"op\":\"ping\"}")).contains("pong");
                relay.signal("TERM");
                assertThat(client.readClose()).isEqualTo("close 4503 retryAfter=2000");
            }
            assertThat(relay.terminate(3_000)).isZero();
        }
    }

    /** Under nohup the kernel ignores the signal for all children, and no handler sees it. */
    private static boolean isHangupIgnored() throws IOException {
        final String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:")).findFirst().orElse("SigIgn: 0");
        return (Long.parseUnsignedLong(ignored.substring(7).trim(), 16) & 1) != 0;
    }

    /** The configuration is a pipe without a writer at its end, so the relay waits for it and is not up. */
    @Test
    void shouldExitWithZeroBeforeItIsUp(@TempDir final Path folder) throws Exception {
        final Path pipe = folder.resolve("relay.conf");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
        final Process relay = RelayProcess.startOnly("run", "-c", pipe.toString());
        try (OutputStream writer = opened(pipe)) {
            writer.write('#');
            relay.toHandle().destroy();
            assertThat(relay.waitFor(3, TimeUnit.SECONDS)).isTrue();
            assertThat(relay.exitValue()).isZero();
        } finally {
            relay.destroyForcibly();
        }
    }

    /** A client that neither reads nor answers is cut when the drain time is over. */
    @Test
    void shouldEndWithinItsTimeWhenAClientDoesNotAnswer() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.drain-time=500ms");
             HostileClient silent = HostileClient.upgraded(relay.port, "/v1/ws?symbols=*&interval=0")) {
            assertThat(silent.reply()).contains("\"ack\"");
            final long beganNs = System.nanoTime();
            assertThat(relay.terminate(2_500)).isZero();
            assertThat(System.nanoTime() - beganNs).isGreaterThan(500_000_000L);
            assertThat(silent.isCut()).isTrue();
        }
    }

    /** Waits until the relay has opened the pipe at its other end. */
    private static OutputStream opened(final Path pipe) throws Exception {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Files.newOutputStream(pipe);
            } catch (final IOException e) {
                throw new UncheckedIOException(e);
            }
        }).get(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
