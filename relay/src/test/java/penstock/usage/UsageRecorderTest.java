package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static penstock.usage.LedgerRig.of;
import static penstock.usage.LedgerRig.records;
import static penstock.usage.LedgerRig.updates;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.usage.ledger.LedgerDisk;

/** What io threads count, and how it comes into the ledger. */
class UsageRecorderTest {
    private static final String MONTH = "2026-11";

    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-11-30T23:00:00Z");

    @Test
    void shouldWriteWhatASessionReceivedAndWhen() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final UsageMeter meter = rig.recorder().open(new Licence("alice", "level1", false), "10.0.0.7",
            clock.millis());
        meter.onDelivered(3);
        meter.onDelivered(4);
        clock.set("2026-11-30T23:00:20.5Z");
        meter.close(clock.millis());
        rig.stop();

        assertThat(records(folder, MONTH, "use")).singleElement().isEqualTo(withHash(Map.of(
            "type", "use", "at", "2026-11-30T23:00:20.500Z", "principal", "alice", "device", "10.0.0.7", "product",
            "level1", "display", false, "first", "2026-11-30T23:00:00.000Z", "last", "2026-11-30T23:00:20.500Z"),
            Map.of("sessions", 1L, "principalSessions", 1L, "updates", 7L, "images", 0L),
            records(folder, MONTH, "use").get(0)));
        assertThat(records(folder, MONTH, "stop")).singleElement().extracting(stop -> stop.get("updates"))
            .isEqualTo(7L);
        assertThat(rig.openSessions()).isZero();
    }

    @Test
    void shouldCountMostConcurrentSessionsOverAllThreads() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final List<UsageMeter> meters = new ArrayList<>();
        for (final String device : List.of("a", "a", "b")) {
            meters.add(rig.recorder().open(of("alice", "level1"), device, clock.millis()));
        }
        rig.recorders.get(0).open(of("alice", "level2"), "a", clock.millis());
        meters.forEach(meter -> meter.close(clock.millis()));
        rig.stop();

        assertThat(records(folder, MONTH, "use")).extracting(use -> use.get("product") + "/" + use.get("device"),
            use -> use.get("sessions"), use -> use.get("principalSessions")).containsExactlyInAnyOrder(
            tuple("level1/a", 2L, 2L), tuple("level1/b", 1L, 3L), tuple("level2/a", 1L, 1L));
    }

    @Test
    void shouldSeeSessionsThatWereOpenBeforeTheMonthAndCloseEarlyInIt() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final UsageRecorder recorder = rig.recorder();
        final UsageMeter one = recorder.open(of("alice", "level1"), "a", clock.millis());
        final UsageMeter two = recorder.open(of("alice", "level1"), "a", clock.millis());
        clock.set("2026-12-01T00:00:00Z");
        rig.interval();
        clock.set("2026-12-01T00:00:07Z");
        one.close(clock.millis());
        two.close(clock.millis());
        rig.stop();

        assertThat(records(folder, "2026-12", "use")).singleElement().extracting(use -> use.get("sessions"))
            .isEqualTo(2L);
    }

    @Test
    void shouldAddToWhatTheWriterHasNotTaken() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final UsageRecorder recorder = rig.recorder();
        final UsageMeter meter = recorder.open(of("alice", "level1"), "a", clock.millis());
        for (int i = 1; i <= 100; i++) {
            meter.onDelivered(i);
            recorder.handOver(clock.millis(), 1);
        }
        rig.stop();

        assertThat(records(folder, MONTH, "use")).singleElement().extracting(use -> use.get("updates"))
            .isEqualTo(5_050L);
    }

    @Test
    void shouldHandOverInSlicesWhileSessionsComeAndGo() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final UsageRecorder recorder = rig.recorder();
        final List<UsageMeter> meters = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            meters.add(recorder.open(of("alice", "level1"), "d" + i, clock.millis()));
            meters.get(i).onDelivered(1);
        }
        assertThat(recorder.handOver(clock.millis(), 4)).isFalse();
        meters.get(1).close(clock.millis());
        meters.get(9).close(clock.millis());
        recorder.open(of("alice", "level1"), "late", clock.millis()).onDelivered(1);
        assertThat(recorder.handOver(clock.millis(), 4)).isFalse();
        assertThat(recorder.handOver(clock.millis(), 4)).isTrue();
        rig.write();
        assertThat(updates(folder, MONTH)).isEqualTo(10);
        assertThat(recorder.handOver(clock.millis(), 9)).isTrue();
        rig.stop();
        assertThat(updates(folder, MONTH)).isEqualTo(11);
    }

    @Test
    void shouldShareATallyAmongDevicesBeyondTheBound() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock, LedgerDisk.LOCAL, new UsageSettings(60_000, 3, 1_000))
            .start();
        final UsageRecorder recorder = rig.recorder();
        for (int i = 0; i < 1_000; i++) {
            final UsageMeter meter = recorder.open(of("alice", "level1"), "d" + i, clock.millis());
            meter.onDelivered(2);
            meter.close(clock.millis());
        }
        rig.stop();

        assertThat(records(folder, MONTH, "use")).extracting(use -> use.get("device"), use -> use.get("updates"))
            .containsExactly(tuple("d0", 2L), tuple("d1", 2L), tuple("d2", 2L), tuple(null, 1_994L));
    }

    @Test
    void shouldNotWriteOfSessionsThatReceiveNothing() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        rig.recorder().open(of("alice", "level1"), "a", clock.millis());
        for (int i = 0; i < 5; i++) {
            rig.interval();
        }
        assertThat(records(folder, MONTH, "use")).hasSize(1);
    }

    @Test
    void shouldAskForTheNextRoundAtTheIntervalAndAtTheEndOfAMonth() {
        final UsageRecorder recorder = new UsageRecorder(new UsageSettings(7 * 60_000, 1, 1), new ConcurrentSessions());
        assertThat(Instant.ofEpochMilli(recorder.nextHandOverMs(Instant.parse("2026-11-30T23:59:59.999Z")
            .toEpochMilli()))).isEqualTo("2026-12-01T00:00:00Z");
        final long next = recorder.nextHandOverMs(clock.millis());
        assertThat(next % (7 * 60_000)).isZero();
        assertThat(next).isGreaterThan(clock.millis());
    }

    @Test
    void shouldRefuseNamesThatAreTooLong() {
        final String name = "x".repeat(257);
        final UsageRecorder recorder = new UsageRecorder(LedgerRig.SETTINGS, new ConcurrentSessions());
        assertThatThrownBy(() -> of(name, "p")).hasMessageContaining("principal has 257 characters", "256");
        assertThatThrownBy(() -> recorder.open(of("a", "p"), name, 0)).hasMessageContaining("device");
    }

    private static Map<?, ?> withHash(final Map<String, ?> texts, final Map<String, ?> numbers, final Map<?, ?> like) {
        final Map<Object, Object> all = new HashMap<>(texts);
        all.putAll(numbers);
        all.put("hash", like.get("hash"));
        return all;
    }
}
