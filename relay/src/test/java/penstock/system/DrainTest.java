package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.testkit.RunningClock;

/**
 * The relay as a process of its own, with a heap of 256 MiB, serving five thousand sessions, or in each build a
 * thousand, until it gets a signal to end. It has five seconds then, on any machine. So one that gives a thread a tenth
 * of its time has a tenth of the sessions: work for as much time of a core.
 */
@Tag("slow")
class DrainTest {
    /** A new session costs its client and the relay a millisecond of a core together. */
    private static final Duration TO_OPEN = Duration.ofMinutes(3);
    private static final int LEAST_SESSIONS = 250;
    private static final long PROBE_NS = 200_000_000;

    @Test
    void shouldServeAThousandSessionsAndDrainThemWithinFiveSeconds() throws Exception {
        serveAndDrain(1_000);
    }

    @Test
    @Tag("gate")
    @Tag("alone")
    void shouldServeFiveThousandSessionsAndDrainThemWithinFiveSeconds() throws Exception {
        serveAndDrain(5_000);
    }

    private static void serveAndDrain(final int most) throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.io-threads=1");
             SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final int sessions = Math.max(LEAST_SESSIONS, (int) (most * shareOfACore()));
            for (int i = 0; i < sessions; i++) {
                fleet.open("/v1/ws?symbols=EURUSD,BTC*&interval=5000", 0);
            }
            await("sessions").atMost(TO_OPEN).until(() -> fleet.subscribers.stream().allMatch(s -> s.isSnapshotDone));
            await("updates").atMost(TO_OPEN).until(() -> fleet.subscribers.stream().allMatch(s -> s.updates > 0));
            try (RunningClock clock = new RunningClock()) {
                assertThat(relay.terminate(TO_OPEN.toMillis())).isZero();
                assertThat(clock.ns()).as("drain, ns").isLessThan(TimeUnit.SECONDS.toNanos(5));
            }
            final List<String> said = relay.printed();
            assertThat(said).noneMatch(line -> line.contains("ERROR"));
            await("close frames").until(() -> fleet.subscribers.stream().allMatch(s -> s.isGone));
            assertThat(fleet.subscribers).extracting(subscriber -> subscriber.closeCode).containsOnly(4503);
            final Set<String> reasons = new HashSet<>();
            fleet.subscribers.forEach(subscriber -> reasons.addAll(subscriber.controls.stream()
                .filter(text -> text.startsWith("close 4503 retryAfter=")).toList()));
            assertThat(reasons).as("each session has its own time to return").hasSize(sessions);
            assertThat(fleet.breaches()).isEmpty();
        }
    }

    @Test
    @Tag("gate")
    @Tag("alone")
    void shouldRefuseNewSessionsAtOnceAndCloseTheOpenOnesEvenly() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo"); SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            open(fleet, 1_000);
            assertThat(relay.get(relay.adminPort, "/readyz").statusCode()).isEqualTo(200);
            final long beganNs = System.nanoTime();
            relay.process.toHandle().destroy();
            int status = 200;
            while (status == 200) {
                status = relay.get(relay.adminPort, "/readyz").statusCode();
            }
            assertThat(status).isEqualTo(503);
            final long unreadyNs = System.nanoTime() - beganNs;
            assertThat(unreadyNs).as("until it is not ready, ns").isLessThan(TimeUnit.MILLISECONDS.toNanos(100));
            final HttpResponse<String> late = relay.get(relay.port, "/v1/sse?symbols=EURUSD");
            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.headers().firstValue("Retry-After")).contains("2");
            assertThat(relay.process.waitFor(7, TimeUnit.SECONDS)).isTrue();
            System.out.printf("not ready after %.1f ms, ended after %.2f s%n", unreadyNs * 1e-6,
                (System.nanoTime() - beganNs) * 1e-9);
            assertThat(relay.process.exitValue()).isZero();
            await("close frames").until(() -> fleet.subscribers.stream().allMatch(s -> s.isGone));
            assertThat(fleet.subscribers).allMatch(subscriber -> subscriber.closeCode == 4503)
                .allMatch(subscriber -> subscriber.controls.stream().anyMatch(s -> s.contains("retryAfter=")));
            assertEven(fleet.subscribers.stream().mapToLong(subscriber -> subscriber.closedNs).sorted().toArray());
        }
    }

    @Test
    @Tag("gate")
    @Tag("alone")
    void shouldEndAtOnceAtTheSecondSignal() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo"); SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            open(fleet, 1_000);
            relay.process.toHandle().destroy();
            await("the drain").until(() -> fleet.subscribers.stream().anyMatch(s -> s.closeCode == 4503));
            final long beganNs = System.nanoTime();
            assertThat(relay.terminate(1_000)).isZero();
            assertThat(System.nanoTime() - beganNs).as("to the end, ns").isLessThan(TimeUnit.SECONDS.toNanos(1));
            assertThat(fleet.subscribers).as("of 3 s of closes, most were to come")
                .anyMatch(subscriber -> subscriber.closeCode == -1);
        }
    }

    /** How much of its time a thread that works has a core: all of it on an idle machine. */
    private static double shareOfACore() {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        final long beganNs = System.nanoTime();
        final long beganCpuNs = threads.getCurrentThreadCpuTime();
        long usedNs = 0;
        while (usedNs < PROBE_NS) {
            usedNs = threads.getCurrentThreadCpuTime() - beganCpuNs;
        }
        // a core that is disturbed now and then is whole: half of one is busy
        return Math.min(1, 2.0 * usedNs / (System.nanoTime() - beganNs));
    }

    private static void open(final SubscriberFleet fleet, final int count) {
        for (int i = 0; i < count; i++) {
            fleet.open("/v1/ws?symbols=EURUSD&interval=1000", 0);
        }
        await("sessions").atMost(TO_OPEN)
            .until(() -> fleet.subscribers.stream().allMatch(s -> s.isSnapshotDone));
    }

    /** In any 100 ms at most three times as many as on average. */
    private static void assertEven(final long[] closedNs) {
        final long windowNs = TimeUnit.MILLISECONDS.toNanos(100);
        final double mean = (double) closedNs.length * windowNs / (closedNs[closedNs.length - 1] - closedNs[0]);
        int most = 0;
        int first = 0;
        for (int last = 0; last < closedNs.length; last++) {
            while (closedNs[last] - closedNs[first] > windowNs) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        System.out.printf("closes of 100 ms: %.1f on average, %d at most%n", mean, most);
        assertThat((double) most).isLessThanOrEqualTo(3 * mean);
        assertThat(closedNs[closedNs.length - 1] - closedNs[0]).as("spread over three quarters of 4 s, ns")
            .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(2_500));
    }
}
