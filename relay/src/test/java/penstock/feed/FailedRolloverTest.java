package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.upstream.LossReason;

/** A second connection sends a few updates, ahead of the first one, and ends before it has taken over. */
class FailedRolloverTest {
    private static final String SUBSCRIBE = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    private final FeedRig rig = new FeedRig().numbered("increment").withHistory();
    private boolean isMerge;
    private boolean hasTimes = true;

    @Test
    void shouldGoOnWithTheFirstConnectionOnceThatIsAheadAgain() {
        final FakeUpstreams.Server first = begin("channels.quote.class = merge\n" + SUBSCRIBE);
        rig.server(1).open().text(quote(2, "snapshot")).text(quote(3, "delta"));
        first.text(quote(3, "delta")).text(quote(4, "delta")).text(quote(5, "delta"));
        rig.server(1).text(quote(4, "delta")).text(quote(5, "delta")).text(quote(6, "delta"));
        first.text(quote(6, "delta")).text(quote(7, "delta"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        first.text(quote(8, "delta"));
        // a snapshot always counts
        assertThat(news()).containsExactly("0 {\"n\":2}", "0 {\"n\":2}", "0 {\"n\":3}", "0 {\"n\":4}", "0 {\"n\":5}",
            "0 {\"n\":6}", "0 {\"n\":7}", "0 {\"n\":8}");
    }

    /** Without times it is unknown which of two updates is newer. */
    @Test
    void shouldShowNoValueAsLiveOfWhichItHasDroppedANewerOne() {
        hasTimes = false;
        final FakeUpstreams.Server first = begin(SUBSCRIBE);
        rig.server(1).open().text(quote(3, "full"));
        first.text(quote(3, "full")).text(quote(4, "full"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        assertThat(news()).containsExactly("0 2", "0 3", "0 STALE upstream_gap");
        first.text(quote(5, "full"));
        assertThat(news()).containsExactly("0 5");
    }

    @Test
    void shouldNotGoBackToWhatTheFirstConnectionSendsLater() {
        final FakeUpstreams.Server first = begin(SUBSCRIBE);
        rig.server(1).open().text(quote(3, "full")).text(quote(4, "full")).text(quote(5, "full"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        first.text(quote(3, "full")).text(quote(4, "full")).text(quote(5, "full")).text(quote(6, "full"));
        assertThat(news()).containsExactly("0 2", "0 3", "0 4", "0 5", "0 STALE upstream_gap", "0 6");
    }

    @Test
    void shouldNotGoBackHoweverFarTheFirstConnectionIsBehind() {
        final FakeUpstreams.Server first = begin(SUBSCRIBE);
        rig.server(1).open().text(quote(50, "full"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        send(first, 3, 30);
        assertThat(news()).containsExactly("0 2", "0 50", "0 STALE upstream_gap");
        // the next attempt knows of it
        rig.clock.advance(60_000);
        rig.server(2).open().text(quote(31, "full")).lose(LossReason.DISCONNECTED, true);
        send(first, 31, 50);
        assertThat(news()).isEmpty();
        send(first, 51, 52);
        assertThat(news()).containsExactly("0 51", "0 52");
    }

    @Test
    void shouldGoOnAfterTheVenueHasSetItsClockBack() {
        final FakeUpstreams.Server first = begin(SUBSCRIBE);
        rig.server(1).open().text(quote(1_000, "full"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        send(first, 3, 20);
        assertThat(news()).containsExactly("0 2", "0 1000", "0 STALE upstream_gap", "0 19", "0 20");
    }

    /** A change builds on the changes before it, and some of those did not count. */
    @Test
    void shouldSubscribeAgainToValuesThatChangeInPart() {
        hasTimes = false;
        final FakeUpstreams.Server first = begin("channels.quote.class = merge\n" + SUBSCRIBE);
        rig.server(1).open().text(quote(2, "snapshot")).text(quote(3, "delta"));
        first.text(quote(3, "delta")).text(quote(4, "delta"));
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        first.text(quote(5, "delta"));
        assertThat(news()).contains("0 STALE upstream_gap");
        rig.clock.advance(1_000);
        assertThat(first.sent).contains("{\"unsub\":[\"A\"],\"id\":2}");
        first.text("{\"ok\":true,\"id\":2}").text("{\"ok\":true,\"id\":3}").text(quote(6, "snapshot"));
        assertThat(news()).containsExactly("0 {\"n\":6}");
    }

    /** What the second connection sends next was published before: its changes would be applied to what came after. */
    @Test
    void shouldSubscribeAgainToWhatTheFirstConnectionHadSentMoreOfWhenItIsLost() {
        final FakeUpstreams.Server first = begin("channels.quote.class = merge\n" + SUBSCRIBE);
        final FakeUpstreams.Server second = rig.server(1).open();
        first.text(quote(3, "delta")).text(quote(4, "delta")).text(quote(5, "delta"));
        second.text(quote(3, "snapshot"));
        first.lose(LossReason.DISCONNECTED, true);
        second.text("{\"ok\":true,\"id\":1}").text(quote(4, "delta")).text(quote(5, "delta"));
        assertThat(news()).endsWith("0 {\"n\":5}", "0 STALE upstream_gap");
        rig.clock.advance(1_000);
        assertThat(second.sent).contains("{\"unsub\":[\"A\"],\"id\":2}");
        second.text("{\"ok\":true,\"id\":2}").text("{\"ok\":true,\"id\":3}").text(quote(6, "snapshot"));
        assertThat(news()).containsExactly("0 {\"n\":6}");
    }

    /** It has sent nothing of the topic before, and goes on from there without a hole. */
    @Test
    void shouldNotGoBackToASnapshotThatTheSecondConnectionSendsLateWhenTheFirstOneIsLost() {
        final FakeUpstreams.Server first = begin("channels.quote.class = merge\n" + SUBSCRIBE);
        final FakeUpstreams.Server second = rig.server(1).open();
        first.text(quote(3, "delta")).text(quote(4, "delta")).text(quote(5, "delta"));
        first.lose(LossReason.DISCONNECTED, true);
        news();
        second.text("{\"ok\":true,\"id\":1}").text(quote(3, "snapshot")).text(quote(4, "delta"));
        assertThat(news()).isEmpty();
        second.text(quote(5, "delta")).text(quote(6, "delta"));
        assertThat(news()).containsExactly("0 {\"n\":5}", "0 {\"n\":6}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldNotGoBackToWhatTheSecondConnectionSendsLateWhenTheFirstOneIsLost(final boolean timed) {
        hasTimes = timed;
        final FakeUpstreams.Server first = begin(SUBSCRIBE);
        final FakeUpstreams.Server second = rig.server(1).open();
        for (int n = 3; n <= 53; n++) {
            first.text(quote(n, "full"));
        }
        first.lose(LossReason.DISCONNECTED, true);
        news();
        second.text("{\"ok\":true,\"id\":1}").text(quote(3, "full"));
        rig.clock.advance(1_500);
        second.text(quote(24, "full")).text(quote(25, "full")).text(quote(52, "full"));
        assertThat(news()).isEmpty();
        second.text(quote(53, "full")).text(quote(54, "full"));
        assertThat(news()).containsExactly("0 53", "0 54");
    }

    /** The first connection has sent update 2, and a second one is made. */
    private FakeUpstreams.Server begin(final String more) {
        isMerge = more.contains("merge");
        final FakeUpstreams.Server first = rig.open("lifetime = 10s", more, "A").text("{\"ok\":true,\"id\":1}");
        first.text(quote(2, "snapshot"));
        rig.clock.advance(10_000);
        return first;
    }

    private void send(final FakeUpstreams.Server line, final int from, final int to) {
        for (int n = from; n <= to; n++) {
            line.text(quote(n, "full"));
        }
    }

    /** Update {@code n}, at {@code n} s. */
    private String quote(final int n, final String kind) {
        return "{\"s\":\"A\",\"k\":\"" + kind + "\",\"n\":" + n
            + (hasTimes ? ",\"t\":" + (1_700_000_000L + n) * 1_000_000 : "")
            + ",\"v\":" + (isMerge ? "{\"n\":" + n + "}" : n) + "}";
    }

    private List<String> news() {
        return rig.ring.news().stream().filter(line -> line.matches("0 ([0-9]+|STALE.*|\\{.*)")).toList();
    }
}
