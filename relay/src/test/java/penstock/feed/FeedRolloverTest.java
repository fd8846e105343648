package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.upstream.LossReason;

/** One connection takes over from another. */
@Tag("slow")
class FeedRolloverTest {
    private static final String LIFETIME = "lifetime = 1h";
    private static final int DELAY_ROUNDS = Integer.getInteger("penstock.rollover.rounds", 100);
    private static final String ACKED = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          ack { match { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldTakeOverWithTheFirstUpdateOfTheNewConnectionUnnoticed() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, ACKED, "A", "B").text("{\"ok\":true,\"id\":1}");
        old.text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        rig.ring.news();
        rig.clock.advance(3_599_999);
        assertThat(rig.upstreams.all).hasSize(1);
        rig.clock.advance(1);
        final FakeUpstreams.Server next = rig.server(1).open();
        assertThat(next.sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
        old.text(FeedRig.quote("A", 2));
        // not confirmed yet, but a new update is accepted
        next.text(FeedRig.quote("A", 3));
        old.text(FeedRig.quote("A", 3)).text(FeedRig.quote("B", 2));
        assertThat(old.isClosing).isFalse();
        next.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("B", 3));
        assertThat(old.isClosing).isTrue();
        old.text(FeedRig.quote("B", 666));
        old.lose(LossReason.STOPPED, true);
        next.text(FeedRig.quote("A", 4));
        assertThat(rig.ring.news()).containsExactly("0 2", "0 3", "1 2", "1 3", "0 4");
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.count(Counter.FEED_ROLLOVERS)).isEqualTo(1);
        assertThat(rig.count(Counter.FEED_DISCONNECTS)).isZero();
    }

    @Test
    void shouldCloseWhatTheNewConnectionRejectedOnlyOnceItSendsAlone() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, ACKED, "A", "B").text("{\"ok\":true,\"id\":1}");
        old.text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        rig.clock.advance(3_600_000);
        final FakeUpstreams.Server next = rig.server(1).open();
        rig.ring.news();
        next.text("{\"ok\":false,\"id\":1}").text("{\"ok\":true,\"id\":2}").text("{\"ok\":false,\"id\":3}");
        old.text(FeedRig.quote("B", 2));
        assertThat(rig.ring.news()).containsExactly("1 2");
        next.text(FeedRig.quote("A", 3));
        assertThat(old.isClosing).isTrue();
        assertThat(rig.ring.news()).containsExactlyInAnyOrder("0 3", "1 CLOSED {\"ok\":false,\"id\":3}");
    }

    @Test
    void shouldCloseAgainWhatOnlyALostNewConnectionHasSent() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, ACKED, "A", "B").text("{\"ok\":false,\"id\":1}")
            .text("{\"ok\":true,\"id\":2}").text("{\"ok\":false,\"id\":3}").text(FeedRig.quote("A", 1));
        rig.clock.advance(3_600_000);
        final FakeUpstreams.Server next = rig.server(1).open();
        rig.ring.news();
        next.text(FeedRig.quote("B", 2)).lose(LossReason.DISCONNECTED, true);
        old.text(FeedRig.quote("A", 2));
        assertThat(rig.ring.news()).containsExactly("0 2", "0 CLOSED {\"ok\":false,\"id\":3}", "1 2");
    }

    @Test
    void shouldNotGoBackInTimeWhileTheNewConnectionIsBehind() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, "").text(timed("A", 10, 1));
        rig.clock.advance(3_600_000);
        final FakeUpstreams.Server next = rig.server(1).open();
        old.text(timed("A", 11, 2)).text(FeedRig.quote("B", 1)).text(FeedRig.quote("B", 2));
        rig.ring.news();
        next.text(timed("A", 10, 9)).text(FeedRig.quote("B", 1)).text(FeedRig.quote("B", 2))
            .text(timed("A", 11, 2));
        assertThat(rig.ring.news()).isEmpty();
        assertThat(old.isClosing).isFalse();
        next.text(timed("A", 12, 3));
        assertThat(rig.ring.news()).containsExactly("0 3");
        assertThat(old.isClosing).isTrue();
    }

    @Test
    void shouldMissAndRepeatNoUpdateWithAnyDelays() {
        for (final long seed : seeds.rounds(DELAY_ROUNDS)) {
            final FeedRig played = new FeedRig();
            final SplittableRandom random = new SplittableRandom(seed);
            final FakeUpstreams.Server old = played.open(LIFETIME, "").text(FeedRig.quote("A", 0));
            played.clock.advance(3_600_000);
            final FakeUpstreams.Server next = played.server(1).open();
            // both send 0, 1, 2 … of two symbols, each at its own rate and never more than 8 apart
            int sentByOld = 0;
            int sentByNext = random.nextInt(3);
            for (int i = 0; i < 200; i++) {
                if (random.nextBoolean() && sentByOld - sentByNext < 8) {
                    sentByOld++;
                    old.text(FeedRig.quote(sentByOld % 2 == 0 ? "A" : "B", sentByOld));
                } else if (sentByNext - sentByOld < 8 && sentByOld > 2) {
                    sentByNext++;
                    next.text(FeedRig.quote(sentByNext % 2 == 0 ? "A" : "B", sentByNext));
                }
            }
            played.clock.advance(5000);
            for (sentByNext++; !old.isClosing; sentByNext++) {
                next.text(FeedRig.quote(sentByNext % 2 == 0 ? "A" : "B", sentByNext));
            }
            assertThat(sentByNext).isLessThan(220);
            final List<Integer> values = new ArrayList<>();
            for (; sentByNext < 230; sentByNext++) {
                next.text(FeedRig.quote(sentByNext % 2 == 0 ? "A" : "B", sentByNext));
            }
            played.ring.news().stream().filter(news -> !news.startsWith("topic") && !news.startsWith("LIVE"))
                .forEach(news -> values.add(Integer.parseInt(news.substring(2))));
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i)).as("%s", values).isEqualTo(i);
            }
            assertThat(values).hasSize(230);
        }
    }

    @Test
    void shouldTakeOverFromAFasterConnection() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        final FakeUpstreams.Server next = rig.server(1).open();
        rig.ring.news();
        for (int second = 2; second < 8; second++) {
            old.text(FeedRig.quote("A", second));
            rig.clock.advance(500);
            next.text(FeedRig.quote("A", second));
            rig.clock.advance(500);
        }
        assertThat(old.isClosing).isTrue();
        next.text(FeedRig.quote("A", 8)).text(FeedRig.quote("A", 7)).text(FeedRig.quote("A", 8));
        assertThat(rig.ring.news()).containsExactly("0 2", "0 3", "0 4", "0 5", "0 6", "0 7", "0 8", "0 7", "0 8");
    }

    @Test
    void shouldKeepTheOldConnectionAndRetryWhenTheNewOneFails() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, ACKED, "A").text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 1));
        rig.ring.news();
        rig.clock.advance(3_600_000);
        rig.server(1).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(8000);
        rig.server(2).open();
        rig.clock.advance(5000);
        assertThat(rig.server(2).isAborted).as("not acknowledged").isTrue();
        old.text(FeedRig.quote("A", 2));
        rig.clock.advance(8000);
        rig.server(3).open().text("{\"trouble\":1}");
        rig.clock.advance(8000);
        rig.server(4).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 3));
        assertThat(rig.ring.news()).containsExactly("0 2", "0 3");
        assertThat(old.isClosing).isTrue();
        assertThat(rig.upstreams.all).hasSize(5);
        assertThat(rig.count(Counter.FEED_ROLLOVERS)).isEqualTo(1);
        rig.clock.advance(3_600_000);
        assertThat(rig.upstreams.all).as("the new one grows old too").hasSize(6);
    }

    @Test
    void shouldRollOverWhenTheVenueAnnouncesAClose() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}")
            .text("{\"move\":1}");
        assertThat(rig.upstreams.all).hasSize(2);
        rig.server(1).open().text(FeedRig.quote("A", 2));
        assertThat(old.isClosing).isTrue();
        old.lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2");
    }

    @Test
    void shouldContinueWithTheHalfMadeConnectionWhenTheOldOneIsLost() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        rig.server(1).open();
        old.lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).endsWith("STALE upstream_disconnected");
        assertThat(rig.session.state()).isEqualTo(SessionState.LOGGING_IN);
        rig.server(1).text(FeedRig.quote("A", 2));
        assertThat(rig.ring.news()).containsExactly("LIVE null", "0 2");
        rig.clock.advance(60_000);
        assertThat(rig.upstreams.all).hasSize(2);
    }

    @Test
    void shouldReconnectWhenTheOldConnectionIsLostBetweenTwoAttempts() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        rig.server(1).lose(LossReason.UNREACHABLE, false);
        old.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(8000);
        assertThat(rig.upstreams.all).hasSize(3);
        rig.server(2).open().text(FeedRig.quote("A", 2));
        rig.clock.advance(60_000);
        assertThat(rig.upstreams.all).hasSize(3);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldReturnToThePreferredAddressAfterAStablePeriod() {
        rig.urls("ws://one.invalid/", "ws://two.invalid/").start("", "");
        rig.server(0).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(0);
        final FakeUpstreams.Server second = rig.server(1).open().text(FeedRig.quote("A", 1));
        assertThat(second.url.host()).isEqualTo("two.invalid");
        rig.clock.advance(59_999);
        assertThat(rig.upstreams.all).hasSize(2);
        rig.clock.advance(1);
        assertThat(rig.server(2).url.host()).isEqualTo("one.invalid");
        rig.server(2).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(59_999);
        assertThat(rig.upstreams.all).as("not more often than that").hasSize(3);
        rig.clock.advance(1);
        assertThat(rig.server(3).url.host()).isEqualTo("one.invalid");
        second.text(FeedRig.quote("A", 2));
        rig.server(3).open().text(FeedRig.quote("A", 3));
        assertThat(second.isClosing).isTrue();
        assertThat(rig.ring.news())
            .containsExactly("STALE upstream_unreachable", "LIVE null", "topic 0 = 0 A", "0 1", "0 2", "0 3");
        rig.clock.advance(600_000);
        assertThat(rig.upstreams.all).hasSize(4);
        assertThat(rig.session.detail()).isEqualTo("live from ws://one.invalid/");
    }

    @Test
    void shouldReplaceAnAgedConnectionWhileThePreferredAddressIsDown() {
        rig.urls("ws://one.invalid/", "ws://two.invalid/").start("lifetime = 61s", "");
        rig.server(0).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(0);
        final FakeUpstreams.Server second = rig.server(1).open().text(FeedRig.quote("A", 1));
        rig.clock.advance(60_000);
        rig.server(2).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(1000);
        assertThat(rig.server(3).url.host()).isEqualTo("two.invalid");
        rig.server(3).open().text(FeedRig.quote("A", 2));
        assertThat(second.isClosing).isTrue();
    }

    @Test
    void shouldReplaceAConnectionThatAgedBeforeItTookOverOnceItHas() {
        final FakeUpstreams.Server old = rig.open("lifetime = 10s", "").text(FeedRig.quote("A", 1));
        rig.clock.advance(10_000);
        final FakeUpstreams.Server next = rig.server(1).open();
        rig.clock.advance(15_000);
        assertThat(old.isClosing).as("the new connection has sent nothing").isFalse();
        next.text(FeedRig.quote("A", 2));
        assertThat(old.isClosing).isTrue();
        assertThat(rig.upstreams.all).hasSize(2);
        rig.clock.advance(100);
        rig.server(2).open().text(FeedRig.quote("A", 3));
        assertThat(next.isClosing).isTrue();
    }

    @Test
    void shouldReplaceAConnectionThatAgedBeforeItsFirstUpdate() {
        final FakeUpstreams.Server late = rig.open("lifetime = 10s", "");
        rig.clock.advance(15_000);
        late.text(FeedRig.quote("A", 1));
        assertThat(rig.upstreams.all).hasSize(1);
        rig.clock.advance(100);
        rig.server(1).open().text(FeedRig.quote("A", 2));
        assertThat(late.isClosing).isTrue();
    }

    @Test
    void shouldAbandonASilentNewConnectionWhileTheOldOneSends() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        final FakeUpstreams.Server next = rig.server(1).open();
        rig.clock.advance(30_000);
        old.text(FeedRig.quote("A", 2));
        rig.clock.advance(30_000);
        assertThat(next.isAborted).isTrue();
        assertThat(old.isClosing).isFalse();
        rig.clock.advance(8000);
        assertThat(rig.upstreams.all).hasSize(3);
    }

    @Test
    void shouldNotTakeOverBeforeTheLoginIsDone() {
        final FakeUpstreams.Server old = rig.open(LIFETIME, "session = [ { await { \"$/welcome\" = \"*\" } } ]")
            .text("{\"welcome\":1}").text(FeedRig.quote("A", 1));
        rig.clock.advance(3_600_000);
        final FakeUpstreams.Server next = rig.server(1).open().text(FeedRig.quote("A", 2));
        assertThat(old.isClosing).isFalse();
        next.text("{\"welcome\":1}").text(FeedRig.quote("A", 3));
        assertThat(old.isClosing).isTrue();
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2", "0 3");
    }

    @Test
    void shouldTakeOverWhileBothConnectionsAreQuiet() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1));
        rig.clock.advance(1);
        old.text("{\"move\":1}");
        rig.server(1).open();
        rig.clock.advance(60_000);
        assertThat(old.isClosing).isTrue();
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        rig.server(1).text(FeedRig.quote("A", 2));
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2");
        rig.clock.advance(600_000);
        assertThat(rig.upstreams.all).hasSize(2);
    }

    @Test
    void shouldEndBothConnectionsOnStop() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        assertThat(rig.session.stop()).isNotDone();
        assertThat(rig.server(1).isAborted).isTrue();
        old.lose(LossReason.STOPPED, true);
        assertThat(rig.session.stop()).isDone();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldAbortAClosingConnectionOnStop() {
        final FakeUpstreams.Server old = rig.open("", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        rig.server(1).open().text(FeedRig.quote("A", 2));
        rig.session.stop();
        rig.server(1).lose(LossReason.STOPPED, true);
        assertThat(old.isAborted).isTrue();
        assertThat(rig.session.stop()).isDone();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldCountTheSecondConnectionAgainstTheConnectRate() {
        rig.open("connect-rate { permits = 1, per = 5m }", "").text(FeedRig.quote("A", 1)).text("{\"move\":1}");
        assertThat(rig.upstreams.all).hasSize(1);
        rig.clock.advance(300_001);
        assertThat(rig.upstreams.all).hasSize(2);
    }

    @Test
    void shouldTryTheNextAddressWhenUpdatesAreTooOld() {
        final FeedRig late = new FeedRig().urls("ws://one.invalid/", "ws://two.invalid/");
        late.start("idle { any-frame = 0, data = 10s, max-age = 2s }", "");
        final FakeUpstreams.Server one = late.server(0).open();
        for (int i = 0; i < 9; i++) {
            late.clock.advance(1_000);
            one.text(timed("A", late.clock.epochUs() - 3_000_000, i));
        }
        assertThat(late.upstreams.all).hasSize(1);
        late.clock.advance(1_000);
        assertThat(late.session.detail()).contains("no update younger than 2000 ms for 10000 ms");
        late.clock.advance(10_000);
        final FakeUpstreams.Server two = late.server(1).open();
        assertThat(two.url.toString()).contains("two.invalid");
        for (int i = 0; i < 20; i++) {
            late.clock.advance(1_000);
            two.text(timed("A", late.clock.epochUs() - 1_000_000, i));
        }
        assertThat(late.upstreams.all).hasSize(2);
    }

    private static String timed(final String symbol, final long time, final long value) {
        return "{\"s\":\"" + symbol + "\",\"t\":" + (time < 1_000 ? 1_700_000_000_000_000L + time : time) + ",\"v\":" + value + "}";
    }
}
