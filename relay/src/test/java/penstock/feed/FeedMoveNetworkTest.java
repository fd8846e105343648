package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;
import penstock.testkit.VenueSpelling;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** Real sockets: one connection after another, and two at a time. */
class FeedMoveNetworkTest extends NetworkFeedRig {
    private static final String VENUE = """
        name = test
        connection { idle { any-frame = 0, data = 0 }, reconnect { min = 1ms, max = 20ms, reset-after = 300ms } }
        channels { quote { class = last-value, default = true } }
        %s
        messages {
          text = [ { equals = pong, as = heartbeat } ]
          rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" } ]
        }
        """;

    @Test
    void shouldRollOverWhenBinanceShutsDownAndMissNothing() throws Exception {
        final CountDownLatch isShutDown = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            assertThat(peer.accept().read().text()).contains("btcusdt@bookTicker").contains("\"id\":1");
            peer.text("{\"result\":null,\"id\":1}");
            if (peer.number == 1) {
                peer.text(ticker(1))
                    .text("{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}");
                isShutDown.await();
                peer.text(ticker(2)).text(ticker(3));
                seen.add("old has sent 3");
                seen.add(peer.read().opcode());
                peer.close(1000, "");
            } else {
                seen.add("second connection");
                isShutDown.await();
                for (int i = 2; i <= 50; i++) {
                    peer.text(ticker(i));
                }
                peer.read();
                peer.close(1000, "");
            }
        })) {
            begin(VenueSpelling.load("binance", name -> null), List.of("BTCUSDT"), server.url());
            assertThat(next()).isEqualTo("second connection");
            isShutDown.countDown();
            assertThat(next()).isEqualTo("old has sent 3");
            assertThat(next()).isEqualTo(8);
            awaitNews("0 {\"bid\":50}");
            assertThat(ring.all).startsWith("LIVE null", "topic 0 = 0 BTCUSDT").hasSize(52).doesNotHaveDuplicates();
            for (int i = 1; i <= 50; i++) {
                assertThat(ring.all.get(i + 1)).isEqualTo("0 {\"bid\":" + i + "}");
            }
            assertThat(ring.count(Counter.FEED_ROLLOVERS)).isEqualTo(1);
            assertThat(server.failures).isEmpty();
        }
    }

    @Test
    void shouldFailOverAndReturnWithoutAnInterruption() throws Exception {
        try (ScriptedServer preferred = new ScriptedServer(peer -> {
            if (peer.number <= 2) {
                peer.answer("HTTP/1.1 503 Down\n\n");
            } else {
                peer.accept().text("{\"s\":\"A\",\"v\":2}").awaitEnd();
            }
        }); ScriptedServer other = new ScriptedServer(peer -> {
            peer.accept().text("{\"s\":\"A\",\"v\":1}");
            seen.add(peer.read().opcode());
        })) {
            begin(venue(""), List.of(), preferred.url(), other.url());
            awaitNews("0 1");
            assertThat(session.detail()).isEqualTo("live from " + other.url());
            awaitNews("0 2");
            assertThat(next()).isEqualTo(8);
            assertThat(session.detail()).isEqualTo("live from " + preferred.url());
            assertThat(ring.all).containsExactly("STALE upstream_refused", "LIVE null", "topic 0 = 0 A", "0 1", "0 2");
            assertThat(other.accepted.get()).isEqualTo(1);
        }
    }

    @Test
    void shouldLeaveAVenueThatDoesNotAnswerRequests() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}");
            seen.add(peer.read().text());
            peer.awaitEnd();
            seen.add("ended");
        })) {
            begin(venue("heartbeat { send = ping, every = 100ms, expect-text = pong, within = 200ms }"), List.of(),
                server.url());
            assertThat(next()).isEqualTo("ping");
            assertThat(next()).isEqualTo("ended");
            awaitNews("STALE upstream_silent");
            awaitNews("0 2");
        }
    }

    private static Venue venue(final String more) {
        return VenueReader.read(new StringReader(VENUE.formatted(more)), "test.conf", name -> null);
    }

    private static String ticker(final int number) {
        return "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":" + number + ",\"s\":\"BTCUSDT\",\"b\":\""
            + number + "\"}}";
    }
}
