package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;

/** What {@code /metrics} says of a venue's channels and rules. */
class VenueMetricsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldCountUpdatesAndGapsOfEachChannelAndNameThoseWithoutGapDetection() throws Exception {
        final Path recording = Files.write(folder.resolve("spot.jsonl"), Stream.of(
            "{'stream':'btcusdt@bookTicker','data':{'u':1,'s':'BTCUSDT','b':'1.1','B':'1','a':'1.2','A':'1'}}",
            "{'stream':'btcusdt@bookTicker','data':{'u':9,'s':'BTCUSDT','b':'1.1','B':'2','a':'1.2','A':'1',"
                + "'E':'soon'}}",
            trade(1), trade(2), trade(4), trade(5), trade(9), trade(12),
            "{'stream':'btcusdt@depth','data':{'e':'depthUpdate','E':1700000000000,'s':'BTCUSDT','U':1,'u':2,'b':[['1.1','2'],"
                + "['x']],'a':[]}}")
            .map(frame -> frame.replace('\'', '"')).toList());
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig("binance", "ws://127.0.0.1:" + port + "/stream", "server.public-metrics=true");
                ReplayServer replay =
                    ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load("binance"))
                    .port(port).speed(ReplaySpeed.MAX))) {
            await("the end").until(replay::isFinished);
            await("the last frame")
                .until(() -> metrics(rig).contains("penstock_channel_updates_total{channel=\"book\"} 1.0"));
            assertThat(metrics(rig)).contains(
                "penstock_channel_updates_total{channel=\"quote\"} 2.0",
                "penstock_channel_updates_total{channel=\"trade\"} 6.0",
                "penstock_channel_updates_total{channel=\"candle\"} 0.0",
                "penstock_channel_events_total{channel=\"trade\"} 6.0",
                "penstock_channel_gaps_total{channel=\"trade\"} 3.0",
                "penstock_channel_gaps_total{channel=\"agg-trade\"} 0.0",
                "penstock_feed_rule_matched_total{rule=\"quote\"} 2.0",
                "penstock_feed_rule_matched_total{rule=\"book\"} 1.0",
                "penstock_channel_lag_seconds{channel=\"candle\"} NaN",
                "penstock_feed_bad_times_total 1.0",
                "penstock_feed_bad_levels_total 1.0")
                .anyMatch(line -> line.matches("penstock_channel_lag_seconds\\{channel=\"book\"} [0-9.]{9,}E[0-9]"))
                .noneMatch(line -> line.startsWith("penstock_channel_gaps_total{channel=\"quote\"}"))
                .noneMatch(line -> line.startsWith("penstock_channel_events_total{channel=\"quote\"}"))
                .anyMatch(line -> line.startsWith("# HELP penstock_channel_gaps_total ")
                    && line.contains("No sample = unknown"));
        }
    }

    private static String trade(final int number) {
        return "{'stream':'btcusdt@trade','data':{'e':'trade','E':1,'s':'BTCUSDT','t':" + number
            + ",'p':'1.1','q':'1','T':1700000000000}}";
    }

    private static List<String> metrics(final RelayRig rig) throws IOException, InterruptedException {
        final HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.relay.port() + "/metrics")).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body().lines().toList();
    }
}
