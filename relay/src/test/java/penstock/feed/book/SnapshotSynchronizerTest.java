package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** Changes that wait for a snapshot, and everything that can go wrong. */
class SnapshotSynchronizerTest {
    private final SynchronizerRig rig = SynchronizerRig.spot();

    @Test
    void shouldRequestTheSnapshotWithTheFirstChangeAndPublishNothingYet() {
        rig.change(11, 13, "9", "1").change(14, 15, "9", "2");
        assertThat(rig.asked).hasSize(1);
        assertThat(rig.lastAsked().address)
            .hasToString("https://api.binance.com/api/v3/depth?symbol=BTCUSDT&limit=1000");
        assertThat(rig.kinds).isEmpty();
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldApplyTheChangesThatTheSnapshotDoesNotContain() {
        rig.change(11, 13, "9", "1").change(14, 15, "9", "2").change(16, 18, "8", "3");
        rig.lastAsked().body(SynchronizerRig.snapshot(15, "7.00", "5.0"));
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
        assertThat(rig.book()).isEqualTo("{bid 7.00=5.0, bid 8=3}");
        rig.change(19, 19, "8", "0.000");
        assertThat(rig.book()).isEqualTo("{bid 7.00=5.0}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS)).isOne();
        assertThat(rig.count(Counter.FEED_UNSYNCED)).isZero();
    }

    @Test
    void shouldAcceptASnapshotThatEndsWithinAChange() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().body(SynchronizerRig.snapshot(12, "7", "5"));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
    }

    @Test
    void shouldAcceptASnapshotThatEndsRightBeforeTheFirstChange() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().body(SynchronizerRig.snapshot(10, "7", "5"));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
    }

    @Test
    void shouldDropChangesThatArriveAfterANewerSnapshot() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().body(SynchronizerRig.snapshot(20, "7", "5"));
        rig.change(14, 17, "7", "1").change(18, 20, "7", "2");
        assertThat(rig.book()).isEqualTo("{bid 7=5}");
        assertThat(rig.count(Counter.FEED_DUPLICATES)).isEqualTo(2);
        rig.change(21, 22, "7", "3");
        assertThat(rig.book()).isEqualTo("{bid 7=3}");
    }

    @Test
    void shouldFetchAgainWhenTheSnapshotIsOlderThanTheChanges() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().body(SynchronizerRig.snapshot(9, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        assertThat(rig.asked).hasSize(1);
        rig.change(14, 16, "9", "2");
        rig.clock.advance(1_250);
        assertThat(rig.asked).hasSize(2);
        rig.lastAsked().body(SynchronizerRig.snapshot(13, "7", "5"));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=2}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldDelayAllRequestsByTheRetryAfterOfTheVenue() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().status(429, 20_000);
        rig.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"ETHUSDT\",\"U\":1,\"u\":2,\"b\":[],"
            + "\"a\":[]}}");
        rig.clock.advance(19_999);
        assertThat(rig.asked).hasSize(1);
        rig.clock.advance(4_000);
        assertThat(rig.asked).hasSize(3);
    }

    @Test
    void shouldDelayAllRequestsByABackOffWithoutARetryAfter() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().status(418, -1);
        rig.clock.advance(999);
        assertThat(rig.asked).hasSize(1);
        rig.clock.advance(700);
        assertThat(rig.asked).hasSize(2);
    }

    @Test
    void shouldRetryOnceAMinuteAfterFiveFailures() {
        rig.change(11, 13, "9", "1");
        for (int i = 0; i < SnapshotQueue.MAX_FAILURES; i++) {
            rig.lastAsked().status(503, -1);
            rig.pass(i == SnapshotQueue.MAX_FAILURES - 1 ? 59_999 : 40_000);
            assertThat(rig.asked).hasSize(Math.min(i + 2, SnapshotQueue.MAX_FAILURES));
        }
        rig.change(14, 15, "9", "1").pass(6_001);
        assertThat(rig.asked).hasSize(6);
        rig.lastAsked().body(SynchronizerRig.snapshot(12, "7", "5"));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(5);
    }

    @Test
    void shouldRejectABodyThatIsNoSnapshot() {
        rig.change(11, 13, "9", "1");
        for (final String body : List.of("", "{", "[]", "{\"code\":-1121}", "{\"lastUpdateId\":12,\"bids\":[]}",
                "{\"lastUpdateId\":1.5,\"bids\":[],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[[\"1\"]],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[[\"1\",{}]],\"asks\":[]}",
                "{\"lastUpdateId\":12,\"bids\":[],\"asks\":[]} ,")) {
            rig.lastAsked().body(body);
            rig.pass(70_000);
        }
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(9);
        assertThat(rig.kinds).isEmpty();
    }

    @Test
    void shouldFetchANewSnapshotAfterAGapAndKeepTheConnection() {
        rig.change(11, 13, "9", "1");
        rig.lastAsked().body(SynchronizerRig.snapshot(13, "7", "5"));
        rig.change(20, 21, "9", "2");
        assertThat(rig.upstreams.last().isAborted).isFalse();
        assertThat(rig.kinds).containsExactly("snapshot");
        rig.clock.advance(500);
        assertThat(rig.asked).hasSize(2);
        rig.change(22, 23, "6", "2");
        rig.lastAsked().body(SynchronizerRig.snapshot(21, "7", "6"));
        assertThat(rig.book()).isEqualTo("{bid 6=2, bid 7=6}");
        assertThat(rig.count(Counter.FEED_GAPS)).isOne();
    }

    @Test
    void shouldDropPendingChangesAfterAGap() {
        rig.change(11, 13, "9", "1").change(20, 21, "8", "2");
        assertThat(rig.count(Counter.FEED_SNAPSHOT_CHANGES_DROPPED)).isOne();
        rig.lastAsked().body(SynchronizerRig.snapshot(15, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        rig.clock.advance(1_250);
        rig.lastAsked().body(SynchronizerRig.snapshot(20, "7", "6"));
        assertThat(rig.book()).isEqualTo("{bid 7=6, bid 8=2}");
    }

    @Test
    void shouldRestartWhenTooManyChangesArePending() {
        rig.change(1, 1, "9", "1");
        for (int i = 2; i <= SnapshotSynchronizer.MAX_CHANGES + 1; i++) {
            rig.change(i, i, "9", "1");
        }
        assertThat(rig.count(Counter.FEED_SNAPSHOT_CHANGES_DROPPED)).isEqualTo(SnapshotSynchronizer.MAX_CHANGES);
        rig.lastAsked().body(SynchronizerRig.snapshot(2, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        rig.clock.advance(1_250);
        rig.lastAsked().body(SynchronizerRig.snapshot(SnapshotSynchronizer.MAX_CHANGES, "7", "5"));
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
    }

    @Test
    void shouldIgnoreASnapshotForALostConnection() {
        rig.change(11, 13, "9", "1");
        final SynchronizerRig.Asked old = rig.lastAsked();
        rig.upstreams.last().lose(LossReason.DISCONNECTED, true);
        assertThat(old.isAborted).isTrue();
        rig.clock.advance(10_000);
        rig.upstreams.last().open();
        old.body(SynchronizerRig.snapshot(13, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        rig.change(31, 32, "9", "1");
        old.body(SynchronizerRig.snapshot(32, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        rig.lastAsked().body(SynchronizerRig.snapshot(31, "7", "6"));
        assertThat(rig.book()).isEqualTo("{bid 7=6, bid 9=1}");
        rig.lastAsked().body(SynchronizerRig.snapshot(31, "7", "7"));
        assertThat(rig.kinds).containsExactly("snapshot", "delta");
    }

    @Test
    void shouldLimitRequestsInFlightAndTheirRate() {
        for (int i = 0; i < 10; i++) {
            rig.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"S" + i
                + "\",\"U\":1,\"u\":2,\"b\":[],\"a\":[]}}");
        }
        assertThat(rig.asked).hasSize(1);
        rig.clock.advance(499);
        assertThat(rig.asked).hasSize(1);
        rig.clock.advance(20_000);
        assertThat(rig.asked).hasSize(4);
        rig.asked.get(1).body("{\"lastUpdateId\":2,\"bids\":[],\"asks\":[]}");
        assertThat(rig.asked).hasSize(5);
        assertThat(rig.lastAsked().address.getQuery()).startsWith("symbol=S4&");
    }

    @Test
    void shouldEncodeASymbolInTheAddress() {
        rig.text("{\"stream\":\"x\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"币&x=1/..\",\"U\":1,\"u\":2,\"b\":[],"
            + "\"a\":[]}}");
        assertThat(rig.lastAsked().address.getRawQuery()).isEqualTo("symbol=%E5%B8%81%26X%3D1%2F..&limit=1000");
    }

    @Test
    void shouldFetchFromTheAddressInTheEnvironment() {
        final SynchronizerRig other =
            new SynchronizerRig("binance", "book", Map.of("BINANCE_REST", "http://127.0.0.1:99")::get);
        other.change(11, 13, "9", "1");
        assertThat(other.lastAsked().address).hasToString("http://127.0.0.1:99/api/v3/depth?symbol=BTCUSDT&limit=1000");
        final SynchronizerRig wrong = new SynchronizerRig("binance", "book", Map.of("BINANCE_REST", "nowhere")::get);
        wrong.change(11, 13, "9", "1");
        assertThat(wrong.asked).isEmpty();
        assertThat(wrong.count(Counter.FEED_SNAPSHOTS_FAILED)).isOne();
    }

    @Test
    void shouldFetchBooksOfFuturesFromTheirAddress() {
        final String start = "{\"stream\":\"btcusdt@depth\",\"data\":{\"e\":\"depthUpdate\",\"s\":\"BTCUSDT\",";
        rig.text(start + "\"U\":107,\"u\":109,\"pu\":101,\"b\":[[\"9\",\"1\"]],\"a\":[]}}");
        assertThat(rig.lastAsked().address)
            .hasToString("https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
        rig.lastAsked().body(SynchronizerRig.snapshot(100, "7", "5"));
        assertThat(rig.kinds).isEmpty();
        rig.clock.advance(1_250);
        rig.lastAsked().body(SynchronizerRig.snapshot(103, "7", "5"));
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=1}");
        rig.text(start + "\"U\":117,\"u\":119,\"pu\":109,\"b\":[[\"9\",\"2\"]],\"a\":[]}}");
        assertThat(rig.book()).isEqualTo("{bid 7=5, bid 9=2}");
    }

    @Test
    void shouldCompareTimesWithoutSequenceNumbers() {
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
