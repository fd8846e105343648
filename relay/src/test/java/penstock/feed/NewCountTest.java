package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.upstream.LossReason;

/** The venue reorders its numbers, or begins to count again: no event vanishes, and no old price stays. */
class NewCountTest {
    private static final String EVENTS = "channels.quote.class = event\n";
    private static final long OLD = 406_241_930;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldDeliverLateEventsOfAnIncreasingNumber() {
        final FeedRig rig = new FeedRig().numbered("increasing");
        send(rig.open("", EVENTS), 1, 2, 5, 3, 4, 4, 6, 7);
        assertThat(values(rig)).containsExactly("0 1", "0 2", "0 5", "0 3", "0 4", "0 6", "0 7");
        assertThat(rig.count(Counter.FEED_EVENTS_LATE)).isEqualTo(2);
        assertThat(rig.count(Counter.FEED_DUPLICATES)).isOne();
    }

    @Test
    void shouldDeliverEventsOfANewCount() {
        final FeedRig rig = new FeedRig().numbered("increment");
        send(rig.open("", EVENTS), 10, 11, 12, 1, 2, 4, 5);
        assertThat(values(rig)).containsExactly("0 10", "0 11", "0 12", "0 1", "0 2", "0 4", "0 5");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"increment", "increasing"})
    void shouldDeliverEachEventOnceThoughASnapshotRepeatsItAfterAReconnect(final String rule) {
        final FeedRig rig = new FeedRig().numbered(rule).withHistory();
        final FakeUpstreams.Server first = rig.open("", EVENTS);
        send(first, 1, 2, 3, 4, 5, 6, 7);
        first.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(20_000);
        final FakeUpstreams.Server second = rig.server(1).open();
        for (int n = 3; n <= 8; n++) {
            second.text("{\"k\":\"snapshot\",\"s\":\"A\",\"n\":" + n + ",\"v\":" + n + "}");
        }
        send(second, 9);
        assertThat(values(rig)).containsExactly("0 1", "0 2", "0 3", "0 4", "0 5", "0 6", "0 7", "0 8", "0 9");
        assertThat(rig.count(Counter.FEED_DUPLICATES) + rig.count(Counter.FEED_ARBITRATED)).isEqualTo(5);
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED) + rig.count(Counter.FEED_EVENTS_LATE)).isZero();
    }

    /** Such numbers identify no event: what the connection that leads sends is what subscribers get. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldDeliverAllThatTheLeadingConnectionSendsWhereNumbersMayRepeat(final int connections) {
        final Random random = seeds.random();
        final FeedRig rig = new FeedRig().numbered("nondecreasing");
        if (connections == 2) {
            rig.urls("ws://a.invalid/", "ws://b.invalid/").redundant();
        }
        rig.start("", EVENTS);
        final List<FakeUpstreams.Server> servers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            servers.add(rig.server(i).open());
        }
        final List<String> sent = new ArrayList<>();
        long number = 1_000;
        for (int i = 0; i < 400; i++) {
            final int kind = random.nextInt(20);
            number = kind == 0 ? random.nextInt(3) : kind < 4 ? Math.max(0, number - random.nextInt(40))
                : number + random.nextInt(20);
            final String text = FeedRig.quote("A", i, number);
            servers.forEach(server -> server.text(text));
            sent.add("0 " + i);
            if (i == 200) {
                servers.remove(0).lose(LossReason.DISCONNECTED, true);
                rig.clock.advance(20_000);
                servers.add(rig.upstreams.last().open());
            }
        }
        assertThat(values(rig)).containsExactlyElementsOf(sent);
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).as("nothing shows a loss").isZero();
    }

    @Test
    void shouldPublishQuotesOfANewCountOnTwoConnections() {
        final FeedRig rig = twoConnections();
        final FakeUpstreams.Server a = rig.server(0);
        final FakeUpstreams.Server b = rig.server(1);
        send(a, 1, 2);
        send(b, OLD + 1, 1, 2, 3);
        send(a, 3, 4);
        assertThat(values(rig)).containsExactly("0 " + OLD, "0 2", "0 3", "0 4");
        assertThat(rig.count(Counter.FEED_DUPLICATES) + rig.count(Counter.FEED_ARBITRATED))
            .as("each update that is not published").isEqualTo(6);
    }

    @Test
    void shouldPublishTheFirstQuoteOfANewCountAfterBothConnectionsWereLost() {
        final FeedRig rig = twoConnections();
        final FakeUpstreams.Server a = rig.server(0);
        final FakeUpstreams.Server b = rig.server(1);
        a.lose(LossReason.DISCONNECTED, true);
        b.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(20_000);
        send(rig.server(2).open(), 1);
        assertThat(values(rig)).containsExactly("0 " + OLD, "0 1");
    }

    @Test
    void shouldPublishQuotesOfANewCountThatBeginsWhileAConnectionTakesOver() {
        final FeedRig rig = new FeedRig().numbered("increment");
        send(rig.open("lifetime = 10s", ""), 100);
        rig.clock.advance(10_000);
        send(rig.server(1).open(), 101, 1, 2, 3);
        assertThat(values(rig)).containsExactly("0 100", "0 101", "0 2", "0 3");
    }

    @Test
    void shouldNotTakeEventsOfALineThatIsAheadForLateOnesOfTheCountBefore() {
        final FeedRig rig = new FeedRig().numbered("increment");
        final FakeUpstreams.Server first = rig.open("lifetime = 10s", EVENTS);
        send(first, LongStream.rangeClosed(30, 92).toArray());
        send(first, 1, 2, 3);
        rig.clock.advance(10_000);
        send(rig.server(1).open(), 73, 74);
        assertThat(values(rig)).endsWith("0 92", "0 1", "0 2", "0 3", "0 73", "0 74");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isEqualTo(69);
    }

    /** Both have sent the last quote of the old count. */
    private static FeedRig twoConnections() {
        final FeedRig rig = new FeedRig().numbered("increasing").urls("ws://a.invalid/", "ws://b.invalid/").redundant();
        rig.start("", "");
        final FakeUpstreams.Server a = rig.server(0).open();
        final FakeUpstreams.Server b = rig.server(1).open();
        send(a, OLD);
        send(b, OLD);
        return rig;
    }

    private static List<String> values(final FeedRig rig) {
        return rig.ring.news().stream().filter(line -> line.matches("0 [0-9]+")).toList();
    }

    private static void send(final FakeUpstreams.Server server, final long... numbers) {
        for (final long number : numbers) {
            server.text(FeedRig.quote("A", number, number));
        }
    }
}
