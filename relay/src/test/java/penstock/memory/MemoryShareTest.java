package penstock.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryShareTest {
    private final MemoryShare share = new MemoryShare(Map.of(MemoryUse.NAMES, 1_000L), 2);

    @Test
    void shouldReserveNoMoreThanTheShareOfOneThread() {
        assertThat(share.tryReserve(MemoryUse.NAMES, 500)).isTrue();
        assertThat(share.tryReserve(MemoryUse.NAMES, 1)).isFalse();
        assertThat(share.used(MemoryUse.NAMES)).isEqualTo(500);
    }

    @Test
    void shouldReserveWhatWasReleased() {
        share.tryReserve(MemoryUse.NAMES, 400);
        share.release(MemoryUse.NAMES, 100);

        assertThat(share.tryReserve(MemoryUse.NAMES, 201)).isFalse();
        assertThat(share.tryReserve(MemoryUse.NAMES, 200)).isTrue();
    }

    @Test
    void shouldKeepUsesApart() {
        share.tryReserve(MemoryUse.NAMES, 500);

        assertThat(share.tryReserve(MemoryUse.VIEWS, Long.MAX_VALUE)).isTrue();
    }

    @Test
    void shouldRefuseToReleaseMoreThanWasReserved() {
        share.tryReserve(MemoryUse.NAMES, 10);

        assertThatThrownBy(() -> share.release(MemoryUse.NAMES, 11)).isInstanceOf(AssertionError.class)
            .hasMessageContaining("11 bytes released, 10 reserved");
    }
}
