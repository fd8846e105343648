package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.upstream.LossReason;

/** A venue whose books come by two subscriptions, and whose marks of all symbols come by one. */
class SeveralSubscriptionsTest {
    /** With %s: keys of the connection. */
    private static final String VENUE = """
        name = parts
        connection { urls = ["ws://one.invalid/"], idle { any-frame = 0, data = 0 }, reconnect { min = 1s, max = 8s }, %s }
        channels { quote { default = true }, book { class = order-book }, mark { }, state { class = merge } }
        subscribe {
          topic { quote = "whole.{symbol}", book = ["change.{symbol}", "whole.{symbol}"], mark = marks, state = states }
          message = \"""{"sub":{topics|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{topics|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
          batch = 1
        }
        messages { rules = [
          { name = ok, match { "$/ok" = true }, as = ack }
          { name = no, match { "$/ok" = false }, as = nack }
          { name = full, match { "$/full" = true }, as = nack, classify = [ { do = shard } ] }
          { name = state, match { "$/i" = "*" }, channel = state, key = "$/i", kind = snapshot, emit = "$/v" }
          { name = state-change, match { "$/u" = "*" }, channel = state, key = "$/u", kind = delta, emit = "$/v" }
          { name = mark, match { "$/m" = "*" }, channel = mark, key = "$/m", emit = "$/v" }
          { name = whole, match { "$/w" = "*" }, channel = book, key = "$/w", kind = snapshot, book { bids = "$/b", asks = "$/a", level = [0, 1] }
            also = [ { channel = quote, kind = full, emit { bid = "$/b/0/0" } } ] }
          { name = change, match { "$/c" = "*" }, channel = book, key = "$/c", kind = delta, book { bids = "$/b", asks = "$/a", level = [0, 1] } }
        ] }
        """;

    private final FeedRig rig = new FeedRig().urls().channels("quote", "book", "mark");

    @Test
    void shouldMakeOneBookOfTwoSubscriptions() {
        rig.channels("book");
        start("", "A");
        final FakeUpstreams.Server server = rig.server(0).open();
        assertThat(server.sent).containsExactly(sub("change.A", 1), sub("whole.A", 2));
        // a change without the book before it says nothing
        server.text(ok(1)).text("{\"c\":\"A\",\"b\":[[9,1]],\"a\":[]}");
        assertThat(rig.ring.news()).doesNotContain("topic 0 = 1 A");
        server.text(ok(2)).text("{\"w\":\"A\",\"b\":[[9,2]],\"a\":[[10,1]]}").text("{\"c\":\"A\",\"b\":[[8,1]],\"a\":[]}");
        assertThat(rig.ring.news()).filteredOn(line -> line.startsWith("0 ")).hasSize(2);
    }

    @Test
    void shouldAskOnceForASubscriptionOfTwoChannels() {
        start("", FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server server = rig.server(0).open();
        rig.session.addInterest(0, List.of("A"), "client");
        rig.session.addInterest(1, List.of("A"), "client");
        rig.clock.advance(100);
        assertThat(server.sent).containsExactly(sub("whole.A", 1), sub("change.A", 2));
        // the whole book came before the change, and before anybody wanted it
        server.text(ok(1)).text(ok(2));
        rig.clock.advance(100);
        server.text(ok(3));
        rig.clock.advance(100);
        assertThat(server.sent.subList(2, 4)).containsExactly("{\"unsub\":[\"whole.A\"],\"id\":3}", sub("whole.A", 4));
        server.text(ok(4)).text("{\"w\":\"A\",\"b\":[[9,2]],\"a\":[[10,1]]}");
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        assertThat(server.sent).hasSize(4);
        rig.session.removeInterest(1, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 1_000);
        assertThat(server.sent.subList(4, 6)).containsExactlyInAnyOrder("{\"unsub\":[\"change.A\"],\"id\":5}",
            "{\"unsub\":[\"whole.A\"],\"id\":6}");
    }

    @Test
    void shouldKeepTheSubscriptionsOfABookOnOneConnection() {
        rig.channels("book");
        start("max-connections = 2, max-subscriptions = 3", "A", "B");
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.server(0).open().sent).containsExactly(sub("change.A", 1), sub("whole.A", 2));
        assertThat(rig.server(1).open().sent).containsExactly(sub("change.B", 1), sub("whole.B", 2));
    }

    @Test
    void shouldCloseATopicWhoseOtherSubscriptionHasNoRoomBesideTheFirst() {
        start("max-connections = 2, max-subscriptions = 1", FeedConfig.ON_DEMAND);
        rig.server(0).open();
        rig.session.addInterest(0, List.of("A"), "client");
        rig.session.addInterest(1, List.of("A"), "client");
        assertThat(rig.ring.news()).last().asString().contains("CLOSED the venue sends no more");
        assertThat(rig.server(0).sent).containsExactly(sub("whole.A", 1));
    }

    @Test
    void shouldMoveBothSubscriptionsIfTheVenueHasRoomForOne() {
        rig.channels("book");
        start("max-connections = 2", "A");
        final FakeUpstreams.Server first = rig.server(0).open();
        first.text(ok(1)).text("{\"full\":true,\"id\":2}");
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.server(1).open().sent).containsExactly(sub("change.A", 1), sub("whole.A", 2));
        rig.clock.advance(1_000);
        assertThat(first.sent).contains("{\"unsub\":[\"change.A\"],\"id\":3}");
    }

    @Test
    void shouldBeClosedUntilBothSubscriptionsAreAccepted() {
        rig.channels("book");
        start("", "A");
        final FakeUpstreams.Server first = rig.server(0).open();
        first.text("{\"ok\":false,\"id\":2}");
        assertThat(rig.ring.news()).last().asString().startsWith("0 CLOSED");
        first.text(ok(1));
        assertThat(rig.ring.news()).isEmpty();
        first.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(8_000);
        rig.ring.news();
        rig.upstreams.last().open().text(ok(1));
        assertThat(rig.ring.news()).isEmpty();
        rig.upstreams.last().text(ok(2));
        assertThat(rig.ring.news()).containsExactly("0 LIVE null");
    }

    @Test
    void shouldAskOnceForTheMarksOfAllSymbols() {
        rig.channels("mark");
        start("", FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server server = rig.server(0).open();
        rig.session.addInterest(2, List.of("A", "B"), "client");
        rig.session.addInterest(2, List.of("C"), "client");
        assertThat(server.sent).containsExactly(sub("marks", 1));
        server.text(ok(1)).text("{\"m\":\"A\",\"v\":1}").text("{\"m\":\"C\",\"v\":2}").text("{\"m\":\"X\",\"v\":3}");
        assertThat(rig.ring.news()).contains("0 1", "2 2").noneMatch(line -> line.contains("X"));
        rig.session.removeInterest(2, List.of("A", "B"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        assertThat(server.sent).hasSize(1);
        rig.session.removeInterest(2, List.of("C"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        assertThat(server.sent).last().isEqualTo("{\"unsub\":[\"marks\"],\"id\":2}");
    }

    /** The image of a later topic came with the subscription that an earlier one made. */
    @Test
    void shouldAskAgainForTheImageOfATopicThatComesWithAPresentSubscription() {
        rig.channels("state");
        start("", FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server server = rig.server(0).open();
        rig.session.addInterest(3, List.of("A"), "client");
        server.text(ok(1)).text("{\"i\":\"A\",\"v\":{\"x\":1}}").text("{\"i\":\"B\",\"v\":{\"x\":1}}");
        rig.session.addInterest(3, List.of("B"), "client");
        rig.clock.advance(100);
        server.text(ok(2));
        rig.clock.advance(100);
        assertThat(server.sent).containsExactly(sub("states", 1), "{\"unsub\":[\"states\"],\"id\":2}", sub("states", 3));
        server.text(ok(3)).text("{\"i\":\"B\",\"v\":{\"x\":2}}").text("{\"u\":\"B\",\"v\":{\"x\":3}}");
        assertThat(rig.ring.news()).contains("1 {\"x\":2}", "1 {\"x\":3}");
        rig.clock.advance(60_000);
        assertThat(server.sent).hasSize(3);
    }

    private void start(final String connection, final String... symbols) {
        rig.startVenue(VENUE.formatted(connection), symbols);
    }

    private static String sub(final String topic, final int id) {
        return "{\"sub\":[\"" + topic + "\"],\"id\":" + id + "}";
    }

    private static String ok(final int id) {
        return "{\"ok\":true,\"id\":" + id + "}";
    }
}
