package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;

/** Subscribers use published names, the venue its own. */
class FeedSymbolsTest {
    private static final String RENAMED = """
        subscribe { message = \"""{"sub":{symbols|json},"id":{id}}\""", unsubscribe = \"""{"unsub":{symbols|json}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", refused = "$/bad/*", retries = 0 } }
        symbols { pattern = "[A-Z]+-?[A-Z]+", rules = [ { venue = "(.+)-(USDT|EUR)", publish = "$1/$2" } ] }
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldAskTheVenueOnDemandInItsSpelling() {
        final FakeUpstreams.Server server = rig.open("", RENAMED, FeedConfig.ON_DEMAND);
        rig.session.addInterest(0, List.of("BTC/USDT", "ETH-EUR", "GOLD"), "a");
        assertThat(server.sent).containsExactly("{\"sub\":[\"BTC-USDT\",\"GOLD\"],\"id\":1}");
        assertThat(rig.ring.news()).contains("refused 0 ETH-EUR: the symbol is published as ETH/EUR: use that name");
        server.text("{\"ok\":true,\"id\":1,\"bad\":[\"GOLD\"]}").text(FeedRig.quote("BTC-USDT", 5))
            .text(FeedRig.quote("BTC/USDT", 6));
        assertThat(rig.ring.news()).contains("topic 0 = 0 BTC/USDT", "0 5").doesNotContain("0 6");
        assertThat(rig.count(Counter.FEED_SYMBOL_COLLISIONS)).isOne();
        rig.session.removeInterest(0, List.of("BTC/USDT"));
        rig.clock.advance(2 * FeedRig.LINGER_MS);
        assertThat(server.sent).last().isEqualTo("{\"unsub\":[\"BTC-USDT\"]}");
    }

    @Test
    void shouldSubscribeToConfiguredSymbolsOfEitherSpelling() {
        final FakeUpstreams.Server server = rig.open("", RENAMED, "BTC-USDT", "ETH/EUR");
        assertThat(server.sent).containsExactly("{\"sub\":[\"BTC-USDT\",\"ETH-EUR\"],\"id\":1}");
        server.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("BTC-USDT", 5)).text(FeedRig.quote("ETH-EUR", 6));
        assertThat(rig.ring.news()).contains("topic 0 = 0 BTC/USDT", "0 5", "topic 1 = 0 ETH/EUR", "1 6");
        assertThatThrownBy(() -> new FeedRig().open("", RENAMED, "BTC-USDT", "BTC/USDT"))
            .hasMessageContaining("feed.symbols: BTC-USDT and BTC/USDT are both published as BTC/USDT");
    }
}
