package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.testkit.RecordedLog;
import penstock.upstream.LossReason;
import penstock.upstream.SnapshotFetch;

/** A symbol that the venue accepts and never sends is stale, and its subscribers know it. */
class AwaitedTopicsTest {
    private static final String SUBSCRIBE = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        channels.quote.first-value = 10s
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldReportAnAcceptedSymbolWithoutAValueOnce() {
        final FakeUpstreams.Server venue = rig.open("", SUBSCRIBE, "A", "B");
        venue.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        rig.clock.advance(10_000);
        rig.ring.news();
        rig.clock.advance(1_000);
        assertThat(rig.ring.news()).containsExactly("topic 1 = 0 B", "1 STALE no_value");
        rig.clock.advance(60_000);
        assertThat(rig.ring.news()).isEmpty();
        venue.text(FeedRig.quote("B", 2));
        assertThat(rig.ring.news()).containsExactly("1 2");
        rig.clock.advance(60_000);
        assertThat(rig.ring.news()).isEmpty();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldCountThemPerChannelAndNameFiftyInOneLine() {
        final String[] symbols = new String[58];
        symbols[0] = "A";
        for (int i = 1; i < symbols.length; i++) {
            symbols[i] = "S" + (i - 1);
        }
        final FakeUpstreams.Server venue = rig.open("", SUBSCRIBE, symbols);
        venue.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        try (RecordedLog log = new RecordedLog(AwaitedTopics.class.getName())) {
            rig.clock.advance(60_000);
            assertThat(log.lines()).singleElement().asString().matches(
                "WARN feed: accepted, and no value yet: quote S0, quote S1, (quote S[0-9]+, ){47}quote S49 and 7 more");
        }
        assertThat(rig.venue.counts().withoutValue(0)).isEqualTo(57);
        assertThat(rig.venue.counts().namesWithoutValue()).hasSize(50).contains("quote S0", "quote S3", "quote S49");
        venue.text(FeedRig.quote("S3", 2));
        rig.clock.advance(2_000);
        assertThat(rig.venue.counts().withoutValue(0)).isEqualTo(56);
        assertThat(rig.venue.counts().namesWithoutValue()).hasSize(50).contains("quote S50").doesNotContain("quote S3");
    }

    /** The market does not move, and the server that gives books does not answer. */
    @Test
    void shouldReportABookThatCannotBeFetchedThoughNoOtherBookComes() {
        rig.upstreams.fetch = (request, answer) -> {
            answer.accept(new SnapshotFetch.Fetched(503, -1, new byte[0], null));
            return () -> { };
        };
        rig.channels("quote", "book").startVenue("""
            name = plain
            connection { idle { any-frame = 0, data = 0 } }
            channels { quote { default = true }, book { class = order-book, first-value = 10s } }
            subscribe { message { quote = "q {symbols|json}", book = "b {symbols|json}" }, ack { mode = none } }
            messages { rules = [
              { name = quote, match { "$/v" = "*" }, key = "$/s", emit = "$/v" }
              { name = book, match { "$/b" = "*" }, channel = book, key = "$/s", kind = delta, seq { rule = range, first = "$/f", last = "$/l" }
                book { bids = "$/b", asks = "$/a", level = [0, 1], snapshot { procedure = binance, url = "https://venue.invalid/{symbol}" } } }
            ] }
            """, "A");
        rig.upstreams.last().open().text(FeedRig.quote("A", 1));
        rig.clock.advance(10_000);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("no_value"));
        rig.clock.advance(1_000);
        assertThat(rig.ring.news()).contains("topic 1 = 1 A", "1 STALE no_value");
        assertThat(rig.venue.counts().namesWithoutValue()).containsExactly("book A");
        assertThat(rig.count(Counter.FEED_SNAPSHOTS_FAILED)).isPositive();
    }

    @Test
    void shouldNotJudgeAVenueThatSendsNothingAtAll() {
        final FakeUpstreams.Server venue = rig.open("", SUBSCRIBE, "A", "B");
        venue.text("{\"ok\":true,\"id\":1}");
        rig.clock.advance(60_000);
        assertThat(rig.ring.news()).isEmpty();
        venue.text(FeedRig.quote("A", 1)).lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(60_000);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("no_value"));
    }

    @Test
    void shouldNotReportARefusedOrForgottenSymbol() {
        final FakeUpstreams.Server venue = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.session.addInterest(0, List.of("A"), "client");
        venue.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        rig.session.addInterest(0, List.of("NOPE"), "client");
        rig.clock.advance(10);
        venue.text("{\"ok\":false,\"id\":2}");
        rig.session.addInterest(0, List.of("LEFT"), "client");
        rig.clock.advance(10);
        venue.text("{\"ok\":true,\"id\":3}");
        rig.session.removeInterest(0, List.of("LEFT"));
        rig.clock.advance(60_000);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("no_value"));
    }
}
