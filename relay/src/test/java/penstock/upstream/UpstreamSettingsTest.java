package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UpstreamSettingsTest {
    @Test
    void shouldRejectHeadersThatWouldBreakTheRequest() {
        assertThatThrownBy(() -> withHeader("X-A", "1\r\nX-B: 2")).hasMessageContaining("X-A")
            .hasMessageNotContaining("X-B");
        assertThatThrownBy(() -> withHeader("Bad Name", "1")).hasMessageContaining("not a header name");
        assertThatThrownBy(() -> withHeader("Sec-WebSocket-Key", "1")).hasMessageContaining("set by the relay");
        assertThat(withHeader("Authorization", "Bearer s3cret").toString()).contains("Authorization")
            .doesNotContain("s3cret");
    }

    private static UpstreamSettings withHeader(final String name, final String value) {
        return new UpstreamSettings(Map.of(name, value), null, false, 1, 1, 1, null);
    }
}
