package penstock.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.usage.LedgerRig.of;
import static penstock.usage.LedgerRig.records;

import java.io.IOException;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.usage.ledger.UsageReport;

/** Activations, deactivations and denials in the ledger. */
class EntitlementJournalTest {
    private static final String MONTH = "2026-11";

    @TempDir
    private Path folder;
    private final HandClock clock = new HandClock("2026-11-10T10:00:00Z");

    @Test
    void shouldWriteWhoChangedAnEntitlementWhenAndWhy() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        assertThat(rig.journal().activate(of("alice", "level1"), "ops", "contract 17", clock.millis())).isTrue();
        assertThat(rig.journal().activate(of("alice", "level1"), "ops", "again", clock.millis())).isFalse();
        clock.set("2026-11-10T10:00:05Z");
        assertThat(rig.journal().deactivate(of("alice", "level1"), "issuer", "token expired", clock.millis())).isTrue();
        assertThat(rig.journal().deactivate(of("alice", "level1"), "issuer", "again", clock.millis())).isFalse();
        clock.set("2026-11-10T10:00:30Z");
        rig.stop();

        assertThat(records(folder, MONTH, "activated")).singleElement()
            .satisfies(change -> assertThat(change.toString()).contains("at=2026-11-10T10:00:00.000Z",
                "principal=alice", "product=level1", "display=true", "by=ops", "why=contract 17"));
        assertThat(records(folder, MONTH, "deactivated")).singleElement()
            .satisfies(change -> assertThat(change.toString()).contains("at=2026-11-10T10:00:05.000Z", "by=issuer"));
    }

    @Test
    void shouldKnowAfterARestartWhatIsActive() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        rig.journal().activate(of("alice", "level1"), "ops", "", clock.millis());
        rig.journal().activate(of("bob", "level1"), "ops", "", clock.millis());
        rig.write();
        rig.journal().deactivate(of("bob", "level1"), "ops", "", clock.millis());
        rig.stop();
        for (final String time : new String[] {"2026-11-30T10:00:00Z", "2027-02-01T10:00:00Z", "2027-02-03T00:00:00Z"}) {
            clock.set(time);
            final LedgerRig again = new LedgerRig(folder, clock).start();
            assertThat(again.journal().active()).isEqualTo(Set.of(of("alice", "level1")));
            again.stop();
        }
        assertThat(records(folder, "2027-02", "entitled")).hasSize(1);
        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
    }

    @Test
    void shouldBoundDenialsAndCountAllOfThem() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        for (int i = 0; i < 100_000; i++) {
            rig.journal().deny(i % 2 == 0 ? "mallory" : "m" + i, "SYM" + i % 7 + "\n" + "y".repeat(10_000),
                "not entitled", clock.millis() + i);
        }
        rig.stop();

        assertThat(records(folder, MONTH, "denied")).hasSize(DenialTallies.MAX_KINDS + 1);
        assertThat(records(folder, MONTH, "denied").stream().mapToLong(denied -> (Long) denied.get("count")).sum())
            .isEqualTo(100_000);
        assertThat(records(folder, MONTH, "denied")).last().extracting(denied -> denied.get("principal"),
            denied -> denied.get("why")).isEqualTo(Arrays.asList(null, "others"));
        assertThat(records(folder, MONTH, "denied").get(0).get("what").toString()).hasSizeLessThan(140)
            .startsWith("SYM0\\u000ayyy");
    }

    /** A client that is denied something else in each interval: of a day it adds no more than this. */
    @Test
    void shouldBoundTheDenialsOfADayAndCountAllOfThem() throws IOException {
        clock.set("2026-11-10T00:00:30Z");
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        final int days = 3;
        final int minutes = days * 24 * 60;
        for (int minute = 0; minute < minutes; minute++) {
            for (int i = 0; i < 30; i++) {
                rig.journal().deny("mallory", "SYM" + minute + "-" + i, "not entitled", clock.millis());
            }
            rig.write();
            clock.setMs(clock.millis() + 60_000);
        }
        rig.stop();

        final List<Map<?, ?>> denied = records(folder, MONTH, "denied");
        assertThat(denied).hasSizeBetween(days * DenialRecords.RECORDS_PER_DAY,
            days * (DenialRecords.RECORDS_PER_DAY + 24) + 1);
        assertThat(denied.stream().mapToLong(each -> (Long) each.get("count")).sum()).isEqualTo(minutes * 30L);
        assertThat(denied.stream().filter(each -> each.get("principal") != null).map(each ->
            each.get("at").toString().substring(0, 10)).distinct()).as("days with records of their own").hasSize(days);
        assertThat(LedgerRig.check(folder).firstBreak()).isNull();
    }

    @Test
    void shouldKeepTheNewestChangeOfEachEntitlementBeyondTheBound() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        for (int i = 0; i < EntitlementJournal.MAX_CHANGES / 2 + 10; i++) {
            rig.journal().activate(of("alice", "level1"), "ops", "on", clock.millis());
            rig.journal().deactivate(of("alice", "level1"), "ops", "off", clock.millis());
        }
        rig.journal().activate(of("bob", "level1"), "ops", "on", clock.millis());
        rig.stop();

        assertThat(records(folder, MONTH, "deactivated")).hasSize(EntitlementJournal.MAX_CHANGES / 2 + 1).last()
            .extracting(change -> change.get("superseded")).isEqualTo(19L);
        assertThat(records(folder, MONTH, "activated")).last().extracting(change -> change.get("principal"))
            .isEqualTo("bob");
        assertThat(rig.writer().active()).containsExactly(of("bob", "level1"));
    }

    @Test
    void shouldReportAsEnabledWhatWasActiveAtAnyTimeOfTheMonth() throws IOException {
        final LedgerRig rig = new LedgerRig(folder, clock).start();
        rig.journal().activate(of("always", "level1"), "ops", "", clock.millis());
        rig.journal().activate(of("november", "level1"), "ops", "", clock.millis());
        rig.journal().activate(of("until december", "level1"), "ops", "", clock.millis());
        rig.journal().deactivate(of("november", "level1"), "ops", "", clock.millis());
        clock.set("2026-12-02T00:00:00Z");
        rig.journal().deactivate(of("until december", "level1"), "ops", "", clock.millis());
        rig.journal().activate(of("december", "level1"), "ops", "", clock.millis());
        rig.interval();
        clock.set("2027-01-02T00:00:00Z");
        rig.stop();

        assertThat(enabled("2026-11")).extracting(line -> line.split(",")[3])
            .containsExactly("always", "november", "until december");
        assertThat(enabled("2026-12")).extracting(line -> line.split(",")[3])
            .containsExactly("always", "december", "until december");
        assertThat(enabled("2027-01")).containsExactly(
            "2027-01,level1,display,always,1,0,,,0,0", "2027-01,level1,display,december,1,0,,,0,0");
    }

    private List<String> enabled(final String month) throws IOException {
        return new UsageReport(UsageReport.Unit.USER, UsageReport.Basis.ENABLED, null)
            .of(List.of(folder), YearMonth.parse(month)).lines().skip(1).toList();
    }
}
