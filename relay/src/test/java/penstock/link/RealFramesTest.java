package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;
import penstock.testkit.RecordingSocket;

/** A link reads what the sessions of a relay are sent, and publishes the same: each class of channels. */
class RealFramesTest {
    private static final long NO_TIME = TickPublisher.NO_TIME;
    private static final String QUOTE = "{\"bid\":1.10384,\"id\":123456789012345678901234567}";

    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters("feed");
    private final SmallRelay origin = new SmallRelay();
    private final MirrorTarget target = new MirrorTarget();
    private final LinkPlan plan = LinkPlan.of(List.of("ws://127.0.0.1:1"), "edge~1", 100);
    private final LinkReplica replica = new LinkReplica(plan, target, counters, clock);
    private final LinkInterest interest = new LinkInterest(clock, 100, new NoAsker());
    private SmallRelay.Client client;
    private LinkTalk talk;
    private int completed;

    /** All symbols are configured here. */
    private static final class NoAsker implements LinkInterest.Asker {
        @Override
        public boolean ask(final int channel, final List<String> names) {
            return false;
        }

        @Override
        public void leave(final int channel, final List<String> names) {
            throw new AssertionError();
        }

        @Override
        public void refuse(final int channel, final String name) {
            throw new AssertionError();
        }
    }

    @Test
    void shouldPublishValuesWithTheNumbersOfTheOtherRelay() {
        final int eurusd = origin.topic(SmallRelay.QUOTE, "EURUSD");
        final int gbpusd = origin.topic(SmallRelay.QUOTE, "GBP\"USD*");
        origin.value(gbpusd, NO_TIME, " 1 ");
        origin.value(eurusd, 17, QUOTE);
        origin.live();
        connect();
        pump();

        assertThat(target.take()).containsExactly("epoch 7000",
            "feed 0 feed [0=quote, 1=ticker, 2=trade, 3=book]",
            "0/GBP\"USD* q1 p1", "0/EURUSD q1 p2", "feed 0 LIVE null p2");
        assertThat(completed).isOne();
        assertThat(target.edge.images()).isEqualTo(origin.images()).hasSize(2);

        origin.thread.advanceMs(40);
        origin.value(eurusd, NO_TIME, "2");
        origin.emitted(eurusd, "{\"payload\":[3,true]}", "3");
        origin.value(gbpusd, NO_TIME, "4");
        origin.turn();
        origin.thread.advanceMs(1);
        pump();

        assertThat(target.take()).containsExactly("0/EURUSD q3 p4", "0/GBP\"USD* q2 p5");
        assertThat(target.edge.images()).isEqualTo(origin.images())
            .containsEntry("quote EURUSD", "3 LIVE {\"payload\":[3,true]}");
        assertThat(counters.get(Counter.LINK_BEGUN)).isEqualTo(4);
    }

    @Test
    void shouldCountTheTimeFromTheFirstReceipt() {
        final int eurusd = origin.topic(SmallRelay.QUOTE, "EURUSD");
        origin.value(eurusd, NO_TIME, QUOTE);
        origin.live();
        origin.thread.advanceMs(1_500);
        connect();
        pump();
        assertThat(clock.nowNs() - target.receivedNs).isEqualTo(1_500_000_000L);

        origin.value(eurusd, NO_TIME, "2");
        origin.turn();
        origin.thread.advanceMs(3_600_001);
        connect();
        pump();
        assertThat(clock.nowNs() - target.receivedNs).as("longer than an hour").isEqualTo(3_600_000_001_000L);
    }

    @Test
    void shouldPublishChangesOfMergedValues() {
        final int topic = origin.topic(SmallRelay.TICKER, "XAUUSD");
        origin.publish(topic, NO_TIME, UpdateKind.SNAPSHOT, "{\"bid\":1.1,\"ask\":1.20,\"note\":\"halt\"}");
        origin.live();
        connect();
        pump();
        assertThat(target.edge.images()).isEqualTo(origin.images()).containsKey("ticker XAUUSD");

        origin.publish(topic, NO_TIME, UpdateKind.DELTA, "{\"bid\":1.30,\"n\":12345678901234567890123456.7}");
        turn();
        origin.publish(topic, NO_TIME, UpdateKind.DELTA, "{\"note\":null,\"ask\":null}");
        turn();
        assertThat(target.edge.images()).isEqualTo(origin.images())
            .containsEntry("ticker XAUUSD", "{\"bid\":1.30,\"n\":12345678901234567890123456.7} LIVE");
        assertThat(target.take()).endsWith("1/XAUUSD q2 p2", "1/XAUUSD q3 p3");

        origin.publish(topic, NO_TIME, UpdateKind.SNAPSHOT, "{\"note\":\"\"}");
        turn();
        assertThat(target.edge.images()).isEqualTo(origin.images());
    }

    @Test
    void shouldPublishLevelsOfBooks() {
        final int topic = origin.topic(SmallRelay.BOOK, "ETHUSD");
        origin.book(topic, UpdateKind.SNAPSHOT, "b1.10=0.5", "b\"1.0\"=\"2\"", "a1.20=3", "a1.3000=4e2");
        origin.live();
        connect();
        pump();
        assertThat(target.edge.images()).isEqualTo(origin.images()).containsKey("book ETHUSD");

        origin.book(topic, UpdateKind.DELTA, "b1.10=", "a1.20=7.0");
        turn();
        assertThat(target.edge.images()).isEqualTo(origin.images()).containsEntry("book ETHUSD",
            "{\"bids\":[[\"1.0\",\"2\"]],\"asks\":[[1.20,7.0],[1.3000,4e2]]} LIVE");

        origin.book(topic, UpdateKind.DELTA, "b\"1.0\"=", "a1.20=", "a1.3000=");
        turn();
        assertThat(target.edge.images()).containsEntry("book ETHUSD", "{\"bids\":[],\"asks\":[]} LIVE");
    }

    @Test
    void shouldPublishEachEventAndCountThoseThatAreMissing() {
        final int topic = origin.topic(SmallRelay.TRADE, "BTCUSD");
        origin.value(topic, NO_TIME, "{\"id\":1}");
        origin.live();
        connect();
        pump();
        target.take();

        for (int i = 2; i < 5; i++) {
            origin.value(topic, NO_TIME, "{\"id\":" + i + "}");
        }
        turn();
        origin.publisher.missed(topic, 3);
        origin.value(topic, NO_TIME, "{\"id\":8}");
        turn();

        assertThat(target.take()).containsExactly("2/BTCUSD q2 p2", "2/BTCUSD q3 p3", "2/BTCUSD q4 p4",
            "2/BTCUSD q8 p8 missed 3");
        assertThat(counters.get(Counter.FEED_EVENTS_MISSED)).isEqualTo(3);
    }

    @Test
    void shouldPublishStatesInTheirPlace() {
        final int eurusd = origin.topic(SmallRelay.QUOTE, "EURUSD");
        final int gone = origin.topic(SmallRelay.QUOTE, "GONE");
        final int never = origin.topic(SmallRelay.QUOTE, "NEVER");
        origin.value(eurusd, NO_TIME, "1");
        origin.value(gone, NO_TIME, "2");
        origin.live();
        origin.publisher.topicState(eurusd, TopicState.STALE, "upstream_gap", 5);
        origin.publisher.topicState(never, TopicState.CLOSED, "no such product", 6);
        origin.turn();
        connect();
        pump();
        assertThat(target.take()).contains("0/EURUSD STALE upstream_gap p2", "0/NEVER CLOSED no such product p2");

        origin.value(eurusd, NO_TIME, "3");
        turn();
        assertThat(target.take()).containsExactly("0/EURUSD q2 p3");
        origin.publisher.topicState(eurusd, TopicState.STALE, "silent", 7);
        turn();
        origin.publisher.topicState(eurusd, TopicState.LIVE, null, 8);
        turn();
        origin.publisher.forgetTopic(gone);
        origin.value(origin.topic(SmallRelay.QUOTE, "GONE"), NO_TIME, "4");
        turn();
        assertThat(target.take()).containsExactly("0/EURUSD STALE silent p3", "0/EURUSD LIVE null p3",
            "forget 0/GONE", "0/GONE q1 p4");

        origin.publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 9, 429);
        turn();
        origin.publisher.feedState(0, FeedState.LIVE, null, 10, -1);
        turn();
        origin.value(eurusd, NO_TIME, "5");
        turn();
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p4", "feed 0 LIVE null p4",
            "0/EURUSD q3 p5");
        assertThat(target.edge.images()).isEqualTo(origin.images());
    }

    @Test
    void shouldForgetBehindAnotherEdgeWhatThatOneForgotAfterItsLastUpdate() {
        final int gone = origin.topic(SmallRelay.TICKER, "GONE");
        origin.publish(gone, NO_TIME, UpdateKind.SNAPSHOT, "{\"a\":1}");
        origin.live();
        connect();
        pump();
        target.complete(5);
        target.forgetTopic(0, 7);
        target.complete(8);
        target.flush();

        final SmallRelay.Client client = target.edge.connect();
        assertThat(resumes(client, 5)).isFalse();
        assertThat(resumes(client, 7)).isFalse();
        assertThat(resumes(client, 8)).isTrue();
    }

    private static boolean resumes(final SmallRelay.Client client, final long p) {
        client.send(("{\"op\":\"subscribe\",\"id\":1,\"sub\":\"" + p + "\",\"channel\":\"ticker\",\"symbols\":[\"*\"],"
            + "\"resume\":{\"epoch\":7000,\"p\":" + p + "}}").getBytes(StandardCharsets.UTF_8));
        return client.take().stream().anyMatch(frame -> frame.text().contains("\"resumed\":true"));
    }

    @Test
    void shouldGoOnAfterALossWithWhatWasMissed() {
        final int eurusd = origin.topic(SmallRelay.QUOTE, "EURUSD");
        final int gbpusd = origin.topic(SmallRelay.QUOTE, "GBPUSD");
        final int trade = origin.topic(SmallRelay.TRADE, "BTCUSD");
        final int ticker = origin.topic(SmallRelay.TICKER, "XAUUSD");
        origin.value(eurusd, NO_TIME, "1");
        origin.value(gbpusd, NO_TIME, "1");
        origin.value(trade, NO_TIME, "{\"id\":1}");
        origin.publish(ticker, NO_TIME, UpdateKind.SNAPSHOT, "{\"a\":1,\"b\":2}");
        origin.publisher.topicState(gbpusd, TopicState.STALE, "silent", 7);
        origin.live();
        connect();
        pump();
        target.take();

        origin.value(eurusd, NO_TIME, "2");
        origin.value(eurusd, NO_TIME, "3");
        origin.value(trade, NO_TIME, "{\"id\":2}");
        origin.value(trade, NO_TIME, "{\"id\":3}");
        origin.publish(ticker, NO_TIME, UpdateKind.DELTA, "{\"a\":null}");
        origin.publisher.topicState(gbpusd, TopicState.LIVE, null, 8);
        origin.turn();
        connect();
        pump();

        assertThat(target.take()).containsExactly("0/EURUSD q3 p6", "2/BTCUSD q2 p7", "2/BTCUSD q3 p8",
            "1/XAUUSD q2 p9", "0/GBPUSD LIVE null p9");
        assertThat(target.edge.images()).isEqualTo(origin.images());
        assertThat(completed).isEqualTo(2);
        assertThat(counters.get(Counter.LINK_RESUMED)).isEqualTo(4);
    }

    private void turn() {
        origin.turn();
        origin.thread.advanceMs(1);
        pump();
    }

    private void connect() {
        client = origin.connect();
        talk = new LinkTalk(new LinkTalk.Parts(plan, replica, interest, target, clock), client::send,
            welcome -> { }, () -> completed++);
    }

    /** Lets the link read all that the relay has sent. */
    private void pump() {
        for (List<RecordingSocket.Frame> frames = client.take(); !frames.isEmpty(); frames = client.take()) {
            for (final RecordingSocket.Frame frame : frames) {
                if (frame.isBinary()) {
                    final byte[] bytes = frame.plain().getBytes(StandardCharsets.ISO_8859_1);
                    talk.onBinary(bytes, 0, bytes.length, clock.nowNs());
                } else {
                    text(frame.text());
                }
            }
            replica.onBatchEnd();
        }
        target.flush();
    }

    private void text(final String text) {
        final byte[] bytes = (' ' + text).getBytes(StandardCharsets.UTF_8);
        talk.onText(bytes, 1, bytes.length - 1);
    }
}
