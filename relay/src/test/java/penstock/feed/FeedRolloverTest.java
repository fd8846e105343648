package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** One connection takes over from another. */
@Tag("slow")
class FeedRolloverTest {
    private static final String LIFETIME = "lifetime = 1h";
    private static final String ACKED = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          ack { match { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    private final FeedStage stage = new FeedStage();

    @Test
    void shouldTakeOverWithTheFirstUpdateOfTheNewConnectionAndTellNobody() {
        final PlayedUpstreams.Played old = stage.open(LIFETIME, ACKED, "A", "B").text("{\"ok\":true,\"id\":1}");
        old.text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        stage.ring.news();
        stage.clock.advance(3_599_999);
        assertThat(stage.upstreams.all).hasSize(1);
        stage.clock.advance(1);
        final PlayedUpstreams.Played next = stage.server(1).open();
        assertThat(next.sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
        old.text(FeedStage.quote("A", 2));
        // the venue has not confirmed yet, but what is new is new
        next.text(FeedStage.quote("A", 3));
        old.text(FeedStage.quote("A", 3)).text(FeedStage.quote("B", 2));
        assertThat(old.isClosing).isFalse();
        next.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("B", 3));
        assertThat(old.isClosing).isTrue();
        old.text(FeedStage.quote("B", 666));
        old.lose(LossReason.STOPPED, true);
        next.text(FeedStage.quote("A", 4));
        assertThat(stage.ring.news()).containsExactly("0 2", "0 3", "1 2", "1 3", "0 4");
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(stage.count(Counter.FEED_ROLLOVERS)).isEqualTo(1);
        assertThat(stage.count(Counter.FEED_DISCONNECTS)).isZero();
    }

    @Test
    void shouldNotGoBackInTimeWhileTheNewConnectionIsBehind() {
        final PlayedUpstreams.Played old = stage.open(LIFETIME, "").text(timed("A", 10, 1));
        stage.clock.advance(3_600_000);
        final PlayedUpstreams.Played next = stage.server(1).open();
        old.text(timed("A", 11, 2)).text(FeedStage.quote("B", 1)).text(FeedStage.quote("B", 2));
        stage.ring.news();
        next.text(timed("A", 10, 9)).text(FeedStage.quote("B", 1)).text(FeedStage.quote("B", 2))
            .text(timed("A", 11, 2));
        assertThat(stage.ring.news()).isEmpty();
        assertThat(old.isClosing).isFalse();
        next.text(timed("A", 12, 3));
        assertThat(stage.ring.news()).containsExactly("0 3");
        assertThat(old.isClosing).isTrue();
    }

    @Test
    void shouldMissAndDoubleNothingWhateverTheDelays() {
        for (int seed = 0; seed < 300; seed++) {
            final FeedStage played = new FeedStage();
            final SplittableRandom random = new SplittableRandom(seed);
            final PlayedUpstreams.Played old = played.open(LIFETIME, "").text(FeedStage.quote("A", 0));
            played.clock.advance(3_600_000);
            final PlayedUpstreams.Played next = played.server(1).open();
            // both tell 0, 1, 2 … of two symbols, each at its own pace and never more than 8 apart
            int saidByOld = 0;
            int saidByNext = random.nextInt(3);
            for (int i = 0; i < 200; i++) {
                if (random.nextBoolean() && saidByOld - saidByNext < 8) {
                    saidByOld++;
                    old.text(FeedStage.quote(saidByOld % 2 == 0 ? "A" : "B", saidByOld));
                } else if (saidByNext - saidByOld < 8 && saidByOld > 2) {
                    saidByNext++;
                    next.text(FeedStage.quote(saidByNext % 2 == 0 ? "A" : "B", saidByNext));
                }
            }
            played.clock.advance(5000);
            for (saidByNext++; !old.isClosing; saidByNext++) {
                next.text(FeedStage.quote(saidByNext % 2 == 0 ? "A" : "B", saidByNext));
            }
            assertThat(saidByNext).as("seed %d", seed).isLessThan(220);
            final List<Integer> values = new ArrayList<>();
            for (; saidByNext < 230; saidByNext++) {
                next.text(FeedStage.quote(saidByNext % 2 == 0 ? "A" : "B", saidByNext));
            }
            played.ring.news().stream().filter(news -> !news.startsWith("topic") && !news.startsWith("LIVE"))
                .forEach(news -> values.add(Integer.parseInt(news.substring(2))));
            for (int i = 0; i < values.size(); i++) {
                assertThat(values.get(i)).as("seed %d: %s", seed, values).isEqualTo(i);
            }
            assertThat(values).as("seed %d", seed).hasSize(230);
        }
    }

    @Test
    void shouldTakeOverFromAFasterConnectionToo() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        final PlayedUpstreams.Played next = stage.server(1).open();
        stage.ring.news();
        for (int second = 2; second < 8; second++) {
            old.text(FeedStage.quote("A", second));
            stage.clock.advance(500);
            next.text(FeedStage.quote("A", second));
            stage.clock.advance(500);
        }
        assertThat(old.isClosing).isTrue();
        next.text(FeedStage.quote("A", 8)).text(FeedStage.quote("A", 7)).text(FeedStage.quote("A", 8));
        assertThat(stage.ring.news()).containsExactly("0 2", "0 3", "0 4", "0 5", "0 6", "0 7", "0 8", "0 7", "0 8");
    }

    @Test
    void shouldKeepTheOldConnectionWhenTheNewOneFailsAndTryAgain() {
        final PlayedUpstreams.Played old = stage.open(LIFETIME, ACKED, "A").text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("A", 1));
        stage.ring.news();
        stage.clock.advance(3_600_000);
        stage.server(1).lose(LossReason.UNREACHABLE, false);
        stage.clock.advance(8000);
        stage.server(2).open();
        stage.clock.advance(5000);
        assertThat(stage.server(2).isAborted).as("not acknowledged").isTrue();
        old.text(FeedStage.quote("A", 2));
        stage.clock.advance(8000);
        stage.server(3).open().text("{\"trouble\":1}");
        stage.clock.advance(8000);
        stage.server(4).open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 3));
        assertThat(stage.ring.news()).containsExactly("0 2", "0 3");
        assertThat(old.isClosing).isTrue();
        assertThat(stage.upstreams.all).hasSize(5);
        assertThat(stage.count(Counter.FEED_ROLLOVERS)).isEqualTo(1);
        stage.clock.advance(3_600_000);
        assertThat(stage.upstreams.all).as("the new one grows old too").hasSize(6);
    }

    @Test
    void shouldMoveWhenTheVenueAnnouncesItsEnd() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}")
            .text("{\"move\":1}");
        assertThat(stage.upstreams.all).hasSize(2);
        stage.server(1).open().text(FeedStage.quote("A", 2));
        assertThat(old.isClosing).isTrue();
        old.lose(LossReason.DISCONNECTED, true);
        assertThat(stage.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2");
    }

    @Test
    void shouldGoOnWithTheHalfMadeConnectionWhenTheOldOneEndsTooSoon() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        stage.server(1).open();
        old.lose(LossReason.DISCONNECTED, true);
        assertThat(stage.ring.news()).endsWith("STALE upstream_disconnected");
        assertThat(stage.session.state()).isEqualTo(SessionState.LOGGING_IN);
        stage.server(1).text(FeedStage.quote("A", 2));
        assertThat(stage.ring.news()).containsExactly("LIVE null", "0 2");
        stage.clock.advance(60_000);
        assertThat(stage.upstreams.all).hasSize(2);
    }

    @Test
    void shouldConnectAnewWhenTheOldOneEndsBetweenTwoAttempts() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        stage.server(1).lose(LossReason.UNREACHABLE, false);
        old.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(8000);
        assertThat(stage.upstreams.all).hasSize(3);
        stage.server(2).open().text(FeedStage.quote("A", 2));
        stage.clock.advance(60_000);
        assertThat(stage.upstreams.all).hasSize(3);
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldGoBackToThePreferredAddressWhenTheOtherHasBeenStable() {
        stage.urls("ws://one.invalid/", "ws://two.invalid/").start("", "");
        stage.server(0).lose(LossReason.UNREACHABLE, false);
        stage.clock.advance(0);
        final PlayedUpstreams.Played second = stage.server(1).open().text(FeedStage.quote("A", 1));
        assertThat(second.url.host()).isEqualTo("two.invalid");
        stage.clock.advance(59_999);
        assertThat(stage.upstreams.all).hasSize(2);
        stage.clock.advance(1);
        assertThat(stage.server(2).url.host()).isEqualTo("one.invalid");
        stage.server(2).lose(LossReason.UNREACHABLE, false);
        stage.clock.advance(59_999);
        assertThat(stage.upstreams.all).as("not more often than that").hasSize(3);
        stage.clock.advance(1);
        assertThat(stage.server(3).url.host()).isEqualTo("one.invalid");
        second.text(FeedStage.quote("A", 2));
        stage.server(3).open().text(FeedStage.quote("A", 3));
        assertThat(second.isClosing).isTrue();
        assertThat(stage.ring.news())
            .containsExactly("STALE upstream_unreachable", "LIVE null", "topic 0 = 0 A", "0 1", "0 2", "0 3");
        stage.clock.advance(600_000);
        assertThat(stage.upstreams.all).hasSize(4);
        assertThat(stage.session.detail()).isEqualTo("live from ws://one.invalid/");
    }

    @Test
    void shouldMoveAwayFromAnAgedConnectionThoughThePreferredAddressIsDown() {
        stage.urls("ws://one.invalid/", "ws://two.invalid/").start("lifetime = 61s", "");
        stage.server(0).lose(LossReason.UNREACHABLE, false);
        stage.clock.advance(0);
        final PlayedUpstreams.Played second = stage.server(1).open().text(FeedStage.quote("A", 1));
        stage.clock.advance(60_000);
        stage.server(2).lose(LossReason.UNREACHABLE, false);
        stage.clock.advance(1000);
        assertThat(stage.server(3).url.host()).isEqualTo("two.invalid");
        stage.server(3).open().text(FeedStage.quote("A", 2));
        assertThat(second.isClosing).isTrue();
    }

    @Test
    void shouldGiveANewConnectionUpThatSaysNothingWhileTheOldOneSpeaks() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        final PlayedUpstreams.Played next = stage.server(1).open();
        stage.clock.advance(30_000);
        old.text(FeedStage.quote("A", 2));
        stage.clock.advance(30_000);
        assertThat(next.isAborted).isTrue();
        assertThat(old.isClosing).isFalse();
        stage.clock.advance(8000);
        assertThat(stage.upstreams.all).hasSize(3);
    }

    @Test
    void shouldTakeOverInAQuietNight() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1));
        stage.clock.advance(1);
        old.text("{\"move\":1}");
        stage.server(1).open();
        stage.clock.advance(60_000);
        assertThat(old.isClosing).isTrue();
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        stage.server(1).text(FeedStage.quote("A", 2));
        assertThat(stage.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2");
        stage.clock.advance(600_000);
        assertThat(stage.upstreams.all).hasSize(2);
    }

    @Test
    void shouldEndBothConnectionsOnStop() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        assertThat(stage.session.stop()).isNotDone();
        assertThat(stage.server(1).isAborted).isTrue();
        old.lose(LossReason.STOPPED, true);
        assertThat(stage.session.stop()).isDone();
        assertThat(stage.clock.timerCount()).isZero();
    }

    @Test
    void shouldEndAConnectionThatStillSaysGoodByeOnStop() {
        final PlayedUpstreams.Played old = stage.open("", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        stage.server(1).open().text(FeedStage.quote("A", 2));
        stage.session.stop();
        stage.server(1).lose(LossReason.STOPPED, true);
        assertThat(old.isAborted).isTrue();
        assertThat(stage.session.stop()).isDone();
        assertThat(stage.clock.timerCount()).isZero();
    }

    @Test
    void shouldCountTheSecondConnectionAgainstTheConnectRate() {
        stage.open("connect-rate { permits = 1, per = 5m }", "").text(FeedStage.quote("A", 1)).text("{\"move\":1}");
        assertThat(stage.upstreams.all).hasSize(1);
        stage.clock.advance(300_001);
        assertThat(stage.upstreams.all).hasSize(2);
    }

    @Test
    void shouldGoToTheNextAddressWhenDataComeTooLate() {
        final FeedStage late = new FeedStage().urls("ws://one.invalid/", "ws://two.invalid/");
        late.start("idle { any-frame = 0, data = 10s, max-age = 2s }", "");
        final PlayedUpstreams.Played one = late.server(0).open();
        for (int i = 0; i < 9; i++) {
            late.clock.advance(1_000);
            one.text(timed("A", late.clock.epochUs() - 3_000_000, i));
        }
        assertThat(late.upstreams.all).hasSize(1);
        late.clock.advance(1_000);
        assertThat(late.session.detail()).contains("no update younger than 2000 ms for 10000 ms");
        late.clock.advance(10_000);
        final PlayedUpstreams.Played two = late.server(1).open();
        assertThat(two.url.toString()).contains("two.invalid");
        for (int i = 0; i < 20; i++) {
            late.clock.advance(1_000);
            two.text(timed("A", late.clock.epochUs() - 1_000_000, i));
        }
        assertThat(late.upstreams.all).hasSize(2);
    }

    private static String timed(final String symbol, final long time, final long value) {
        return "{\"s\":\"" + symbol + "\",\"t\":" + time + ",\"v\":" + value + "}";
    }
}
