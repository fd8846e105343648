package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.upstream.LossReason;

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

    private final FeedRig rig = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/")
        .numbered("increment, on-gap = resubscribe").withHistory().redundant();
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

    private List<String> news() {
        return rig.ring.news().stream().filter(line -> line.matches("0 (STALE.*|\\{.*)")).toList();
    }

    /** Update {@code n}, at {@code n} s. */
    private static String quote(final int n, final String kind) {
        return "{\"s\":\"A\",\"k\":\"" + kind + "\",\"n\":" + n + ",\"t\":" + (1_700_000_000L + n) * 1_000_000
            + ",\"v\":{\"n\":" + n + "}}";
    }
}
