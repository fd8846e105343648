package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.upstream.LossReason;

/** A venue that has some channels at an address of their own. */
class FeedAddressesTest {
    /** With %s: keys of the connection. */
    private static final String VENUE = """
        name = two
        connection {
          urls = ["ws://main.invalid/", "ws://spare.invalid/"]
          addresses { slow = "ws://slow.invalid/" }
          idle { any-frame = 0, data = 60s }, reconnect { min = 1s, max = 8s, reset-after = 60s }, %s
        }
        channels {
          quote { default = true }
          spread { }
          candle { address = slow, quiet = true }
        }
        heartbeat { send = beat, every = 20s }
        subscribe {
          topic { quote = "q.{symbol}", spread = "s.{symbol}", candle = "c.{symbol}" }
          message = \"""{"sub":{topics|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{topics|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        messages {
          text = [ { equals = beat, as = heartbeat } ]
          rules = [
            { name = ok, match { "$/ok" = true }, as = ack }
            { name = no, match { "$/ok" = false }, as = nack }
            { name = candle, match { "$/c" = "*" }, channel = candle, key = "$/c", emit = "$/v" }
            { name = spread, match { "$/p" = "*" }, channel = spread, key = "$/p", emit = "$/v" }
            { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v", seq { rule = increasing, at = "$/n" } }
          ]
        }
        """;
    private static final String OK = "{\"ok\":true,\"id\":1}";

    private final FeedRig rig = new FeedRig().urls().channels("quote", "spread", "candle");

    @Test
    void shouldAskEachAddressForItsOwnChannels() {
        start("", "A", "B");
        assertThat(addresses()).containsExactly("ws://main.invalid/", "ws://slow.invalid/");
        assertThat(rig.server(0).open().sent).containsExactly("{\"sub\":[\"q.A\",\"q.B\",\"s.A\",\"s.B\"],\"id\":1}");
        assertThat(rig.server(1).open().sent).containsExactly("{\"sub\":[\"c.A\",\"c.B\"],\"id\":1}");
        rig.server(1).text(OK).text(candle("A", 7));
        rig.server(0).text(OK).text(FeedRig.quote("A", 1, 1));
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 1 A", "0 7", "topic 1 = 0 A", "1 1");
        assertThat(rig.session.liveConnections()).isEqualTo(2);
    }

    @Test
    void shouldTellOnlyTheTopicsOfALostAddressStale() {
        start("", "A", "B");
        rig.server(0).open().text(OK).text(FeedRig.quote("A", 1, 1));
        rig.server(1).open().text(OK).text(candle("A", 7));
        rig.ring.news();
        rig.server(1).lose(LossReason.DISCONNECTED, true);
        // B has had no candle yet: its subscribers must not wait without a word
        assertThat(rig.ring.news()).containsExactly("topic 2 = 1 B", "2 STALE upstream_disconnected",
            "1 STALE upstream_disconnected");
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.session.detail()).startsWith("1 of 2 connections are live");
        rig.clock.advance(8_000);
        assertThat(addresses()).last().isEqualTo("ws://slow.invalid/");
        rig.upstreams.last().open().text(OK).text(candle("A", 8)).text(candle("B", 9));
        assertThat(rig.ring.news()).containsExactly("1 8", "2 9");
    }

    @Test
    void shouldGoOnAtTheAddressesOfTheSameNameOnly() {
        start("", "A");
        rig.server(0).lose(LossReason.UNREACHABLE, false);
        rig.server(1).lose(LossReason.UNREACHABLE, false);
        rig.clock.advance(20_000);
        assertThat(addresses().subList(2, 4)).containsExactlyInAnyOrder("ws://spare.invalid/", "ws://slow.invalid/");
    }

    @Test
    void shouldAskTheAddressOfTheConfigurationForAllChannels() {
        rig.urls("ws://own.invalid/");
        start("", "A");
        assertThat(addresses()).containsExactly("ws://own.invalid/");
        assertThat(rig.server(0).open().sent).containsExactly("{\"sub\":[\"q.A\",\"s.A\",\"c.A\"],\"id\":1}");
    }

    @Test
    void shouldConnectToAnAddressOnlyForItsChannels() {
        rig.channels("candle");
        start("", "A");
        assertThat(addresses()).containsExactly("ws://slow.invalid/");
    }

    @Test
    void shouldConnectToAnAddressWithTheFirstInterestInIt() {
        start("", FeedConfig.ON_DEMAND);
        assertThat(addresses()).containsExactly("ws://main.invalid/");
        rig.server(0).open();
        rig.session.addInterest(1, List.of("A"), "client");
        assertThat(addresses()).containsExactly("ws://main.invalid/", "ws://slow.invalid/");
        assertThat(rig.server(0).sent).isEmpty();
        assertThat(rig.server(1).open().sent).containsExactly("{\"sub\":[\"c.A\"],\"id\":1}");
        rig.server(1).text(OK).text(candle("A", 7)).text(FeedRig.quote("A", 1, 1));
        // the quote is no topic: nobody has asked for it
        assertThat(rig.ring.news()).contains("0 7").doesNotContain("0 1");
        rig.session.removeInterest(1, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        assertThat(rig.server(1).sent).last().isEqualTo("{\"unsub\":[\"c.A\"],\"id\":2}");
    }

    @Test
    void shouldMakeTwoConnectionsToEachAddressIfTheFirstArrivalCounts() {
        rig.redundant();
        start("max-connections = 2", "A");
        assertThat(addresses()).containsExactly("ws://main.invalid/", "ws://spare.invalid/", "ws://slow.invalid/",
            "ws://slow.invalid/");
        for (int i = 0; i < 4; i++) {
            rig.server(i).open().text(OK);
        }
        rig.server(2).text(candle("A", 7));
        rig.server(0).text(FeedRig.quote("A", 1, 1));
        rig.server(1).text(FeedRig.quote("A", 1, 1));
        rig.server(3).text(candle("A", 7));
        rig.ring.news();
        rig.server(2).lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).isEmpty();
    }

    @Test
    void shouldCountTheConnectionsOfEachAddressByThemselves() {
        start("max-connections = 1, max-subscriptions = 2", "A");
        assertThat(addresses()).hasSize(2);
        assertThatThrownBy(() -> start("max-connections = 1, max-subscriptions = 2", "A", "B"))
            .hasMessageContaining("makes 4 subscriptions").hasMessageContaining("has room for 2");
    }

    /** Pongs are signs of life where all channels of the address may be silent, not where quotes are due. */
    @Test
    void shouldJudgeTheSilenceOfEachAddressByItsChannels() {
        start("", "A");
        rig.server(0).open().text(OK).text(FeedRig.quote("A", 1, 1));
        rig.server(1).open().text(OK).text(candle("A", 7));
        for (int i = 0; i < 4; i++) {
            rig.clock.advance(20_000);
            rig.server(0).text("beat");
            rig.server(1).text("beat");
        }
        assertThat(rig.server(0).isAborted).isTrue();
        assertThat(rig.server(1).isAborted).isFalse();
    }

    private void start(final String connection, final String... symbols) {
        rig.startVenue(VENUE.formatted(connection), symbols);
    }

    private List<String> addresses() {
        return rig.upstreams.all.stream().map(server -> server.url.toString()).toList();
    }

    private static String candle(final String symbol, final int value) {
        return "{\"c\":\"" + symbol + "\",\"v\":" + value + "}";
    }
}
