package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** Changes that wait for a snapshot, and everything that can come between. */
class SnapshotSynchronizerTest {
    private final SynchronizerRig stage = SynchronizerRig.spot();

    @Test
    void shouldAskForTheSnapshotWithTheFirstChangeAndShowNothingYet() {
        stage.change(11, 13, "9", "1").change(14, 15, "9", "2");
        assertThat(stage.asked).hasSize(1);
        assertThat(stage.lastAsked().address)
            .hasToString("https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000");
        assertThat(stage.kinds).isEmpty();
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldApplyTheChangesThatTheSnapshotDoesNotContain() {
        stage.change(11, 13, "9", "1").change(14, 15, "9", "2").change(16, 18, "8", "3");
        stage.lastAsked().body(SynchronizerRig.snapshot(15, "7.00", "5.0"));
        assertThat(stage.kinds).containsExactly("snapshot", "delta");
        assertThat(stage.book()).isEqualTo("{bid 7.00=5.0, bid 8=3}");
        stage.change(19, 19, "8", "0.000");
        assertThat(stage.book()).isEqualTo("{bid 7.00=5.0}");
        assertThat(stage.count(Counter.FEED_SNAPSHOTS)).isOne();
        assertThat(stage.count(Counter.FEED_UNSYNCED)).isZero();
    }

    @Test
    void shouldTakeASnapshotThatEndsWithinAChange() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().body(SynchronizerRig.snapshot(12, "7", "5"));
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=1}");
    }

    @Test
    void shouldTakeASnapshotThatEndsRightBeforeTheFirstChange() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().body(SynchronizerRig.snapshot(10, "7", "5"));
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=1}");
    }

    @Test
    void shouldDropChangesThatComeAfterTheSnapshotButAreOlder() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().body(SynchronizerRig.snapshot(20, "7", "5"));
        stage.change(14, 17, "7", "1").change(18, 20, "7", "2");
        assertThat(stage.book()).isEqualTo("{bid 7=5}");
        assertThat(stage.count(Counter.FEED_DUPLICATES)).isEqualTo(2);
        stage.change(21, 22, "7", "3");
        assertThat(stage.book()).isEqualTo("{bid 7=3}");
    }

    @Test
    void shouldFetchAgainWhatIsOlderThanTheChanges() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().body(SynchronizerRig.snapshot(9, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        assertThat(stage.asked).hasSize(1);
        stage.change(14, 16, "9", "2");
        stage.clock.advance(1_250);
        assertThat(stage.asked).hasSize(2);
        stage.lastAsked().body(SynchronizerRig.snapshot(13, "7", "5"));
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=2}");
        assertThat(stage.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldHoldAllRequestsForAsLongAsTheVenueAsks() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().status(429, 20_000);
        stage.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":[],"
            + "\"a\":[]}}");
        stage.clock.advance(19_999);
        assertThat(stage.asked).hasSize(1);
        stage.clock.advance(4_000);
        assertThat(stage.asked).hasSize(3);
    }

    @Test
    void shouldHoldAllRequestsForABackOffWhenTheVenueAsksForNothing() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().status(418, -1);
        stage.clock.advance(999);
        assertThat(stage.asked).hasSize(1);
        stage.clock.advance(700);
        assertThat(stage.asked).hasSize(2);
    }

    @Test
    void shouldTryEachMinuteAfterFiveFailures() {
        stage.change(11, 13, "9", "1");
        for (int i = 0; i < SnapshotQueue.MAX_FAILURES; i++) {
            stage.lastAsked().status(503, -1);
            stage.pass(i == SnapshotQueue.MAX_FAILURES - 1 ? 59_999 : 40_000);
            assertThat(stage.asked).hasSize(Math.min(i + 2, SnapshotQueue.MAX_FAILURES));
        }
        stage.change(14, 15, "9", "1").pass(6_001);
        assertThat(stage.asked).hasSize(6);
        stage.lastAsked().body(SynchronizerRig.snapshot(12, "7", "5"));
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=1}");
        assertThat(stage.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(5);
    }

    @Test
    void shouldRefuseWhatIsNoSnapshot() {
        stage.change(11, 13, "9", "1");
        for (final String body : List.of("", "{", "[]", "{\"code\":-1121}", "{\"lastUpdateId\":12,\"bids\":[]}",
                "{\"lastUpdateId\":1.5,\"bids\":[],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[[\"1\"]],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[[\"1\",{}]],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[],\"asks\":[]} ,")) {
            stage.lastAsked().body(body);
            stage.pass(70_000);
        }
        assertThat(stage.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(9);
        assertThat(stage.kinds).isEmpty();
    }

    @Test
    void shouldBeginAgainAfterAGapWithoutLosingTheConnection() {
        stage.change(11, 13, "9", "1");
        stage.lastAsked().body(SynchronizerRig.snapshot(13, "7", "5"));
        stage.change(20, 21, "9", "2");
        assertThat(stage.upstreams.last().isAborted).isFalse();
        assertThat(stage.kinds).containsExactly("snapshot");
        stage.clock.advance(500);
        assertThat(stage.asked).hasSize(2);
        stage.change(22, 23, "6", "2");
        stage.lastAsked().body(SynchronizerRig.snapshot(21, "7", "6"));
        assertThat(stage.book()).isEqualTo("{bid 6=2, bid 7=6}");
        assertThat(stage.count(Counter.FEED_GAPS)).isOne();
    }

    @Test
    void shouldDropWhatWaitedWhenAChangeIsMissingBetween() {
        stage.change(11, 13, "9", "1").change(20, 21, "8", "2");
        assertThat(stage.count(Counter.FEED_SNAPSHOT_CHANGES_DROPPED)).isOne();
        stage.lastAsked().body(SynchronizerRig.snapshot(15, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        stage.clock.advance(1_250);
        stage.lastAsked().body(SynchronizerRig.snapshot(20, "7", "6"));
        assertThat(stage.book()).isEqualTo("{bid 7=6, bid 8=2}");
    }

    @Test
    void shouldBeginAnewWhenTooMuchWaits() {
        stage.change(1, 1, "9", "1");
        for (int i = 2; i <= SnapshotSynchronizer.MAX_CHANGES + 1; i++) {
            stage.change(i, i, "9", "1");
        }
        assertThat(stage.count(Counter.FEED_SNAPSHOT_CHANGES_DROPPED)).isEqualTo(SnapshotSynchronizer.MAX_CHANGES);
        stage.lastAsked().body(SynchronizerRig.snapshot(2, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        stage.clock.advance(1_250);
        stage.lastAsked().body(SynchronizerRig.snapshot(SnapshotSynchronizer.MAX_CHANGES, "7", "5"));
        assertThat(stage.kinds).containsExactly("snapshot", "delta");
    }

    @Test
    void shouldNotHearTheAnswerOfAConnectionThatIsGone() {
        stage.change(11, 13, "9", "1");
        final SynchronizerRig.Asked old = stage.lastAsked();
        stage.upstreams.last().lose(LossReason.DISCONNECTED, true);
        assertThat(old.isAborted).isTrue();
        stage.clock.advance(10_000);
        stage.upstreams.last().open();
        old.body(SynchronizerRig.snapshot(13, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        stage.change(31, 32, "9", "1");
        old.body(SynchronizerRig.snapshot(32, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        stage.lastAsked().body(SynchronizerRig.snapshot(31, "7", "6"));
        assertThat(stage.book()).isEqualTo("{bid 7=6, bid 9=1}");
        stage.lastAsked().body(SynchronizerRig.snapshot(31, "7", "7"));
        assertThat(stage.kinds).containsExactly("snapshot", "delta");
    }

    @Test
    void shouldAskForAFewAtOnceAndNeverFasterThanTheRate() {
        for (int i = 0; i < 10; i++) {
            stage.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"S" + i
                + "\",\"U\":1,\"u\":2,\"b\":[],\"a\":[]}}");
        }
        assertThat(stage.asked).hasSize(1);
        stage.clock.advance(499);
        assertThat(stage.asked).hasSize(1);
        stage.clock.advance(20_000);
        assertThat(stage.asked).hasSize(4);
        stage.asked.get(1).body("{\"lastUpdateId\":2,\"bids\":[],\"asks\":[]}");
        assertThat(stage.asked).hasSize(5);
        assertThat(stage.lastAsked().address.getQuery()).startsWith("symbol=S4&");
    }

    @Test
    void shouldEncodeASymbolThatIsNoPlainText() {
        stage.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"币&x=1/..\",\"U\":1,\"u\":2,\"b\":[],"
            + "\"a\":[]}}");
        assertThat(stage.lastAsked().address.getRawQuery()).isEqualTo("symbol=%E5%B8%81%26X%3D1%2F..&limit=1000");
    }

    @Test
    void shouldFetchFromWhereTheEnvironmentSays() {
        final SynchronizerRig other =
            new SynchronizerRig("binance", "depth", Map.of("BINANCE_REST", "http://127.0.0.1:99")::get);
        other.change(11, 13, "9", "1");
        assertThat(other.lastAsked().address).hasToString("http://127.0.0.1:99/api/v3/depth?symbol=BTCUSDT&limit=1000");
        final SynchronizerRig wrong = new SynchronizerRig("binance", "depth", Map.of("BINANCE_REST", "nowhere")::get);
        wrong.change(11, 13, "9", "1");
        assertThat(wrong.asked).isEmpty();
        assertThat(wrong.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldFetchBooksOfFuturesFromTheirPlace() {
        final String start = "{\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\",";
        stage.text(start + "\"U\":107,\"u\":109,\"pu\":101,\"b\":[[\"9\",\"1\"]],\"a\":[]}}");
        assertThat(stage.lastAsked().address)
            .hasToString("https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
        stage.lastAsked().body(SynchronizerRig.snapshot(100, "7", "5"));
        assertThat(stage.kinds).isEmpty();
        stage.clock.advance(1_250);
        stage.lastAsked().body(SynchronizerRig.snapshot(103, "7", "5"));
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=1}");
        stage.text(start + "\"U\":117,\"u\":119,\"pu\":109,\"b\":[[\"9\",\"2\"]],\"a\":[]}}");
        assertThat(stage.book()).isEqualTo("{bid 7=5, bid 9=2}");
    }

    @Test
    void shouldCompareTimesWhereTheVenueNumbersNothing() {
        final SynchronizerRig bitstamp = new SynchronizerRig("bitstamp", "book", name -> null);
        final String change = "{\"data\":{\"microtimestamp\":\"%d\",\"bids\":[[\"%s\",\"1\"]],\"asks\":[]},"
            + "\"channel\":\"diff_order_book_btcusd\",\"event\":\"data\"}";
        final String body =
            "{\"timestamp\":\"1700000000\",\"microtimestamp\":\"%d\",\"bids\":[[\"7\",\"5\"]],\"asks\":[]}";
        bitstamp.text(change.formatted(1_700_000_000_000_010L, "8"))
            .text(change.formatted(1_700_000_000_000_020L, "9"));
        assertThat(bitstamp.lastAsked().address).hasToString("https://www.bitstamp.net/api/v2/order_book/btcusd/");
        bitstamp.lastAsked().body(body.formatted(1_700_000_000_000_009L));
        assertThat(bitstamp.kinds).isEmpty();
        bitstamp.clock.advance(1_250);
        bitstamp.lastAsked().body(body.formatted(1_700_000_000_000_015L));
        assertThat(bitstamp.book()).isEqualTo("{bid 7=5, bid 9=1}");
    }
}
