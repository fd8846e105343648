package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static penstock.usage.LedgerRig.of;
import static penstock.usage.LedgerRig.records;
import static penstock.usage.LedgerRig.updates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.usage.ledger.LedgerFiles;

/** A disk that takes only a part of what the ledger writes, and later the rest. */
class FullDiskTest {
    private static final String MONTH = "2026-11";
    private static final long PLENTY = 1 << 30;

    @RegisterExtension
    private final UsageLog log = new UsageLog();
    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-11-30T23:58:00Z");
    private final FullDisk disk = new FullDisk();

    @Test
    void shouldWriteEverythingOnceAfterTheDiskWasFullAtAnyByte() throws IOException {
        for (int room = 0; room < 3_000; room += 29) {
            disk.room(PLENTY);
            final Path directory = Files.createDirectory(folder.resolve("room-" + room));
            final LedgerRig rig = rig(directory);
            final UsageMeter meter = rig.recorder().open(of("alice", "level1"), "a", clock.millis());
            rig.journal().activate(of("alice", "level1"), "ops", "", clock.millis());
            rig.journal().deny("bob", "level1", "not entitled", clock.millis());
            disk.room(room);
            for (int i = 0; i < 3; i++) {
                meter.onDelivered(10);
                rig.recorders.get(0).open(of("p" + i, "level1"), "a", clock.millis()).onDelivered(1);
                intervalOnFullDisk(rig);
                assertThat(LedgerRig.check(directory).firstBreak()).as("room %s", room).isNull();
            }
            disk.room(PLENTY);
            rig.interval();
            rig.stop();
            assertThat(updates(directory, MONTH)).as("room %s", room).isEqualTo(33);
            assertThat(rig.writer().writtenUpdates()).isEqualTo(33);
            assertThat(records(directory, MONTH, "activated")).hasSize(1);
            assertThat(records(directory, MONTH, "denied")).hasSize(1);
            assertThat(LedgerRig.check(directory).firstBreak()).as("room %s", room).isNull();
        }
    }

    @Test
    void shouldBeginTheNextMonthOnceThereIsRoom() throws IOException {
        for (int room = 0; room < 1_500; room += 17) {
            disk.room(PLENTY);
            clock.set("2026-11-30T23:58:00Z");
            final Path directory = Files.createDirectory(folder.resolve("room-" + room));
            final LedgerRig rig = rig(directory);
            rig.journal().activate(of("alice", "level1"), "ops", "", clock.millis());
            rig.recorder().open(of("alice", "level1"), "a", clock.millis()).onDelivered(3);
            rig.interval();
            rig.recorder().open(of("alice", "level1"), "b", clock.millis()).onDelivered(4);
            clock.set("2026-12-01T00:00:30Z");
            disk.room(room);
            disk.cannotCut(room % 2 == 1);
            intervalOnFullDisk(rig);
            intervalOnFullDisk(rig);
            disk.room(PLENTY);
            disk.cannotCut(false);
            rig.interval();
            rig.stop();
            assertThat(LedgerRig.check(directory).firstBreak()).as("room %s", room).isNull();
            assertThat(updates(directory, MONTH)).as("room %s", room).isEqualTo(7);
            assertThat(records(directory, "2026-12", "entitled")).hasSize(1);
        }
    }

    @Test
    void shouldCutTheHalfLineLaterIfTheDiskCannotCutItNow() throws IOException {
        disk.room(PLENTY);
        final LedgerRig rig = rig(folder);
        rig.recorder().open(of("alice", "level1"), "a", clock.millis()).onDelivered(3);
        disk.room(100);
        disk.cannotCut(true);
        intervalOnFullDisk(rig);
        assertThat(LedgerRig.check(folder).firstBreak().what()).contains("not complete");
        disk.room(PLENTY);
        intervalOnFullDisk(rig);
        disk.cannotCut(false);
        rig.interval();

        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
        assertThat(updates(folder, MONTH)).isEqualTo(3);
    }

    @Test
    void shouldKeepABoundedNumberOfRecordsInMemory() throws IOException {
        disk.room(PLENTY);
        final LedgerRig rig = new LedgerRig(folder, clock, disk, new UsageSettings(60_000, 50, 1_000)).start();
        final UsageRecorder recorder = rig.recorder();
        disk.room(0);
        for (int i = 0; i < 1_000; i++) {
            final UsageMeter meter = recorder.open(of("alice", "level1"), "d" + i, clock.millis());
            meter.onDelivered(1);
            meter.close(clock.millis());
            intervalOnFullDisk(rig);
        }
        assertThat(rig.writer().waitingCount()).isEqualTo(51);
        disk.room(PLENTY);
        rig.interval();
        assertThat(updates(folder, MONTH)).isEqualTo(1_000);
    }

    @Test
    void shouldWriteAtMostSoManyRecordsInAnIntervalTheOldestFirst() throws IOException {
        disk.room(PLENTY);
        final LedgerRig rig = new LedgerRig(folder, clock, disk, new UsageSettings(60_000, 1_000, 3)).start();
        final UsageRecorder recorder = rig.recorder();
        final UsageMeter[] meters = Stream.of("a", "b", "c", "d", "e")
            .map(device -> recorder.open(of("alice", "level1"), device, clock.millis())).toArray(UsageMeter[]::new);
        for (int i = 0; i < 4; i++) {
            Stream.of(meters).forEach(meter -> meter.onDelivered(1));
            rig.interval();
        }
        assertThat(records(folder, MONTH, "use")).extracting(use -> (String) use.get("device"))
            .startsWith("a", "b", "c", "d", "e").hasSize(12);
        rig.stop();
        assertThat(updates(folder, MONTH)).isEqualTo(20);
    }

    @Test
    void shouldNotStartWhereItCannotWrite() throws IOException {
        disk.room(10);
        assertThatThrownBy(() -> UsageLedger.open(folder, disk, UsageSettings.standard(), clock))
            .isInstanceOf(IOException.class).hasMessage("No space left on device");
        assertThat(Files.size(LedgerFiles.of(folder, YearMonth.parse(MONTH)))).isZero();
        final Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> UsageLedger.open(file, UsageSettings.standard(), clock))
            .isInstanceOf(IOException.class).hasMessageContaining(file.toString());
    }

    private LedgerRig rig(final Path directory) {
        return new LedgerRig(directory, clock, disk, LedgerRig.SETTINGS).start();
    }

    private static void intervalOnFullDisk(final LedgerRig rig) {
        try {
            rig.interval();
        } catch (final IOException full) {
            assertThat(full).hasMessageMatching("No space left on device|Input/output error");
        }
    }
}
