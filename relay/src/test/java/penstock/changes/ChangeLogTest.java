package penstock.changes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private long nowMs = 1_000_000;
    private final ChangeLog log = new ChangeLog(() -> nowMs);

    @Test
    void shouldReturnTheNewestChangesFirst() {
        log.add(ChangeKind.FEED, "kraken", "stale: upstream_disconnected");
        nowMs += 700;
        log.add(ChangeKind.FEED, "kraken", "live");
        log.add(ChangeKind.OPERATOR, null, "sessions closed: session=a", 3);
        assertThat(log.read(null, 10)).extracting(Change::number, Change::atMs, Change::count, Change::text)
            .containsExactly(
                tuple(3L, 1_000_700L, 3L, "sessions closed: session=a"),
                tuple(2L, 1_000_700L, 1L, "live"),
                tuple(1L, 1_000_000L, 1L, "stale: upstream_disconnected"));
        assertThat(log.read(ChangeKind.FEED, 1)).extracting(Change::text).containsExactly("live");
    }

    @Test
    void shouldCountTheSameChangeOfOneMinuteInOneEntry() {
        for (int i = 0; i < 59; i++) {
            log.add(ChangeKind.FEED, "kraken", "stale");
            log.add(ChangeKind.FEED, "kraken", "live");
            nowMs += 1_000;
        }
        assertThat(log.read(null, 10)).extracting(Change::text, Change::count, Change::lastMs).containsExactly(
            tuple("live", 59L, 1_058_000L),
            tuple("stale", 59L, 1_058_000L));
        nowMs += 1_000;
        log.add(ChangeKind.FEED, "kraken", "stale");
        assertThat(log.read(null, 10)).as("the next minute has an entry of its own").hasSize(3);
        assertThat(log.version()).isEqualTo(119);
    }

    @Test
    void shouldKeepApartWhatDiffersInItsKindItsSubjectOrItsText() {
        log.add(ChangeKind.FEED, "kraken", "live");
        log.add(ChangeKind.FEED, "binance", "live");
        log.add(ChangeKind.CONNECTION, "kraken", "live");
        log.add(ChangeKind.FEED, null, "live");
        log.add(ChangeKind.FEED, "kraken", "closed");
        assertThat(log.read(null, 10)).hasSize(5).allMatch(change -> change.count() == 1);
    }

    @Test
    void shouldKeepAThousandHoweverManyThereAre() {
        for (int i = 1; i <= 2_500; i++) {
            log.add(ChangeKind.CONFIG, null, "key " + i);
        }
        assertThat(log.newest()).isEqualTo(2_500);
        assertThat(log.read(null, 5_000)).hasSize(ChangeLog.KEPT).last().extracting(Change::text)
            .isEqualTo("key 1501");
        log.add(ChangeKind.RELAY, null, "x".repeat(10_000));
        assertThat(log.read(null, 1).get(0).text()).hasSize(400).endsWith("…");
    }
}
