package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.ring.FeedState;
import penstock.testkit.RecordingSocket;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.wire.ChannelName;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** Sessions of a shard with two feeds: positions are common, states are not. */
class SeveralFeedsSessionTest {
    private final Feed first = new Feed(0, "first", 0);
    private final Feed second = new Feed(1, "second", 0);
    /** Symbols that begin with T. are of the second feed. */
    private final ShardRig rig = new ShardRig(new SessionLimits(5, 10, 65536, 20, 0, 60_000), 4096, 1 << 20,
        List.of(new Channel(first, 0, "quote", "last-value", true, MemoryShare.unlimited()),
        new Channel(second, 1, "quote", "last-value", true, MemoryShare.unlimited())));
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldResumeOneFeedAsIfTheOtherWereNotThere() {
        rig.feed.state(FeedState.LIVE);
        rig.tick("A", "T.A", "T.B");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        rig.tick("A", "T.B");
        rig.feed.state(FeedState.STALE);
        rig.thread.run();
        session.onRequest(request("t", "second", 4, "T.A", "T.B"));
        rig.thread.run();
        assertThat(last()).as("changed since, and live").contains("\"resumed\":true", "\"s\":\"T.B\",\"q\":2,\"v\"")
            .doesNotContain("T.A", "\"st\"");
        session.onRequest(request("q", "first", 5, "A"));
        rig.thread.run();
        assertThat(last()).as("unchanged since, and its feed was lost").contains("\"s\":\"A\",\"q\":2,\"st\":\"stale\"");
    }

    @Test
    void shouldSendLateUpdatesOfTheJournalWithTheStateOfTheirFeed() {
        rig.tick("A", "T.A");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        for (final String feed : List.of("first", "second")) {
            session.onRequest(new Request.Subscribe("1", new ChannelName(feed, null), feed,
                ShardRig.patterns("A", "T.A"), true, null, SubscriptionOptions.of(Mode.ALL, -1, null)));
        }
        rig.thread.run();
        ShardRig.texts(socket);
        for (final String symbol : List.of("A", "T.A")) {
            rig.feed.tick(symbol, rig.thread.nowNs());
        }
        rig.feed.state(FeedState.STALE);
        rig.thread.run();
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).anyMatch(text -> text.contains("\"sub\":\"first\"") && text.contains("\"st\":\"stale\""))
            .anyMatch(text -> text.contains("\"sub\":\"second\"") && !text.contains("\"st\""))
            .anyMatch(text -> text.contains("\"scope\":\"feed\",\"feed\":\"first\",\"state\":\"stale\""));
    }

    @Test
    void shouldSayTheStateOfEachFeedWhileNothingElseIsSent() {
        rig.feed.state(FeedState.LIVE);
        rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
        rig.thread.advanceMs(6_000);

        assertThat(last()).contains("\"type\":\"heartbeat\"", "\"feed\":\"live\",\"feeds\":["
            + "{\"name\":\"first\",\"state\":\"live\"},{\"name\":\"second\",\"state\":\"stale\"}]");
    }

    private String last() {
        final List<String> texts = ShardRig.texts(socket);
        return texts.get(texts.size() - 1);
    }

    private static Request.Subscribe request(final String sub, final String feed, final long p,
            final String... symbols) {
        return new Request.Subscribe("1", new ChannelName(feed, null), sub, ShardRig.patterns(symbols), true,
            new Resume(7, p), SubscriptionOptions.of(null, 0, null));
    }
}
