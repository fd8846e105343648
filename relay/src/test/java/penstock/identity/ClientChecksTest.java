package penstock.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientChecksTest {
    private final ClientChecks checks = new ClientChecks();

    /** Hundreds of changes a second, on an io thread that has other work, need one look at the sessions. */
    @Test
    void shouldAskForOneLookHoweverManyChangesComeBeforeIt() {
        assertThat(checks.onChanged()).isTrue();
        for (int i = 0; i < 500; i++) {
            assertThat(checks.onChanged()).as("the look that is due sees it").isFalse();
        }
        checks.onLook();
        assertThat(checks.onChanged()).as("the look has begun, and may not see it").isTrue();
    }
}
