package penstock.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import penstock.config.relay.AuthConfig;

class RightsHistoryTest {
    private final Products products = new Products(Map.of("fx", new AuthConfig.Product(List.of(), List.of("EUR*")),
        "metals", new AuthConfig.Product(List.of(), List.of("XAU*"))));
    private final Entitlement fx = products.of(Set.of("fx"));
    private final Entitlement both = products.of(Set.of("fx", "metals"));
    private final RightsHistory history = new RightsHistory();

    @Test
    void shouldKnowSinceWhenAClientHasItsRights() {
        assertThat(history.begin("c", fx, () -> 10)).isEqualTo(10);
        assertThat(history.begin("c", fx, () -> 20)).isEqualTo(10);
        assertThat(history.begin("c", both, () -> 30)).isEqualTo(31);
        assertThat(history.begin("c", fx, () -> 40)).isEqualTo(41);
        assertThat(history.begin("other", fx, () -> 50)).isEqualTo(50);
    }

    /** Shards learn of a change at different positions: a client that was at the last one had the old rights. */
    @Test
    void shouldTakeTheLastPositionOfAChange() {
        history.begin("c", fx, () -> 10);
        assertThat(history.change("c", both, 20)).isEqualTo(21);
        assertThat(history.change("c", both, 25)).isEqualTo(26);
        assertThat(history.change("c", both, 15)).isEqualTo(26);
        assertThat(history.begin("c", both, () -> 99)).isEqualTo(26);
    }

    @Test
    void shouldTakeWhatItHasForgottenForChanged() {
        history.begin("c", fx, () -> 10);
        for (int i = 0; i < RightsHistory.MAX_CLIENTS; i++) {
            history.begin("other" + i, fx, () -> 20);
        }
        assertThat(history.begin("c", fx, () -> 30)).isEqualTo(30);
    }
}
