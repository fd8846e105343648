package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigSection;
import penstock.config.Problems;
import penstock.text.Version;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.VenueVariables;

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

    @Test
    void shouldNameItselfUnlessAHeaderSaysOtherwise() {
        final UpstreamSettings plain = of("{}", Map.of());
        assertThat(plain.headers()).containsOnlyKeys("User-Agent");
        assertThat(plain.userAgent()).isEqualTo("penstock/" + Version.TEXT);
        assertThat(of("{ user-agent = venue }", Map.of()).headers()).isEqualTo(Map.of("user-agent", "venue"));
        final UpstreamSettings both = of("{ user-agent = venue }", Map.of("USER-AGENT", "Mozilla/5.0"));
        assertThat(both.headers()).isEqualTo(Map.of("USER-AGENT", "Mozilla/5.0"));
        assertThat(both.userAgent()).isEqualTo("Mozilla/5.0");
    }

    private static UpstreamSettings of(final String venueHeaders, final Map<String, String> headers) {
        final ConfigSection connection = new ConfigSection(
            ConfigFactory.parseString("headers " + venueHeaders).root(), "connection", new Problems());
        return UpstreamSettings.of(ConnectionSpec.read(connection, new VenueVariables(name -> null)), headers, null);
    }

    private static UpstreamSettings withHeader(final String name, final String value) {
        return new UpstreamSettings(Map.of(name, value), null, false, 1, 1, 1, null);
    }
}
