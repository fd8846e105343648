package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.ring.TopicState;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** A client comes back with the epoch and the position of the last frame that it received. */
class ResumeTest {
    private final ShardRig rig = new ShardRig();
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldSendOnlyTopicsThatChangedSince() {
        rig.tick("A", "B", "C");
        rig.tick("B");
        final List<String> texts = comeBack(7, 3, true);
        assertThat(texts.get(1)).contains("\"matched\":3", "\"resumed\":true}");
        assertThat(texts.get(2)).startsWith("{\"type\":\"snapshot\"")
            .contains("\"p\":4,\"last\":true,\"resumed\":true,\"data\":["
            + "{\"s\":\"B\",\"q\":2,");
        assertThat(texts.get(2)).doesNotContain("\"s\":\"A\"", "\"s\":\"C\"");
        rig.tick("A", "B");
        assertThat(ShardRig.texts(socket)).singleElement().asString()
            .contains("{\"s\":\"A\",\"q\":2,\"v\"", "{\"s\":\"B\",\"q\":3,\"v\"");
    }

    @Test
    void shouldSendAnEmptySnapshotWhenNothingChanged() {
        rig.tick("A", "B");
        final List<String> texts = comeBack(7, 2, true);
        assertThat(texts.get(2)).contains("\"last\":true,\"resumed\":true,\"data\":[]}");
    }

    @Test
    void shouldSendChangedTopicsWithoutASnapshotRequest() {
        rig.tick("A", "B");
        assertThat(comeBack(7, 1, false).get(2)).contains("\"resumed\":true,\"data\":[{\"s\":\"B\",\"q\":1,");
    }

    @Test
    void shouldSendEverythingAfterAnotherEpoch() {
        rig.tick("A", "B");
        final List<String> texts = comeBack(6, 1, true);
        assertThat(texts.get(1)).contains("\"resumed\":false}");
        assertThat(texts.get(2)).doesNotContain("resumed").contains("\"s\":\"A\"", "\"s\":\"B\"");
    }

    @Test
    void shouldSendEverythingForAPositionThatItNeverHad() {
        rig.tick("A", "B");
        assertThat(comeBack(7, 3, true).get(1)).contains("\"resumed\":false}");
    }

    @Test
    void shouldResumeAtAPositionThatAnotherShardReachedFirst() {
        rig.tick("A", "B");
        rig.feed.tick("A", rig.thread.nowNs());
        rig.feed.flush();
        // the shard was woken, but has not run yet
        final Session session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(request(7, 3, true));
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(1)).contains("\"resumed\":true}");
        assertThat(texts.get(2)).contains("\"data\":[]}");
        assertThat(texts).hasSize(3);
    }

    @Test
    void shouldNotRepeatAnImageThatAnotherShardSent() {
        rig.tick("A");
        rig.feed.tick("A", rig.thread.nowNs());
        rig.feed.flush();
        // sent by another shard: an image of q 2, with the position 1 at which it was asked for
        final Session session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(request(7, 1, true));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().startsWith("{\"type\":\"snapshot\"")
            .contains("\"q\":2,\"v\"");
    }

    @Test
    void shouldSendTheImageOfTopicsThatChangedTheirState() {
        rig.tick("A", "B");
        rig.state(TopicState.STALE, "silent", "A");
        rig.state(TopicState.LIVE, null, "A");
        rig.tick("C");
        assertThat(comeBack(7, 2, true).get(2)).contains("{\"s\":\"A\",\"q\":1,\"v\"", "\"s\":\"C\"")
            .doesNotContain("\"s\":\"B\"");
    }

    @Test
    void shouldSendWhatTheFeedLostWithItsStateAfterTheFeedCameBack() {
        rig.open(rig.socket(), WebSocketFormat.PLAIN).onRequest(request(Mode.ALL, null, null));
        rig.tick("A", "B");
        lose();
        rig.tick("B");
        for (final Mode mode : List.of(Mode.CONFLATE, Mode.ALL)) {
            final List<String> texts = comeBack(7, 2, mode, null);
            assertThat(texts.get(0)).contains("\"state\":\"live\"");
            assertThat(texts).last().asString().startsWith("{\"type\":\"snapshot\"")
                .contains("\"last\":true,\"resumed\":true", "{\"s\":\"A\",\"q\":1,\"st\":\"stale\",\"v\"");
        }
    }

    @Test
    void shouldSendStaleWhatModeAllMissedBeforeTheFeedWasLost() {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(request(Mode.ALL, null, null));
        rig.tick("A");
        ShardRig.texts(socket);
        socket.takeOnly(3);
        rig.tick("A");
        rig.tick("A");
        lose();
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("{\"s\":\"A\",\"q\":2,\"v\"");
        assertThat(texts.get(1)).contains("\"scope\":\"feed\",\"state\":\"stale\"");
        assertThat(texts.get(2)).contains("\"scope\":\"feed\",\"state\":\"live\"");
        assertThat(texts.get(3)).contains("{\"s\":\"A\",\"q\":3,\"st\":\"stale\",\"v\"");
    }

    @Test
    void shouldSendTheNextChangeWholeWhenTheClientCannotCountFromTheLast() {
        rig.open(rig.socket(), WebSocketFormat.PLAIN).onRequest(request(Mode.ALL, null, null));
        rig.tick("A", "B");
        // a view of a field that no value has: each of these is hidden
        rig.tick("A", "A");
        comeBack(7, 4, Mode.ALL, List.of("none"));
        rig.tick("A");
        assertThat(ShardRig.texts(socket)).singleElement().asString().startsWith("{\"type\":\"snapshot\"")
            .contains("{\"s\":\"A\",\"q\":4,\"v\":{}}");
    }

    @Test
    void shouldSendImagesOfSymbolsThatTheClientDoesNotClaim() {
        rig.tick("A", "B", "C");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe("1", "0", null, ShardRig.patterns("A", "B*"), true,
            Resume.of(7, 3, ShardRig.patterns("A")), SubscriptionOptions.of(Mode.CONFLATE, 0, null)));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"id\":1,\"replaces\":\"some\",\"p\":3")
            .contains("\"last\":true,\"resumed\":true,\"data\":[{\"s\":\"B\"").doesNotContain("\"A\"");
    }

    @Test
    void shouldNotTakeAPositionForOneOfALaterRequest() {
        rig.tick("A", "B");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        for (final String symbol : List.of("A", "B")) {
            session.onRequest(new Request.Subscribe("\"" + symbol + "\"", "0", null, ShardRig.patterns(symbol), true,
                new Resume(7, 2), SubscriptionOptions.of(Mode.CONFLATE, 0, null)));
        }
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(1)).contains("\"id\":\"A\"", "\"resumed\":true}");
        assertThat(texts.get(2)).contains("\"id\":\"B\"", "\"resumed\":false}");
        assertThat(texts.get(3)).contains("\"id\":\"A\",\"replaces\":\"some\",\"p\":0,\"last\":true,\"resumed\":true,"
            + "\"data\":[]");
        assertThat(texts.get(4)).contains("\"id\":\"B\",\"replaces\":\"some\",\"p\":2,\"last\":true,\"data\":[{\"s\":\"B\"");
    }

    @Test
    void shouldRepeatAGapWithItsPositionWhenFieldsChangeBeforeIt() {
        final ShardRig narrow = new ShardRig(new SessionLimits(3, 10, 65_536, 20, 0, 60_000), 4, 1 << 20,
            List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false)));
        narrow.open(narrow.socket(), WebSocketFormat.PLAIN).onRequest(trades(null, List.of()));
        for (int i = 0; i < 20; i++) {
            narrow.feed.tick("T.A", narrow.thread.nowNs());
        }
        do {
            narrow.feed.flush();
            narrow.thread.run();
        } while (narrow.feed.isBehind());
        final RecordingSocket returned = narrow.socket();
        final Session session = narrow.open(returned, WebSocketFormat.PLAIN);
        session.onRequest(trades(new Resume(7, 19), List.of("none")));
        session.onRequest(new Request.Change("2", "0", false,
            new SubscriptionOptions(null, -1, null, -1, -1, new ContentOptions(List.of("n"), null, -1))));
        narrow.thread.run();
        assertThat(ShardRig.texts(returned)).filteredOn(text -> text.startsWith("{\"type\":\"gap\""))
            .containsExactly("{\"type\":\"gap\",\"sub\":\"0\",\"p\":19,\"missed\":16,\"topics\":[[\"T.A\",19,16]]}");
    }

    @Test
    void shouldNameNoPositionWhileImagesOfAResumeWaitBehindEntriesOfModeAll() {
        rig.tick("A", "B");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(request(Mode.CONFLATE, new Resume(7, 1), null));
        session.onRequest(new Request.Change("2", "0", true, SubscriptionOptions.of(Mode.ALL, -1, null)));
        rig.tick("A");
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(3)).startsWith("{\"type\":\"update\"").contains("\"p\":0,\"data\":[{\"s\":\"A\",\"q\":2,");
        assertThat(texts.get(4)).contains("\"id\":1,", "\"p\":0,\"last\":true", "{\"s\":\"B\",\"q\":1,");
        assertThat(texts.get(5)).contains("\"id\":2,", "\"p\":3,\"last\":true", "\"data\":[]");
    }

    private static Request.Subscribe trades(final Resume resume, final List<String> fields) {
        return new Request.Subscribe("1", "0", "trade", ShardRig.patterns("*"), true, resume, new SubscriptionOptions(
            Mode.ALL, -1, null, -1, -1, new ContentOptions(fields, null, -1)));
    }

    private void lose() {
        rig.feed.state(FeedState.STALE);
        rig.feed.state(FeedState.LIVE);
        rig.feed.flush();
        rig.thread.run();
    }

    private List<String> comeBack(final long epoch, final long p, final Mode mode, final List<String> fields) {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(request(mode, new Resume(epoch, p), fields));
        rig.thread.run();
        return ShardRig.texts(socket);
    }

    private static Request.Subscribe request(final Mode mode, final Resume resume, final List<String> fields) {
        return new Request.Subscribe("1", "0", null, ShardRig.patterns("*"), true, resume, new SubscriptionOptions(mode,
            mode == Mode.ALL ? -1 : 0, null, -1, -1, new ContentOptions(fields, null, -1)));
    }

    private List<String> comeBack(final long epoch, final long p, final boolean snapshot) {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(request(epoch, p, snapshot));
        rig.thread.run();
        return ShardRig.texts(socket);
    }

    private static Request.Subscribe request(final long epoch, final long p, final boolean snapshot) {
        return new Request.Subscribe("1", "0", null, ShardRig.patterns("*"), snapshot, new Resume(epoch, p),
            SubscriptionOptions.of(Mode.CONFLATE, 0, null));
    }
}
