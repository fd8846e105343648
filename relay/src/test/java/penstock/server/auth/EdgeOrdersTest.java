package penstock.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import penstock.wire.MessageBuffer;

/** Which orders of the operator an edge is sent that comes back. */
class EdgeOrdersTest {
    private long nowNs = 5;
    private final EdgeOrders orders = new EdgeOrders(() -> nowNs);

    @Test
    void shouldSayHowOldEachIs() {
        assertThat(orders.add("a1", 0, text("{\"type\":\"notice\"")))
            .hasToString("{\"type\":\"notice\",\"order\":\"a1\",\"age\":0}");
        nowNs += TimeUnit.SECONDS.toNanos(3);
        orders.add("a2", TimeUnit.SECONDS.toNanos(7), text("{\"type\":\"revoke\""));
        assertThat(orders.all()).map(MessageBuffer::toString).containsExactly(
            "{\"type\":\"notice\",\"order\":\"a1\",\"age\":3000}", "{\"type\":\"revoke\",\"order\":\"a2\",\"age\":7000}");
    }

    @Test
    void shouldTakeEachOnce() {
        assertThat(orders.add("a1", 0, text("{"))).isNotNull();
        assertThat(orders.add("a1", 0, text("{"))).isNull();
    }

    @Test
    void shouldForgetThemAfterSomeMinutes() {
        orders.add("a1", 0, text("{"));
        assertThat(orders.add("a2", EdgeOrders.KEPT_NS, text("{"))).as("sent on, and not kept").isNotNull();
        nowNs += EdgeOrders.KEPT_NS - 1;
        assertThat(orders.all()).hasSize(1);
        nowNs++;
        assertThat(orders.all()).isEmpty();
        assertThat(orders.add("a1", 0, text("{"))).isNotNull();
    }

    @Test
    void shouldKeepTheLatestOnesAndNoneThatIsHuge() {
        assertThat(orders.add("huge", 0, text("{" + "x".repeat(EdgeOrders.MAX_BYTES)))).isNotNull();
        for (int i = 0; i < 2 * EdgeOrders.MAX_KNOWN; i++) {
            orders.add("a" + i, 0, text("{"));
        }
        assertThat(orders.all()).hasSize(EdgeOrders.MAX);
        assertThat(orders.all().get(EdgeOrders.MAX - 1).toString())
            .contains("\"a" + (2 * EdgeOrders.MAX_KNOWN - 1) + '"');
        assertThat(orders.add("a" + EdgeOrders.MAX_KNOWN, 0, text("{"))).as("it is remembered").isNull();
        assertThat(orders.add("a0", 0, text("{"))).as("it is not").isNotNull();
    }

    private static MessageBuffer text(final String text) {
        return new MessageBuffer(16).put(text);
    }
}
