package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.system.FaultyVenue.keepTelling;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A venue that keeps its connection open but sends nothing useful. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamSilenceTest {
    private static final String DATA_WITHIN = "idle { any-frame = 2s, data = 500ms }";

    @TempDir
    private Path folder;

    @Test
    void shouldDisconnectFromAVenueThatSendsOnlyHeartbeats() throws Exception {
        try (ScriptedServer chatty = new ScriptedServer(peer -> chatter(subscribed(peer)));
                ScriptedServer good = new ScriptedServer(peer -> {
                    subscribed(peer).text(quote("BTCUSDT", 1));
                    keepTelling(peer, quote("ETHUSDT", 1));
                }); FaultRig rig = rig(FaultyVenue.plain().connection(DATA_WITHIN), chatty.url(), good.url())) {
            rig.awaitValue("BTCUSDT", 1);
            assertThat(rig.metric("feed_silences_total")).isEqualTo(1);
            assertThat(rig.metric("feed_heartbeats_total")).isPositive();
            assertThat(rig.log()).anyMatch(line -> line.contains("no update for 500 ms"));
            // nothing was proved there: not live before the second address
            assertThat(rig.states()).endsWith("stale upstream_silent", "live").containsOnlyOnce("live");
        }
    }

    @Test
    void shouldReconnectWhenDataStopsWhileHeartbeatsContinue() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer).text(quote("BTCUSDT", peer.number));
            if (peer.number == 1) {
                chatter(peer);
            } else {
                keepTelling(peer, quote("ETHUSDT", 1));
            }
        }); FaultRig rig = rig(FaultyVenue.plain().connection(DATA_WITHIN), server.url())) {
            rig.awaitValue("BTCUSDT", 2);
            assertThat(rig.states()).endsWith("stale upstream_silent", "live");
            rig.awaitReady(200, "\"feed\":\"live\"");
        }
    }

    @Test
    void shouldReconnectWhenOurHeartbeatIsNotAnswered() throws Exception {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer).text(quote("BTCUSDT", peer.number));
            for (int pings = 1; ; pings++) {
                final ScriptedServer.Frame frame = peer.read();
                if (frame.opcode() == 8) {
                    peer.frame(0x88, frame.payload());
                    return;
                }
                heard.add(peer.number + " " + frame.text());
                if (peer.number > 1 || pings == 1) {
                    peer.text("pong");
                }
            }
        }); FaultRig rig =
            rig(FaultyVenue.plain()
            .more("heartbeat { send = ping, every = 100ms, expect-text = pong, within = 150ms }"),
                server.url())) {
            rig.awaitValue("BTCUSDT", 2);
            assertThat(heard.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("1 ping");
            assertThat(heard.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("1 ping");
            assertThat(heard.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("2 ping");
            assertThat(rig.states()).endsWith("stale upstream_silent", "live");
            assertThat(rig.log()).anyMatch(line -> line.contains("heartbeat not answered within 150 ms"));
            assertThat(rig.metric("feed_silences_total")).isEqualTo(1);
        }
    }

    @Test
    void shouldNoticeAHalfOpenConnection() throws Exception {
        final CountDownLatch isOver = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer).text(quote("BTCUSDT", peer.number));
            if (peer.number == 1) {
                // reads nothing, writes nothing, and does not hang up either
                isOver.await();
            } else {
                keepTelling(peer, quote("ETHUSDT", 1));
            }
        }); FaultRig rig = rig(FaultyVenue.plain().connection("idle { any-frame = 500ms, data = 0 }"), server.url())) {
            rig.awaitValue("BTCUSDT", 1);
            rig.awaitValue("BTCUSDT", 2);
            isOver.countDown();
            assertThat(rig.states()).endsWith("stale upstream_silent", "live");
            assertThat(rig.log()).anyMatch(line -> line.contains("no frame for 500 ms"));
            assertThat(rig.metric("feed_silences_total")).isEqualTo(1);
            rig.awaitReady(200, "\"ready\":true");
        }
    }

    private static void chatter(final ScriptedServer.Peer peer) throws Exception {
        keepTelling(peer, "{\"op\":\"hb\"}");
    }

    private FaultRig rig(final FaultyVenue venue, final String... urls) throws Exception {
        return new FaultRig(venue.file(folder), List.of(urls), null);
    }
}
