package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.replay.VenueFileScript;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A venue that wants its clients elsewhere: later, on another connection, at another address. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamMovesTest {
    private static final String BTC_ONLY = "feed.symbols=[BTCUSDT]";

    @TempDir
    private Path folder;

    @Test
    void shouldMoveBeforeBinanceShutsDownAndMissNothing() throws Exception {
        shouldMoveAndMissNothing("binance", new LiveVenue(VenueFileScript.load("binance"), (number, sequence) ->
            "{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":" + number + ",\"s\":\"BTCUSDT\",\"b\":\"" + number
                + "\"}}"),
            "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":1}}",
            "{\"bid\":%d}");
    }

    @Test
    void shouldMoveOnNoticeFromOkxAndMissNothing() throws Exception {
        shouldMoveAndMissNothing("okx", new LiveVenue(VenueFileScript.load("okx"), (number, sequence) ->
            "{\"arg\":{\"channel\":\"tickers\",\"instId\":\"BTCUSDT\"},\"data\":[{\"instId\":\"BTCUSDT\",\"last\":\""
                + number + "\"}]}"),
            "{\"event\":\"notice\",\"code\":\"64008\",\"msg\":\"The connection will soon be closed for a service "
                + "upgrade.\"}",
            "{\"last\":%d}");
    }

    @Test
    void shouldMoveWhenBitfinexRestartsAndMissNothing() throws Exception {
        shouldMoveAndMissNothing("bitfinex", new LiveVenue(VenueFileScript.load("bitfinex"), (number, sequence) ->
            "[1,[" + number + ",2,3]," + sequence + "]"),
            "{\"event\":\"info\",\"code\":20051,\"msg\":\"Stopping. Please try to reconnect\"}",
            "{\"bid\":%d,\"ask\":3,\"bidSize\":2}");
    }

    @Test
    void shouldReplaceConnectionsBeforeTheirLifetimeEndsAndMissNothing() throws Exception {
        final String file = FaultyVenue.plain().connection("lifetime = 300ms").file(folder);
        final LiveVenue venue = live(file, "");
        try (FeedServer server = FeedServer.start(0, venue); FaultRig rig =
                new FaultRig(file, List.of(server.url("/")), null)) {
            rig.awaitMetric("feed_rollovers_total", 3);
            checkNothingIsMissed(rig, venue, "\"%d\"");
            assertThat(rig.metric("feed_disconnects_total")).isZero();
            await("old ones closed").until(() -> server.clientCount() <= 2);
        }
    }

    @Test
    void shouldWaitAsLongAsTheVenueAsksWhenRateLimited() throws Exception {
        final List<Long> cameNs = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            cameNs.add(System.nanoTime());
            if (peer.number <= 3) {
                peer.accept().read();
                peer.close(1008, "Too many requests");
                untilClosed(peer);
            } else {
                untilClosed(subscribed(peer).text(quote("BTCUSDT", 1)));
            }
        }); FaultRig rig =
            new FaultRig(FaultyVenue.plain().connection("reconnect { min = 100ms, max = 1s, reset-after = 1s }")
                .file(folder), List.of(server.url()), null)) {
            rig.awaitValue("BTCUSDT", 1);
            final List<Long> gapsMs = new ArrayList<>();
            for (int i = 1; i < cameNs.size(); i++) {
                gapsMs.add((cameNs.get(i) - cameNs.get(i - 1)) / 1_000_000);
            }
            assertThat(gapsMs).hasSize(3);
            assertThat(gapsMs.get(0)).isGreaterThanOrEqualTo(100);
            assertThat(gapsMs.get(1)).isGreaterThanOrEqualTo(200);
            assertThat(gapsMs.get(2)).isGreaterThanOrEqualTo(400);
            assertThat(rig.log()).anyMatch(line -> line.contains("the server closed with 1008 Too many requests"));
            assertThat(rig.metric("feed_disconnects_total")).isEqualTo(3);
            rig.awaitReady(200, "\"ready\":true");
        }
    }

    @Test
    void shouldUseTheSecondAddressAndReturnToTheFirstWithoutInterruption() throws Exception {
        final String file = FaultyVenue.plain().file(folder);
        final LiveVenue first = live(file, "first ");
        final LiveVenue second = live(file, "second ");
        try (FeedServer preferred = FeedServer.start(0, first); FeedServer other = FeedServer.start(0, second);
                FaultRig rig = new FaultRig(file, List.of(preferred.url("/"), other.url("/")), null)) {
            await("first").until(() -> holds(rig, "first"));
            await("a session").until(() -> rig.subscriber.isSnapshotDone);
            rig.subscriber.controls.clear();
            preferred.kill();
            await("second").until(() -> holds(rig, "second"));
            assertThat(rig.states()).containsExactly("stale upstream_disconnected", "live");
            preferred.restart();
            await("first again").until(() -> holds(rig, "first"));
            assertThat(rig.states()).containsExactly("stale upstream_disconnected", "live");
            assertThat(rig.metric("feed_rollovers_total")).isEqualTo(1);
            rig.awaitReady(200, "\"ready\":true");
        }
    }

    private void shouldMoveAndMissNothing(final String name, final LiveVenue venue, final String notice,
            final String value)
            throws Exception {
        try (FeedServer server = FeedServer.start(0, venue); FaultRig rig =
                new FaultRig(name, List.of(server.url("/")), null, BTC_ONLY)) {
            await("data").until(() -> rig.subscriber.seen.containsKey("BTCUSDT"));
            venue.notice = notice;
            rig.awaitMetric("feed_rollovers_total", 1);
            await("both").until(() -> venue.connects.get() == 2 && server.clientCount() == 1);
            checkNothingIsMissed(rig, venue, value);
            assertThat(rig.metric("feed_disconnects_total")).isZero();
            assertThat(rig.metric("feed_gaps_total")).isZero();
        }
    }

    /** Each number was published once, from either connection: the relay counts as many updates as the venue. */
    private static void checkNothingIsMissed(final FaultRig rig, final LiveVenue venue, final String value) {
        venue.isSending = false;
        await("the last number").untilAsserted(() ->
            assertThat(new String(rig.subscriber.seen.get("BTCUSDT").value(), StandardCharsets.UTF_8))
                .isEqualTo(value.formatted(venue.last.get())));
        assertThat(rig.subscriber.seen.get("BTCUSDT").q()).isEqualTo(venue.last.get());
        assertThat(rig.states().stream().filter(state -> state.startsWith("stale"))).isEmpty();
    }

    private static LiveVenue live(final String file, final String prefix) {
        return new LiveVenue(VenueFileScript.load(file),
            (number, sequence) -> quote("BTCUSDT", "\"" + prefix + number + "\""));
    }

    private static boolean holds(final FaultRig rig, final String prefix) {
        final Subscriber.Seen seen = rig.subscriber.seen.get("BTCUSDT");
        return seen != null && new String(seen.value(), StandardCharsets.UTF_8).startsWith("\"" + prefix + " ");
    }
}
