package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.feed.tick.SessionState;
import penstock.testkit.ManualClock;

/** Silence of a market that is closed, or may be silent, is no fault; silence of an open one is. In virtual time. */
class QuietMarketTest {
    private static final String FX = "open = [\"Sun 17:00\", \"Fri 17:00\"], zone = America/New_York";
    private static final String[] PAIRS = {"EURUSD", "GBPUSD", "USDJPY"};
    private static final long QUOTES_EVERY_MS = 5_000;
    private static final long HEARTBEATS_EVERY_MS = 20_000;

    /** A message of the recording. */
    private record Recorded(Instant at, String text) {
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T22:00:00Z, 2026-11-22T22:00:00Z",
        // New York moves its clocks in the night to Sunday, forward and back
        "2027-03-12T22:00:00Z, 2027-03-14T21:00:00Z",
        "2026-10-30T21:00:00Z, 2026-11-01T22:00:00Z",
    })
    void shouldCallNothingStaleOverAWeekendOfCurrencies(final Instant close, final Instant open) {
        final List<Recorded> weekend = weekend(close, open);
        for (final String hours : List.of("idle { data = 30s, any-frame = 60s, " + FX + " }",
                "idle { data = 30s, any-frame = 60s }")) {
            final FeedRig rig = new FeedRig(new ManualClock(weekend.get(0).at().toEpochMilli() * 1_000));
            rig.open(hours, "channels.quote { silence = 60s, first-value = 60s"
                + (hours.contains("zone") ? "" : ", " + FX) + " }", PAIRS);
            play(rig, weekend);
            assertThat(rig.ring.all).filteredOn(line -> !line.matches("(topic )?[0-9]+ .*"))
                .containsExactly("LIVE null");
            assertThat(rig.ring.all).noneMatch(line -> line.contains("STALE"));
            assertThat(rig.upstreams.all).hasSize(1);
            // the market is open: its silence is a fault again
            rig.clock.advance(31_000);
            assertThat(rig.ring.news()).containsExactly("STALE upstream_silent");
        }
    }

    @Test
    void shouldNoticeAVenueThatStaysSilentWhenTheMarketOpens() {
        final Instant open = Instant.parse("2027-03-14T21:00:00Z");
        final List<Recorded> weekend = weekend(Instant.parse("2027-03-12T22:00:00Z"), open);
        weekend.removeIf(each -> !each.at().isBefore(open));
        final FeedRig rig = new FeedRig(new ManualClock(weekend.get(0).at().toEpochMilli() * 1_000));
        rig.open("idle { data = 30s, any-frame = 60s, " + FX + " }", "", PAIRS);
        play(rig, weekend);
        assertThat(rig.ring.all).noneMatch(line -> line.contains("STALE"));
        rig.clock.advance(HEARTBEATS_EVERY_MS + 60_000);
        assertThat(rig.ring.news()).containsExactly("STALE upstream_silent");
    }

    @Test
    void shouldTakeAPongForASignOfLifeWhereTheMarketMayBeSilent() {
        final FeedRig rig = new FeedRig();
        final FakeUpstreams.Server venue = rig.open("idle { data = 30s, any-frame = 25s, ping = 10s }",
            "channels.quote.quiet = true", "A").text(FeedRig.quote("A", 1));
        for (int i = 0; i < 360; i++) {
            rig.clock.advance(10_000);
            venue.listener.onAlive(rig.clock.nowNs());
        }
        assertThat(venue.sent).hasSize(360).containsOnly("ping");
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        rig.ring.news();
        rig.clock.advance(26_000);
        assertThat(rig.ring.news()).containsExactly("STALE upstream_silent");
    }

    @Test
    void shouldTakeNoPongForDataWhereTheMarketMayNotBeSilent() {
        final FeedRig rig = new FeedRig();
        final FakeUpstreams.Server venue = rig.open("idle { data = 30s, any-frame = 25s, ping = 10s }", "", "A")
            .text(FeedRig.quote("A", 1));
        for (int i = 0; i < 3; i++) {
            rig.clock.advance(10_000);
            venue.listener.onAlive(rig.clock.nowNs());
        }
        assertThat(rig.session.detail()).isEqualTo("no update for 30000 ms");
    }

    @Test
    void shouldRefuseAPingThatComesTooLate() {
        assertThatThrownBy(() -> new FeedRig().start("idle { any-frame = 20s, ping = 20s }", "", "A"))
            .hasMessageContaining("connection.idle.ping: must be less than any-frame, or its answer comes too late");
    }

    /** Half an hour before the close, the weekend, and ten minutes after the opening. */
    private static List<Recorded> weekend(final Instant close, final Instant open) {
        final List<Recorded> recorded = new ArrayList<>();
        final Instant first = close.minusSeconds(600);
        for (Instant at = first; at.isBefore(open.plusSeconds(300)); at = at.plusMillis(QUOTES_EVERY_MS)) {
            final long sinceMs = at.toEpochMilli() - first.toEpochMilli();
            if (at.isBefore(close) || !at.isBefore(open)) {
                for (final String pair : PAIRS) {
                    recorded.add(new Recorded(at, FeedRig.quote(pair, sinceMs)));
                }
            } else if (sinceMs % HEARTBEATS_EVERY_MS == 0) {
                recorded.add(new Recorded(at, "pong"));
            }
        }
        return recorded;
    }

    private static void play(final FeedRig rig, final List<Recorded> recording) {
        for (final Recorded each : recording) {
            rig.clock.advance(each.at().toEpochMilli() - rig.clock.epochUs() / 1_000);
            if (rig.session.state() != SessionState.BACKING_OFF) {
                rig.upstreams.last().text(each.text());
            }
            rig.ring.news();
        }
    }
}
