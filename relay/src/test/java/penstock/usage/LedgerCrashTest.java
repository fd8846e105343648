package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.usage.LedgerRig.of;
import static penstock.usage.LedgerRig.records;
import static penstock.usage.LedgerRig.updates;

import ch.qos.logback.classic.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.usage.ledger.LedgerFiles;

/** A relay that is killed at any byte of a write, and the one after it. */
class LedgerCrashTest {
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final YearMonth DECEMBER = YearMonth.of(2026, 12);

    @RegisterExtension
    private final UsageLog log = new UsageLog();
    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-11-30T23:58:00Z");

    @Test
    void shouldContinueAfterACrashAtEveryByteOfAnAppend() throws IOException {
        final Path file = LedgerFiles.of(folder, NOVEMBER);
        final LedgerRig rig = used();
        final int before = (int) Files.size(file);
        use(rig, "alice", 5);
        rig.journal().activate(of("carol", "level1"), "ops", "", clock.millis());
        use(rig, "bob", 7);
        rig.interval();
        final byte[] bytes = Files.readAllBytes(file);

        for (int length = before; length <= bytes.length; length++) {
            Files.write(file, Arrays.copyOf(bytes, length));
            final boolean isTorn = bytes[length - 1] != '\n';
            final List<String> whole = Files.readAllLines(file);
            restartAndUse();
            assertThat(LedgerRig.check(folder).firstBreak()).as("%s bytes", length).isNull();
            assertThat(records(folder, "2026-11", "repaired")).hasSize(isTorn ? 1 : 0);
            assertThat(Files.readAllLines(file)).startsWith(
                whole.subList(0, whole.size() - (isTorn ? 1 : 0)).toArray(String[]::new));
        }
        Files.write(file, bytes);
        assertThat(updates(folder, "2026-11")).isEqualTo(1 + 5 + 7);
    }

    /** A new file begins with the entitlements; a crash may cut off the file, a line, or some of the lines. */
    @Test
    void shouldKnowAllEntitlementsAfterACrashAtEveryByteOfANewMonth() throws IOException {
        final LedgerRig rig = used();
        final Set<Licence> active = rig.journal().active();
        clock.set("2026-12-01T00:00:30Z");
        rig.write();
        final byte[] november = Files.readAllBytes(LedgerFiles.of(folder, NOVEMBER));
        final byte[] december = Files.readAllBytes(LedgerFiles.of(folder, DECEMBER));
        for (int length = 0; length <= december.length; length++) {
            Files.write(LedgerFiles.of(folder, NOVEMBER), november);
            Files.write(LedgerFiles.of(folder, DECEMBER), Arrays.copyOf(december, length));
            final LedgerRig again = restartAndUse();
            assertThat(again.journal().active()).as("%s bytes", length).isEqualTo(active);
            assertThat(LedgerRig.check(folder).firstBreak()).as("%s bytes", length).isNull();
            assertThat(records(folder, "2026-12", "entitled")).extracting(record -> (String) record.get("principal"))
                .containsAll(active.stream().map(Licence::principal).toList());
            assertThat(updates(folder, "2026-12")).isEqualTo(1);
        }
    }

    @Test
    void shouldContinueBehindALineThatSomebodyChangedAndSaySo() throws IOException {
        used().stop();
        final Path file = LedgerFiles.of(folder, NOVEMBER);
        Files.writeString(file, Files.readString(file).replaceFirst("\"alice\"", "\"malice\""));
        final long line = LedgerRig.check(folder).firstBreak().line();
        restartAndUse();

        assertThat(LedgerRig.check(folder).firstBreak().line()).isEqualTo(line);
        assertThat(log.messages(Level.ERROR)).singleElement().asString().contains("the chain is broken", ":" + line + ":");
        assertThat(records(folder, "2026-11", "broken")).singleElement()
            .satisfies(record -> assertThat(record.get("line")).isEqualTo(line));
        assertThat(records(folder, "2026-11", "use")).hasSize(2);
    }

    @Test
    void shouldStayInTheMonthWhenTheClockGoesBack() throws IOException {
        final LedgerRig rig = used();
        clock.set("2026-12-01T00:00:30Z");
        use(rig, "alice", 1);
        rig.interval();
        clock.set("2026-10-05T00:00:30Z");
        use(rig, "alice", 2);
        rig.interval();
        rig.stop();
        restartAndUse();
        clock.set("2027-01-01T00:00:30Z");
        restartAndUse();

        assertThat(LedgerFiles.in(folder).keySet()).containsExactly(NOVEMBER, DECEMBER, YearMonth.of(2027, 1));
        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
        assertThat(updates(folder, "2026-12")).isEqualTo(1 + 2 + 1);
    }

    @Test
    void shouldSplitAPeriodAtTheEndOfTheMonth() throws IOException {
        final LedgerRig rig = rig();
        final UsageMeter meter = rig.recorder().open(of("alice", "level1"), "a", clock.millis());
        meter.onDelivered(3);
        clock.set("2026-12-01T00:00:00.002Z");
        rig.recorders.get(0).handOver(clock.millis(), 1);
        meter.onDelivered(4);
        clock.set("2026-12-01T00:00:10Z");
        meter.close(clock.millis());
        clock.set("2026-12-01T00:00:30Z");
        rig.stop();

        assertThat(updates(folder, "2026-11")).isEqualTo(3);
        assertThat(updates(folder, "2026-12")).isEqualTo(4);
        assertThat(records(folder, "2026-11", "use")).singleElement().extracting(use -> use.get("last"))
            .isEqualTo("2026-11-30T23:59:59.999Z");
    }

    private LedgerRig rig() {
        final FullDisk disk = new FullDisk();
        disk.room(1 << 20);
        return new LedgerRig(folder, clock, disk, LedgerRig.SETTINGS).start();
    }

    /** Three people are entitled; one has used something. */
    private LedgerRig used() throws IOException {
        final LedgerRig rig = rig();
        for (final String principal : List.of("alice", "bob", "dora")) {
            rig.journal().activate(of(principal, "level1"), "ops", "", clock.millis());
        }
        use(rig, "alice", 1);
        rig.interval();
        return rig;
    }

    private LedgerRig restartAndUse() throws IOException {
        final LedgerRig again = rig();
        use(again, "alice", 1);
        again.stop();
        return again;
    }

    private void use(final LedgerRig rig, final String principal, final int updates) {
        final UsageMeter meter = rig.recorder().open(of(principal, "level1"), "10.0.0.1", clock.millis());
        meter.onDelivered(updates);
        meter.close(clock.millis());
    }
}
