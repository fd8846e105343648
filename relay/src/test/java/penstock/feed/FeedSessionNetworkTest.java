package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.StringReader;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.ConnectProxy;
import penstock.testkit.OpenFiles;
import penstock.testkit.Patience;
import penstock.testkit.VenueSpelling;
import penstock.text.Address;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

class FeedSessionNetworkTest extends NetworkFeedRig {
    private static final String VENUE = """
        name = test
        connection { idle { any-frame = %s, data = 0 }, connect-timeout = 2s, reconnect { min = 1ms, max = 20ms, reset-after = 60s } }
        channels { quote { class = last-value, default = true } }
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" } ] }
        """;

    private static final String BOOK_TICKER =
        "{\"u\":400900217,\"s\":\"BTCUSDT\",\"b\":\"25.35190000\",\"B\":\"31.21000000\","
        + "\"a\":\"25.36520000\",\"A\":\"40.66000000\"}";

    @Test
    void shouldSubscribeAtBinanceAndPublishUpdates() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.accept().read().text());
            peer.text("{\"result\":null,\"id\":1}").frame(0x89, "1795197922737".getBytes());
            seen.add(peer.read().text());
            peer.text("{\"stream\":\"btcusdt@bookTicker\",\"data\":" + BOOK_TICKER + "}");
            seen.add(peer.read().opcode());
            peer.close(1000, "");
            peer.awaitEnd();
        })) {
            begin(VenueSpelling.load("binance", name -> null), List.of("BTCUSDT", "ETHUSDT"), server.url());
            assertThat((String) next())
                .isEqualTo("{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\",\"ethusdt@bookTicker\"],"
                    + "\"id\":1}");
            assertThat(next()).isEqualTo("1795197922737");
            awaitNews("0 {\"bid\":25.35190000,\"ask\":25.36520000,\"bidSize\":31.21000000,\"askSize\":40.66000000}");
            assertThat(ring.all).startsWith("LIVE null", "topic 0 = 0 BTCUSDT");
            session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(next()).isEqualTo(8);
            assertThat(ring.count(Counter.FEED_PINGS)).isEqualTo(1);
        }
    }

    @Test
    void shouldLogInAtTraderMade() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.accept().text("Connected").read().text());
            peer.text("{\"symbol\":\"EURUSD\",\"ts\":\"1636114682174\",\"bid\":1.15371,\"ask\":1.15372,"
                + "\"mid\":1.153715}");
            peer.awaitEnd();
        })) {
            begin(VenueSpelling.load("tradermade-v1", Map.of("TRADERMADE_KEY", "k3y")::get),
                List.of("EURUSD", "GBPUSD"), server.url());
            assertThat((String) next()).isEqualTo("{\"userKey\":\"k3y\",\"symbol\":\"EURUSD,GBPUSD\"}");
            awaitNews("0 {\"bid\":1.15371,\"ask\":1.15372,\"mid\":1.153715}");
        }
    }

    @Test
    void shouldUseTheNextAddressWhenOneIsDown() throws Exception {
        final int closedPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        try (ScriptedServer refusing =
                new ScriptedServer(peer -> peer.answer("HTTP/1.1 503 Down\nRetry-After: 3600\n\n"));
                ScriptedServer server =
                        new ScriptedServer(peer -> peer.accept().text("{\"s\":\"A\",\"v\":1.10}").awaitEnd())) {
            begin(venue("5s"), List.of(), "ws://127.0.0.1:" + closedPort + "/", refusing.url(), server.url());
            awaitNews("0 1.10");
            assertThat(ring.count(Counter.FEED_CONNECT_FAILURES)).isEqualTo(2);
            assertThat(session.detail()).isEqualTo("live from " + server.url());
        }
    }

    @Test
    void shouldReconnectWhenAServerFallsSilent() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}");
            peer.awaitEnd();
            seen.add("ended");
        })) {
            begin(venue("300ms"), List.of(), server.url());
            awaitNews("0 1");
            awaitNews("STALE upstream_silent");
            assertThat(next()).isEqualTo("ended");
            awaitNews("0 2");
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterManyConnections() throws Exception {
        final List<ScriptedServer.Script> ends = List.of(
            peer -> peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}").close(1001, "moving").awaitEnd(),
            peer -> peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}").socket.setSoLinger(true, 0),
            peer -> peer.accept().raw(new byte[] {(byte) 0xff, 0}).awaitEnd(),
            peer -> peer.answer("HTTP/1.1 500 Oops\n\n").awaitEnd(),
            peer -> peer.answer("HTTP/1.1 101 ok\nUpgrade: websocket\nContent-Length: 5\n\nhello").awaitEnd());
        try (ScriptedServer server = new ScriptedServer(peer -> ends.get(peer.number % ends.size()).play(peer))) {
            begin(venue("5s"), List.of(), server.url());
            await().until(() -> server.accepted.get() >= 10);
            final long filesBefore = OpenFiles.count();
            final long threadsBefore = feedThreads();
            await().until(() -> server.accepted.get() >= 60);
            session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
            await().untilAsserted(() -> {
                assertThat(OpenFiles.count()).isLessThanOrEqualTo(filesBefore + 5);
                assertThat(feedThreads()).isEqualTo(threadsBefore);
            });
            assertThat(server.failures).isEmpty();
            ring.news();
            assertThat(ring.all.stream().filter(news -> !news.startsWith("topic") && !news.startsWith("0 ")).toList())
                .satisfies(states -> {
                // in turn, never the same twice
                for (int i = 1; i < states.size(); i++) {
                    assertThat(states.get(i).substring(0, 4)).isNotEqualTo(states.get(i - 1).substring(0, 4));
                }
            });
        }
    }

    @Test
    void shouldRecoverThroughAProxyThatRefusesForAWhile() throws Exception {
        try (ScriptedServer server =
            new ScriptedServer(peer -> peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}").awaitEnd());
                ConnectProxy proxy = new ConnectProxy(server.port())) {
            proxy.refuse("HTTP/1.1 503 Service Unavailable\r\n\r\n");
            final FeedConfig config = new FeedConfig(new FeedConfig.Identity("test", "test"),
                List.of(new Address("ws://venue.test/feed")), new FeedConfig.Topics(List.of(), List.of()),
                new FeedConfig.Access(Map.of(), "http://127.0.0.1:" + proxy.port()),
                new FeedConfig.OnDemand(1_000, 100, 100, 0), false, VenueSettings.DEFAULT);
            begin(venue("5s"), config);
            await().until(() -> proxy.requests.size() >= 3);
            assertThat(server.accepted.get()).isZero();
            assertThat(ring.count(Counter.FEED_CONNECT_FAILURES)).isPositive();
            proxy.refuse(null);
            awaitNews("0 1");
            assertThat(session.state()).isEqualTo(SessionState.LIVE);
        }
    }

    @Test
    void shouldEndItsThreadsWhenItsWorkerIsShutDown() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(peer -> peer.accept().text("{\"s\":\"A\",\"v\":1}").awaitEnd())) {
            begin(venue("5s"), List.of(), server.url());
            awaitNews("0 1");
            session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(session.state()).isEqualTo(SessionState.CLOSED);
            feed.close();
            await().until(() -> feedThreads() == 0);
            assertThat(session.stop()).isDone();
        }
    }

    private static Venue venue(final String anyFrame) {
        return VenueReader.read(new StringReader(VENUE.formatted(anyFrame)), "test.conf", name -> null);
    }

    private static long feedThreads() {
        final List<Thread> threads = new ArrayList<>(Thread.getAllStackTraces().keySet());
        return threads.stream().filter(thread -> thread.getName().startsWith("feed-under-test")).count();
    }
}
