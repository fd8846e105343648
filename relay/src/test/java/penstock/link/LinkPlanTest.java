package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a link may lead, and what the relay is called there. */
class LinkPlanTest {
    @Test
    void shouldCompleteAddresses() {
        final LinkPlan plan = LinkPlan.of(List.of("wss://a.example", "ws://b.example:8080/x?y=1"), "edge.1:7~09af", 9);
        assertThat(plan.urls().stream().map(url -> plan.asked(url).text())).containsExactly(
            "wss://a.example/v1/ws?link=edge.1:7~09af", "ws://b.example:8080/x?y=1&link=edge.1:7~09af");
        assertThat(plan.maxHeldBytes()).isEqualTo(256 << 20);
    }

    @Test
    void shouldRefuseWhatIsNoRelay() {
        assertThatThrownBy(() -> LinkPlan.of(List.of(), "edge~1", 9)).isInstanceOf(IllegalArgumentException.class)
            .hasMessage("feed.url: no address of a relay to connect to");
        assertThatThrownBy(() -> LinkPlan.of(List.of("tcp://a:1"), "edge~1", 9))
            .isInstanceOf(IllegalArgumentException.class).hasMessage("feed.url: tcp://a:1 is no address of a relay, "
                + "which is like wss://relay.example.com/v1/ws");
        assertThatThrownBy(() -> LinkPlan.of(List.of("ws://a:1"), "edge 1", 9))
            .isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("name: 'edge 1' is no name");
    }
}
