package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordedLog;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** A venue with one login, and another program that uses it, in virtual time. */
class ContestTest {
    private static final String EVICTS = "second-login = evicts-oldest, evicted { codes = [4001] }";
    private static final long RIVAL_EVERY_MS = 10_000;
    private static final long SECOND_NS = 1_000_000_000L;

    private final FeedRig rig = new FeedRig();
    /** When each of our logins came, in seconds. */
    private final List<Long> logins = new ArrayList<>();

    @Test
    void shouldFightNoMoreThanThreeDuelsAndThenWaitForMinutes() {
        rig.start(EVICTS, "", "A");
        try (RecordedLog log = new RecordedLog(FeedConnection.class.getName())) {
            play(60, true);
            assertThat(logins).hasSize(3);
            assertThat(rig.session.state()).isEqualTo(SessionState.BACKING_OFF);
            assertThat(rig.session.detail()).isEqualTo("another program logs in with the same credentials: it ended "
                + "each of our last 3 logins within 60 s; stop it, or give it credentials of its own: the server "
                + "closed with 4001 logged in elsewhere");
            assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN feed: contested: another program logs in"))
                .singleElement().asString().matches(".*; next attempt in 1[23][0-9]{4} ms at ws://one.invalid/");
        }
        assertThat(rig.ring.news()).filteredOn(line -> line.startsWith("STALE")).containsExactly(
            "STALE upstream_evicted", "STALE upstream_evicted", "STALE contested");
        assertThat(rig.count(Counter.FEED_EVICTIONS)).isEqualTo(3);
        assertThat(rig.count(Counter.FEED_CONTESTED)).isEqualTo(1);
    }

    @Test
    void shouldTryAgainAfterTwoToTenMinutesAsLongAsTheRivalIsThere() {
        rig.start(EVICTS, "", "A");
        play(4 * 3_600, true);
        for (int i = 3; i < logins.size(); i++) {
            assertThat(logins.get(i) - logins.get(i - 1)).isBetween(120L, 680L);
        }
        assertThat(logins).hasSizeBetween(3 + 20, 3 + 40);
        assertThat(rig.ring.news()).filteredOn(line -> line.equals("STALE contested")).hasSize(logins.size() - 2);
    }

    @Test
    void shouldRecoverWhenTheRivalIsGone() {
        rig.start(EVICTS, "", "A");
        play(60, true);
        play(600, false);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(logins).hasSize(4);
        // a new duel begins with short delays
        play(60, true);
        assertThat(logins).hasSize(4 + 3);
        assertThat(rig.count(Counter.FEED_CONTESTED)).isEqualTo(2);
    }

    @Test
    void shouldSayThatItIsContestedBeforeAnyUpdateCame() {
        rig.start(EVICTS, "", "A");
        for (int i = 0; i < 3; i++) {
            evict(rig.upstreams.last().open());
            rig.clock.advance(8_000);
        }
        assertThat(rig.ring.news()).containsExactly("STALE upstream_evicted", "STALE contested");
    }

    @Test
    void shouldNotCountOtherLossesNorAnEvictionAfterALongTime() {
        rig.start(EVICTS, "", "A");
        for (int i = 0; i < 6; i++) {
            final FakeUpstreams.Server server = rig.upstreams.last().open().text(FeedRig.quote("A", i));
            rig.clock.advance(i % 2 == 0 ? 5_000 : 70_000);
            if (i % 3 == 0) {
                server.lose(LossReason.DISCONNECTED, true);
            } else {
                evict(server);
            }
            rig.clock.advance(8_000);
        }
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("contested"));
    }

    @Test
    void shouldReadTheEvictionInAMessageToo() {
        rig.text("{ equals = bye, as = evicted }").start("second-login = evicts-oldest", "", "A");
        for (int i = 0; i < 3; i++) {
            rig.upstreams.last().open().text("bye");
            rig.clock.advance(8_000);
        }
        assertThat(rig.session.detail()).startsWith("another program logs in").endsWith(": venue reports: bye");
    }

    @Test
    void shouldGoOnTryingWhereTheVenueRefusesTheLaterLogin() {
        rig.text("{ equals = full, as = evicted }").start("second-login = refuses-newest", "", "A");
        for (int i = 0; i < 10; i++) {
            rig.upstreams.last().open().text("full");
            rig.clock.advance(8_000);
        }
        assertThat(rig.upstreams.all).hasSize(11);
        assertThat(rig.session.detail()).startsWith("connecting to");
        assertThat(rig.ring.news()).containsExactly("STALE contested");
    }

    @Test
    void shouldMakeNoConnectionBesideAnotherWhereTheVenueEndsIt() {
        rig.text("{ equals = move, as = rollover }").start(EVICTS + ", lifetime = 1h", "", "A");
        rig.upstreams.last().open().text(FeedRig.quote("A", 1));
        rig.clock.advance(3_600_000);
        final FakeUpstreams.Server aged = rig.server(0);
        assertThat(aged.isClosing).isTrue();
        assertThat(rig.upstreams.all).hasSize(1);
        aged.listener.onClosed(UpstreamLoss.of(LossReason.STOPPED, "connection has reached connection.lifetime", true));
        rig.clock.advance(0);
        assertThat(rig.upstreams.all).hasSize(2);
        rig.upstreams.last().open().text(FeedRig.quote("A", 2)).text("move");
        assertThat(rig.server(1).isClosing).isTrue();
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "STALE upstream_disconnected",
            "LIVE null", "0 2");
        assertThatThrownBy(() -> new FeedRig().redundant().numbered("increment").start(EVICTS, "", "A"))
            .hasMessage("feed.arbitrate: needs two connections, and a second login at venue plain ends or is refused "
                + "(connection.second-login); remove it");
    }

    /** The venue, and a rival that logs in every 10 s: each login ends the other connection. */
    private void play(final long seconds, final boolean hasRival) {
        for (long second = 0; second < seconds; second++) {
            final FakeUpstreams.Server server = rig.upstreams.last();
            if (logins.size() < rig.upstreams.all.size()) {
                logins.add(rig.clock.nowNs() / SECOND_NS);
                server.open();
            }
            if (isOpen(server)) {
                server.text(FeedRig.quote("A", second));
            }
            if (hasRival && rig.clock.nowNs() / 1_000_000 % RIVAL_EVERY_MS < 1_000 && isOpen(server)) {
                evict(server);
            }
            rig.clock.advance(1_000);
        }
    }

    private boolean isOpen(final FakeUpstreams.Server server) {
        return rig.session.state() == SessionState.LIVE || rig.session.state() == SessionState.LOGGING_IN
            && server == rig.upstreams.last();
    }

    private static void evict(final FakeUpstreams.Server server) {
        server.listener.onClosed(new UpstreamLoss(LossReason.DISCONNECTED, "the server closed with 4001 logged in "
            + "elsewhere", true, 4001, -1));
    }
}
