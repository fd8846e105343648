package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** Two connections send the same events, and one of them loses some: the other one brings them, or they are missing. */
class RedundantEventsTest {
    private static final String EVENTS = """
        channels.quote.class = event
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;
    /** Longer than one connection is waited for. */
    private static final long TOO_LONG_MS = 5_001;

    private final FeedRig rig = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increment")
        .withHistory().redundant();
    private final RecordedEvents events = new RecordedEvents();
    private FakeUpstreams.Server a;
    private FakeUpstreams.Server b;

    @BeforeEach
    void start() {
        rig.start("max-connections = 2, lifetime = 60s", EVENTS, "A");
        a = open(0);
        b = open(1);
        send(a, 10);
        send(b, 10);
        assertThat(news()).containsExactly("10 as q 1");
    }

    @Test
    void shouldDeliverAnEventThatTheOtherConnectionBringsAMomentLater() {
        send(a, 11, 13);
        send(b, 11, 12, 13, 14);
        send(a, 14);
        assertThat(news()).containsExactly("11 as q 2", "13 as q 3", "12 as q 4", "14 as q 5");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isZero();
        assertThat(rig.count(Counter.FEED_EVENTS_LATE)).isOne();
    }

    @Test
    void shouldReportAnEventAsMissingOnceTheOtherConnectionHasLostItToo() {
        send(a, 12);
        assertThat(news()).containsExactly("12 as q 2");
        send(b, 13);
        assertThat(news()).containsExactly("13 as q 4 after 1");
        send(b, 11);
        assertThat(news()).as("reported").isEmpty();
    }

    @Test
    void shouldReportAnEventAsMissingIfTheOtherConnectionIsLost() {
        send(a, 12);
        b.lose(LossReason.DISCONNECTED, true);
        send(a, 13);
        assertThat(news()).containsExactly("12 as q 2", "13 as q 4 after 1");
    }

    @Test
    void shouldReportAnEventAsMissingIfTheOtherConnectionIsSilentForTooLong() {
        send(a, 12);
        rig.clock.advance(TOO_LONG_MS - 1);
        send(a, 13);
        assertThat(news()).containsExactly("12 as q 2", "13 as q 3");
        rig.clock.advance(1);
        send(a, 14);
        send(b, 11);
        assertThat(news()).containsExactly("14 as q 5 after 1");
    }

    /** Each run of missing events takes memory. */
    @Test
    void shouldReportTheOldestOfVeryManyMissingEvents() {
        for (int n = 12; n <= 12 + 2 * 16; n += 2) {
            send(a, n);
        }
        assertThat(news()).hasSize(17).endsWith("42 as q 17", "44 as q 19 after 1");
        send(b, 11, 12, 13);
        assertThat(news()).containsExactly("13 as q 20");
    }

    @Test
    void shouldDeliverAnEventThatTheSnapshotOfAReturningConnectionShows() {
        b.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        b = rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        send(a, 12);
        b.text(history(11)).text(history(12));
        send(b, 13);
        assertThat(news()).containsExactly("12 as q 2", "11 as q 3", "13 as q 4");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isZero();
    }

    @Test
    void shouldDeliverWhatALineBehindTheSnapshotOfAnotherOneBrings() {
        a.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}").text(history(13));
        send(b, 11, 13, 14);
        assertThat(news()).containsExactly("13 as q 2", "11 as q 3", "14 as q 4");
        // 12 may come from the new line until it goes on
        send(rig.upstreams.last(), 15);
        assertThat(news()).containsExactly("15 as q 6 after 1");
    }

    @Test
    void shouldDeliverWhatTheNextLineOfAConnectionBrings() {
        b.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(59_000);
        send(a, 11);
        final int connections = rig.upstreams.all.size();
        rig.clock.advance(1_000);
        assertThat(rig.upstreams.all).as("one more, to take over").hasSize(connections + 1);
        final FakeUpstreams.Server next = rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        send(a, 13);
        send(next, 12, 13);
        assertThat(news()).containsExactly("11 as q 2", "13 as q 3", "12 as q 4");
        assertThat(rig.count(Counter.FEED_EVENTS_MISSED)).isZero();
    }

    private FakeUpstreams.Server open(final int number) {
        return rig.server(number).open().text("{\"ok\":true,\"id\":1}");
    }

    private static void send(final FakeUpstreams.Server venue, final long... numbers) {
        for (final long number : numbers) {
            venue.text(FeedRig.quote("A", number, number));
        }
    }

    /** Since the last call. */
    private List<String> news() {
        events.seen.clear();
        rig.ring.poll(events);
        return List.copyOf(events.seen);
    }

    private static String history(final long number) {
        return FeedRig.quote("A", number, number).replace("}", ",\"k\":\"snapshot\"}");
    }
}
