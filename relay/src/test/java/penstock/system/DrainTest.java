package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The relay as a process of its own, with a heap of 256 MiB, serving five thousand sessions until it gets a signal to
 * end.
 */
@Tag("slow")
class DrainTest {
    private static final int SESSIONS = 5_000;

    @Test
    void shouldServeFiveThousandSessionsAndDrainThemWithinFiveSeconds() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.io-threads=1");
             SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            for (int i = 0; i < SESSIONS; i++) {
                fleet.open("/v1/ws?symbols=EURUSD,BTC*&interval=1000", 0);
            }
            await("sessions").atMost(Duration.ofSeconds(60))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.isSnapshotDone));
            await("updates").atMost(Duration.ofSeconds(20))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.updates > 0));
            final long beganNs = System.nanoTime();
            assertThat(relay.terminate(10_000)).isZero();
            assertThat(System.nanoTime() - beganNs).as("drain, ns").isLessThan(TimeUnit.SECONDS.toNanos(5));
            final List<String> said = relay.printed();
            assertThat(said).noneMatch(line -> line.contains("ERROR"));
            await("close frames").atMost(Duration.ofSeconds(10))
                .until(() -> fleet.subscribers.stream().allMatch(s -> s.isGone));
            assertThat(fleet.subscribers).allMatch(subscriber -> subscriber.closeCode == 4503);
            final Set<String> reasons = new HashSet<>();
            fleet.subscribers.forEach(subscriber -> reasons.addAll(subscriber.controls.stream()
                .filter(text -> text.startsWith("close 4503 retryAfter=")).toList()));
            assertThat(reasons).as("each session has its own time to return").hasSize(SESSIONS);
            assertThat(fleet.breaches()).isEmpty();
        }
    }
}
