package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The relay as a process of its own, with a heap of 256 MiB, serving five thousand sessions until it gets a signal to
 * end.
 */
@Tag("slow")
class DrainTest {
    private static final int SESSIONS = 5_000;
    private static final Pattern PORT = Pattern.compile("ws://localhost:(\\d+)/v1/ws");

    @Test
    void shouldServeFiveThousandSessionsAndDrainThemWithinFiveSeconds() throws Exception {
        final Process relay = new ProcessBuilder(new File(System.getProperty("java.home"), "bin/java").getPath(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx256m", "-cp",
            System.getProperty("java.class.path"), "penstock.Main", "demo", "--set", "server.port=0", "--set",
            "admin.enabled=false")
            .redirectErrorStream(true).start();
        final BufferedReader out =
            new BufferedReader(new InputStreamReader(relay.getInputStream(), StandardCharsets.UTF_8));
        try (SubscriberFleet fleet = new SubscriberFleet(port(out))) {
            for (int i = 0; i < SESSIONS; i++) {
                fleet.open("/v1/ws?symbols=EURUSD,BTC*&interval=1000", 0);
            }
            await("sessions").atMost(Duration.ofSeconds(60))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.isSnapshotDone));
            await("updates").atMost(Duration.ofSeconds(20))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.updates > 0));
            final long beganNs = System.nanoTime();
            relay.toHandle().destroy();
            assertThat(relay.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(System.nanoTime() - beganNs).as("drain, ns").isLessThan(TimeUnit.SECONDS.toNanos(5));
            final List<String> said = out.lines().toList();
            assertThat(relay.exitValue()).as(String.join("\n", said)).isZero();
            assertThat(said).noneMatch(line -> line.contains("ERROR"));
            await("close frames").atMost(Duration.ofSeconds(10))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.isGone));
            assertThat(fleet.subscribers).allMatch(subscriber -> subscriber.closeCode == 4503);
            assertThat(fleet.subscribers.get(0).controls).contains("close 4503 retryAfter=2000");
            assertThat(fleet.breaches()).isEmpty();
        } finally {
            relay.destroyForcibly();
        }
    }

    private static int port(final BufferedReader out) throws Exception {
        String line = out.readLine();
        while (line != null) {
            final Matcher port = PORT.matcher(line);
            if (port.find()) {
                return Integer.parseInt(port.group(1));
            }
            line = out.readLine();
        }
        throw new AssertionError("the relay printed no address");
    }
}
