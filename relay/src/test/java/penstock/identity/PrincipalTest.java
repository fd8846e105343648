package penstock.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrincipalTest {
    @Test
    void shouldRefuseAnIdThatCouldDisturbALog() {
        for (final String id : List.of("", "a\nb", "a\u2028b", "a\u0000", "x".repeat(129), "\ud800")) {
            assertThatThrownBy(() -> new Principal(id, Set.of(), 0, Principal.NEVER, "none"))
                .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Principal.problemOfId("auth0|5f7c8ec7c33c6c004bbafe82")).isNull();
        assertThat(Principal.problemOfId("x".repeat(128))).isNull();
    }

    @Test
    void shouldExpireAtItsTime() {
        final Principal principal = new Principal("a", Set.of(), 0, 1_000, "none");

        assertThat(principal.isExpired(999)).isFalse();
        assertThat(principal.isExpired(1_000)).isTrue();
        assertThat(Principal.ANONYMOUS.isExpired(Long.MAX_VALUE - 1)).isFalse();
    }

    @Test
    void shouldNotChangeWithTheSetThatItWasMadeOf() {
        final Set<String> products = new HashSet<>(Set.of("fx"));
        final Principal principal = new Principal("a", products, 0, Principal.NEVER, "none");
        products.add("metals");

        assertThat(principal.products()).containsExactly("fx");
    }
}
