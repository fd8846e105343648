package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualClock;
import penstock.topic.Channel;
import penstock.upstream.LossReason;
import penstock.venue.RecordedRing;

/** Two connections send values that change in part, and one of them misses a change. */
class RedundantGapsTest {
    private static final String MERGED = """
        channels.quote.class = merge
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    private final FeedRig rig = new FeedRig(new ManualClock(), new RecordedRing(1024, 1 << 20,
        channel -> new Channel(channel, "quote", "merge", true).newConflator()))
        .urls("ws://a.invalid/", "ws://b.invalid/").numbered("increment, on-gap = resubscribe").withHistory()
        .redundant();
    private FakeUpstreams.Server a;
    private FakeUpstreams.Server b;

    @BeforeEach
    void start() {
        rig.start("max-connections = 2", MERGED, "A");
        a = rig.server(0).open().text("{\"ok\":true,\"id\":1}").text(quote(2, "snapshot"));
        b = rig.server(1).open().text("{\"ok\":true,\"id\":1}").text(quote(2, "snapshot"));
    }

    @Test
    void shouldGoOnWithTheOtherConnection() {
        a.text(quote(4, "delta"));
        b.text(quote(3, "delta")).text(quote(4, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":2}", "0 {\"n\":3}", "0 {\"n\":4}");
    }

    @Test
    void shouldReportTheValueAsStaleWhenBothMissAChange() {
        a.text(quote(4, "delta"));
        b.text(quote(4, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":2}", "0 STALE upstream_gap");
    }

    @Test
    void shouldReportTheValueAsStaleWhenTheConnectionThatHadAllIsLost() {
        a.text(quote(4, "delta"));
        b.text(quote(3, "delta")).text(quote(4, "delta")).lose(LossReason.DISCONNECTED, true);
        a.text(quote(5, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":2}", "0 {\"n\":3}", "0 {\"n\":4}", "0 STALE upstream_gap");
        rig.clock.advance(1_000);
        a.text("{\"ok\":true,\"id\":2}").text("{\"ok\":true,\"id\":3}").text(quote(6, "snapshot"));
        assertThat(news()).containsExactly("0 {\"n\":6}");
    }

    @Test
    void shouldReportTheValueAsStaleWhenTheOtherConnectionHasSentNoImageYet() {
        a.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        rig.server(2).open().text("{\"ok\":true,\"id\":1}");
        rig.server(2).text(quote(3, "delta"));
        b.text(quote(3, "delta")).lose(LossReason.DISCONNECTED, true);
        assertThat(news()).endsWith("0 {\"n\":3}", "0 STALE upstream_gap");
        rig.server(2).text(quote(5, "snapshot"));
        assertThat(news()).containsExactly("0 {\"n\":5}");
    }

    @Test
    void shouldStayStaleUntilALineThatIsBehindHasCaughtUp() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(63)).text(quote(64, "delta"));
        assertThat(news()).isEmpty();
        // the newest published number, whole
        b.text(quote(65, "delta")).text(quote(66, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":65,\"x\":63}", "0 {\"n\":66}");
    }

    @Test
    void shouldGoOnWithAnImageThatIsNotBehind() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(65)).text(quote(66, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":65,\"x\":65}", "0 {\"n\":66}");
    }

    @Test
    void shouldBeginAgainIfALineThatIsBehindMissesAChange() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(63)).text(quote(65, "delta"));
        rig.clock.advance(1_000);
        b.text("{\"ok\":true,\"id\":4}").text("{\"ok\":true,\"id\":5}").text(quote(66, "delta"));
        assertThat(news()).containsExactly("0 STALE upstream_gap");
        b.text(image(64)).text(quote(65, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":65,\"x\":64}");
    }

    @Test
    void shouldLeaveTheTopicToTheLineThatCatchesUpFirst() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(64));
        rig.clock.advance(10_000);
        a = rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}").text(image(66));
        b.text(quote(65, "delta")).text(quote(66, "delta")).text(quote(67, "delta"));
        a.text(quote(67, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":66,\"x\":66}", "0 {\"n\":67}");
    }

    @Test
    void shouldRecogniseANewCountByTwoNumbersThatAreFarBelow() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(3)).text(quote(4, "delta")).text(quote(5, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":4,\"x\":3}", "0 {\"n\":5}");
    }

    @Test
    void shouldRecogniseANewCountOfANewConnectionAtOnce() {
        loseTheLineThatHadAll(3, 65);
        b.text(image(63)).lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        news();
        rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}").text(image(3)).text(quote(4, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":3,\"x\":3}", "0 {\"n\":4}");
    }

    @Test
    void shouldNotWaitForEverForNumbersThatEachConnectionCountsByItself() {
        loseTheLineThatHadAll(3, 100);
        b.text(image(60));
        for (int n = 61; n <= 69; n++) {
            b.text(quote(n, "delta"));
        }
        rig.clock.advance(5_001);
        assertThat(news()).isEmpty();
        b.text(quote(70, "delta")).text(quote(71, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":70,\"x\":60}", "0 {\"n\":71}");
    }

    /** The other line has missed the update {@code from}, and its image has not come yet. */
    private void loseTheLineThatHadAll(final int from, final int to) {
        b.text(quote(from + 1, "delta"));
        for (int n = from; n <= to; n++) {
            a.text(quote(n, "delta"));
        }
        rig.clock.advance(1_000);
        b.text("{\"ok\":true,\"id\":2}").text("{\"ok\":true,\"id\":3}");
        news();
        a.lose(LossReason.DISCONNECTED, true);
        assertThat(news()).containsExactly("0 STALE upstream_gap");
    }

    /** The whole value as of update {@code n}. */
    private static String image(final int n) {
        return quote(n, "snapshot").replace("}}", ",\"x\":" + n + "}}");
    }

    private List<String> news() {
        return rig.ring.news().stream().filter(line -> line.matches("0 (STALE.*|\\{.*)")).toList();
    }

    /** Update {@code n}, at {@code n} s. */
    private static String quote(final int n, final String kind) {
        return "{\"s\":\"A\",\"k\":\"" + kind + "\",\"n\":" + n + ",\"t\":" + (1_700_000_000L + n) * 1_000_000
            + ",\"v\":{\"n\":" + n + "}}";
    }
}
