package penstock.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionLimitsTest {
    @Test
    void shouldServeAllSessionsWhereTheDescriptorsSuffice() {
        final ConnectionLimits limits = ConnectionLimits.of(20_000, 1_000_000);
        assertThat(limits.sessions()).isEqualTo(20_000);
        assertThat(limits.served()).isGreaterThan(20_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 1_024, 4_096, 20_000})
    void shouldStayBelowTheDescriptorsAndLeaveSomeToOthers(final int free) {
        final ConnectionLimits limits = ConnectionLimits.of(20_000, free);
        assertThat(limits.highWater()).isLessThanOrEqualTo(free - 64);
        assertThat(limits.connections()).isLessThan(limits.highWater());
        assertThat(limits.served()).isLessThan(limits.connections());
        assertThat(limits.sessions()).isBetween(1, limits.served());
    }
}
