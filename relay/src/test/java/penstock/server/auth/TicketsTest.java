package penstock.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import penstock.identity.Entitlement;
import penstock.identity.Identity;
import penstock.identity.Principal;

class TicketsTest {
    private long nowNs = Long.MAX_VALUE - 5;
    private final Tickets tickets = new Tickets(() -> nowNs);

    @Test
    void shouldBeGoodOnceAndFor30Seconds() {
        final Identity desk = client("desk-7");
        final String first = tickets.issue(desk);
        final String second = tickets.issue(desk);

        nowNs += TimeUnit.SECONDS.toNanos(30) - 1;
        assertThat(tickets.redeem(first)).isEqualTo(desk);
        assertThat(tickets.redeem(first)).isNull();
        nowNs++;
        assertThat(tickets.redeem(second)).isNull();
        assertThat(tickets.redeem("nosuch")).isNull();
    }

    @Test
    void shouldBeBoundedForEachPrincipalAndInSum() {
        final List<String> issued = new ArrayList<>();
        for (int i = 0; i < Tickets.MAX_PER_PRINCIPAL; i++) {
            issued.add(tickets.issue(client("greedy")));
        }
        assertThat(issued).doesNotContainNull().doesNotHaveDuplicates();
        assertThat(tickets.issue(client("greedy"))).isNull();
        assertThat(tickets.issue(client("modest"))).isNotNull();

        tickets.redeem(issued.get(0));
        assertThat(tickets.issue(client("greedy"))).isNotNull();

        for (int i = Tickets.MAX_PER_PRINCIPAL + 1; i < Tickets.MAX; i++) {
            assertThat(tickets.issue(client("client-" + i))).isNotNull();
        }
        assertThat(tickets.issue(client("late"))).isNull();
        nowNs += TimeUnit.SECONDS.toNanos(30);
        assertThat(tickets.issue(client("late"))).isNotNull();
    }

    private static Identity client(final String id) {
        return new Identity(new Principal(id, Set.of(), 0, Principal.NEVER, "test"), Entitlement.ALL);
    }
}
