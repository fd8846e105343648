package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Security;
import org.junit.jupiter.api.Test;

/** A venue that moves is found with the next attempt, not when the Java machine forgets its old address. */
class NameLookupTest {
    @Test
    void shouldKeepAddressesAndFailuresForASecond() {
        assertThat(Main.run("--version")).isZero();
        assertThat(Security.getProperty("networkaddress.cache.ttl")).isEqualTo("1");
        assertThat(Security.getProperty("networkaddress.cache.negative.ttl")).isEqualTo("1");
    }
}
