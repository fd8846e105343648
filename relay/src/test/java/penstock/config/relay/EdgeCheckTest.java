package penstock.config.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.ConfigException;

/** The configuration of a relay behind another one: what it needs, and what the other one decides. */
class EdgeCheckTest {
    private static final String FEED = "feed { venue = penstock, url = \"ws://ingest:8080/v1/ws\" }\n";
    private static final String BUS =
        "feed { venue = penstock, url = \"nats://bus1:4222\", bus.subject = penstock.demo }\n";

    @Test
    void shouldHaveNoFeedOfItsOwn() {
        final RelayConfig config = read(FEED);
        assertThat(config.isEdge()).isTrue();
        assertThat(config.feeds()).isEmpty();
        assertThat(config.feed().urls()).singleElement().hasToString("ws://ingest:8080/v1/ws");
        assertThat(read(FEED.replace("url = ", "urls = [").replace(" }", ", \"wss://b/\"] }")).feed().urls()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feed.channels = [quote]                 | feed.channels: has no effect behind another relay
        feed.symbols = [A]                      | feed.symbols: has no effect behind another relay
        feed.symbols = on-demand                | feed.symbols: has no effect behind another relay
        feed.name = x                           | feed.name: has no effect behind another relay
        feed.values = venue                     | feed.values: has no effect behind another relay
        feed.spelling = venue                   | feed.spelling: has no effect behind another relay
        feed.options.depth = 10                 | feed.options: has no effect behind another relay
        feed.record = rec                       | feed.record: has no effect behind another relay
        feed.arbitrate = true                   | feed.arbitrate: has no effect behind another relay
        feed.url = "tcp://a:1"                  | feed.url: must begin with ws:// or wss://
        feed.url = null                         | feed.url: is missing: the address of the other relay
        lease.etcd = ["http://127.0.0.1:2379"]  | lease.etcd: is for relays with a connection to a venue
        """)
    void shouldRefuseWhatTheOtherRelayDecides(final String line, final String problem) {
        assertThatThrownBy(() -> read(FEED + line)).isInstanceOf(ConfigException.class).hasMessageContaining(problem);
    }

    @Test
    void shouldReadABusThatTheOtherRelayPublishesOn() {
        final FeedConfig feed = read(BUS + "feed.bus { user = edge, password-file = secret }\n").feed();
        assertThat(feed.isOverBus()).isTrue();
        assertThat(feed.access().bus().subject()).containsExactly("penstock.demo");
        assertThat(feed.access().bus().login().passwordFile()).endsWith("secret");
        assertThat(read("feed { venue = penstock, urls = [\"tls://a:1\", \"tls://b:1\"], bus.subject = [a.x, a.y], "
            + "tls.authorities = ca.pem }").feed().access().bus().subject()).containsExactly("a.x", "a.y");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feed.bus.subject = []                   | feed.bus.subject: is missing: the beginning of the subjects
        feed.bus.subject = "penstock.{feed}"    | feed.bus.subject: must name a feed, like penstock.demo
        feed.bus.subject = "penstock.>"         | feed.bus.subject: must be words of A-Z a-z 0-9 _ -
        feed.bus.subject = [a.b, a.b]           | feed.bus.subject: has a.b twice
        feed.bus.user = edge                    | feed.bus.user: needs password-file
        feed.headers.Authorization = Bearer     | feed.headers: has no effect over a bus, which asks for no token
        feed.proxy = "http://proxy:3128"        | feed.proxy: has no effect over a bus
        feed.tls.authorities = ca.pem           | feed.tls: has no effect: no address in url or urls begins with tls://
        feed.url = "nats://user:secret@bus1"    | feed.url: must be addresses like nats://bus1:4222
        feed.url = "ws://ingest:8080/v1/ws"     | feed.bus: has no effect: it is for addresses of NATS
        feed.symbols = on-demand                | feed.symbols: has no effect behind another relay
        """)
    void shouldRefuseWhatDoesNotFitABus(final String line, final String problem) {
        assertThatThrownBy(() -> read(BUS + line)).isInstanceOf(ConfigException.class).hasMessageContaining(
            problem).hasMessageNotContaining("secret");
    }

    @Test
    void shouldRefuseToPublishWhatItReads() {
        final String loop = "bus.nats.subject: is a loop: on the same servers feed.bus.subject has penstock.demo";
        for (final String more : List.of("url = \"nats://bus1:4222\"",
                "url = [\"nats://bus2:4222\", \"nats://bus1:4222\"], subject = \"{feed}.demo\"")) {
            assertThatThrownBy(() -> read(BUS + "bus.nats { " + more + " }")).isInstanceOf(ConfigException.class)
                .hasMessageContaining(loop).hasMessageContaining("set another one, like edge.{feed}");
        }
        assertThat(read(BUS + "bus.nats { url = \"nats://bus1:4222\", subject = \"edge.{feed}\" }").bus().nats().isOn())
            .isTrue();
        assertThat(read(BUS + "bus.nats.url = \"nats://elsewhere:4222\"").bus().nats().isOn()).isTrue();
    }

    @Test
    void shouldRefuseABusWithoutARelayInFront() {
        assertThatThrownBy(() -> read("feed { venue = penstock, urls = [\"nats://a:1\", \"ws://b/\"], bus.subject = x }"))
            .hasMessageContaining("feed.urls: has addresses of a bus and others");
        assertThatThrownBy(() -> read("feed { venue = binance, url = \"nats://a:1\" }"))
            .hasMessageContaining("feed.url: must begin with ws://, wss:// or tcp://");
        assertThatThrownBy(() -> read("feed { venue = binance, bus.subject = penstock.demo }"))
            .hasMessageContaining("feed.bus: is for a relay behind another one");
    }

    @Test
    void shouldRefuseOtherFeedsBesideAnotherRelay() {
        assertThatThrownBy(() -> read("feeds { a { venue = penstock, url = \"ws://a/\" }, b { venue = binance } }"))
            .hasMessageContaining("write it alone: feed { venue = penstock");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feed.venue = binance                                                                    | standalone
        feed.venue = binance, role = standalone                                                 | standalone
        feed.venue = binance, role = ingest                                                     | ingest
        feed.venue = binance, lease.etcd = ["http://a:2379"]                                    | ingest
        feed { venue = penstock, url = "ws://a/" }                                              | edge
        feed { venue = penstock, url = "ws://a/" }, role = edge                                 | edge
        """)
    void shouldKnowItsRole(final String text, final String role) {
        assertThat(read(text).role().word()).isEqualTo(role);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        feed.venue = binance, role = edge                                    | role: edge is for relays behind
        feed { venue = penstock, url = "ws://a/" }, role = ingest            | role: must be edge, or left out
        feed { venue = penstock, url = "ws://a/" }, role = standalone        | role: must be edge, or left out
        feed.venue = binance, lease.etcd = ["http://a:2379"], role = standalone | role: standalone shares
        feed.venue = binance, role = leader                                  | role: must be one of standalone
        """)
    void shouldRefuseARoleThatDoesNotFitTheRest(final String text, final String problem) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessageContaining(problem);
    }

    private static RelayConfig read(final String text) {
        return new RelayConfigLoader(Map.of()).loadText("test.conf", text, List.of());
    }
}
