package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;

/**
 * Trades and quotes of a venue through a whole relay: every trade in its order, quotes as the subscriber wants them.
 */
class TradesTest {
    private static final int COUNT = 5_000;

    @TempDir
    private Path folder;

    @Test
    void shouldSendEveryTradeAndTheNewestQuote() throws IOException {
        final List<String> frames = new ArrayList<>();
        for (int i = 1; i <= COUNT; i++) {
            frames.add(("{'stream':'btcusdt@trade','data':{'e':'trade','E':" + i + ",'s':'BTCUSDT','t':" + i
                + ",'p':'1.10','q':'1','T':1}}").replace('\'', '"'));
            frames.add(("{'stream':'btcusdt@bookTicker','data':{'u':" + i + ",'s':'BTCUSDT','b':'1.1','B':'" + i
                + "','a':'1.2','A':'1'}}").replace('\'', '"'));
        }
        final Path recording = Files.write(folder.resolve("spot.jsonl"), frames);
        final int port = RelayRig.freePort();
        try (RelayRig rig =
                new RelayRig("binance", "ws://127.0.0.1:" + port + "/stream", "ring.slots=16384", "ring.bytes=16MiB")) {
            final Subscriber trades = rig.fleet.open("/v1/ws?channel=trade&symbols=*", 0);
            final Subscriber quotes = rig.fleet.open("/v1/ws?channel=quote&symbols=*&interval=50", 0);
            await("both").until(() -> trades.isSnapshotDone && quotes.isSnapshotDone);
            try (ReplayServer replay =
                    ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load("binance"))
                    .port(port).speed(ReplaySpeed.MAX))) {
                await("the end").until(replay::isFinished);
                await("all").untilAsserted(() -> {
                    assertThat(trades.updates).isEqualTo(COUNT);
                    assertThat(quotes.updates + quotes.conflated).isEqualTo(COUNT);
                });
                assertThat(trades.breaches).isEmpty();
                assertThat(quotes.breaches).isEmpty();
                assertThat(trades.conflated).isZero();
                assertThat(trades.controls).noneMatch(text -> text.startsWith("{\"type\":\"gap\""));
            }
        }
    }
}
