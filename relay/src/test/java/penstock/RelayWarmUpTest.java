package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.Patience;

class RelayWarmUpTest {
    @Test
    void shouldMakeRequestsOfItsOwnUnlessTheConfigurationSaysNot() {
        assertThat(RelayService.warmUp(config()).orElseThrow().await(Patience.LIMIT.toMillis())).isTrue();
        assertThat(RelayService.warmUp(config("server.warm-up=false"))).isEmpty();
    }

    private static RelayConfig config(final String... settings) {
        return new RelayConfigLoader(Map.of()).loadText("test", "feed.venue = demo", List.of(settings));
    }
}
