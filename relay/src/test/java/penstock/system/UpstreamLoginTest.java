package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.VenueFileScript;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A venue that will not let us in: for good, or for now. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamLoginTest {
    private static final String LOGIN = """
        { send = \"""{"op":"login","key":"k"}\""" }
        { await { "$/op" = welcome }, fail { "$/op" = denied }, on-fail = %s, timeout = 2s }
        """;

    @TempDir
    private Path folder;

    @Test
    void shouldExitWith77WhenTheLoginIsRejectedPermanently() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().read();
            peer.text("{\"op\":\"denied\",\"why\":\"unknown key\"}");
            untilClosed(peer);
        })) {
            final Path config =
                Files.writeString(folder.resolve("relay.conf"), "feed { venue = \"" + venue("fatal") + "\", url = \""
                + server.url() + "\", symbols = [BTCUSDT] }\nserver { port = 0, warm-up = false }\nadmin.enabled = false\n");
            final Path errors = folder.resolve("err");
            final Process relay = new ProcessBuilder(new File(System.getProperty("java.home"), "bin/java").getPath(),
                "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), "penstock.Main", "run", "-c", config.toString())
                .redirectOutput(folder.resolve("out").toFile()).redirectError(errors.toFile()).start();
            try {
                assertThat(relay.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            } finally {
                relay.destroyForcibly();
            }
            assertThat(relay.exitValue()).as(Files.readString(errors)).isEqualTo(77);
            assertThat(Files.readString(errors))
                .contains("venue rejected the connection permanently: venue rejected the login",
                "unknown key").doesNotContain("\tat ");
            assertThat(server.accepted.get()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotifySubscribersThatTheFeedIsClosedPermanently() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().read();
            peer.text("{\"op\":\"denied\"}");
            untilClosed(peer);
        }); FaultRig rig = rig("fatal", server)) {
            assertThat(rig.rig.relay.fatal().get(Patience.SECONDS, TimeUnit.SECONDS))
                .contains("rejected the login", "denied");
            rig.awaitReady(503, "\"ready\":false", "\"reason\":\"login_failed\"", "\"feed\":\"closed\"");
            final Subscriber late = rig.rig.fleet.open("/v1/ws?symbols=*", 0);
            await().until(() -> late.controls.stream().anyMatch(text -> text.contains("closed")));
            assertThat(server.accepted.get()).isEqualTo(1);
        }
    }

    @Test
    void shouldRetryWhenTheLoginIsRejectedTemporarily() throws Exception {
        final CountDownLatch isThere = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            if (peer.number <= 3) {
                peer.accept().read();
                peer.text("{\"op\":\"denied\"}");
                untilClosed(peer);
            } else {
                isThere.await();
                assertThat(peer.accept().read().text()).contains("login");
                peer.text("{\"op\":\"welcome\"}");
                assertThat(peer.read().text()).contains("subscribe");
                peer.text("{\"op\":\"subscribed\",\"id\":1}").text(quote("BTCUSDT", 7));
                untilClosed(peer);
            }
        }); FaultRig rig = rig("retry", server)) {
            await().until(() -> rig.subscriber.isSnapshotDone);
            isThere.countDown();
            rig.awaitValue("BTCUSDT", 7);
            rig.awaitReady(200, "\"feed\":\"live\"");
            assertThat(rig.states()).endsWith("live").containsOnlyOnce("live").doesNotContain("closed login_failed");
            assertThat(rig.metric("feed_disconnects_total")).isEqualTo(3);
            assertThat(rig.metric("feed_connects_total")).isEqualTo(4);
            assertThat(server.failures).isEmpty();
        }
    }

    @Test
    void shouldFindTheLoginInBinaryFramesToo() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().read();
            peer.frame(0x82, "{\"op\":\"welcome\"}".getBytes(StandardCharsets.UTF_8));
            peer.read();
            peer.frame(0x82, "{\"op\":\"subscribed\",\"id\":1}".getBytes(StandardCharsets.UTF_8));
            peer.frame(0x82, quote("BTCUSDT", 5).getBytes(StandardCharsets.UTF_8));
            untilClosed(peer);
        }); FaultRig rig =
            new FaultRig(FaultyVenue.plain().session(LOGIN.formatted("fatal")).connection("frames = binary")
            .file(folder),
                List.of(server.url()), null)) {
            rig.awaitValue("BTCUSDT", 5);
            assertThat(server.failures).isEmpty();
        }
    }

    @Test
    void shouldRepeatAnUnansweredSubscriptionAndThenReconnect() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            if (peer.number == 1) {
                peer.accept().read();
                // the same request once more: retries = 1
                assertThat(peer.read().text()).contains("subscribe");
                untilClosed(peer);
            } else {
                subscribed(peer).text(quote("BTCUSDT", 2));
                untilClosed(peer);
            }
        }); FaultRig rig = new FaultRig(FaultyVenue.plain().file(folder), List.of(server.url()), null)) {
            rig.awaitValue("BTCUSDT", 2);
            assertThat(rig.log()).anyMatch(line -> line.contains("not acknowledged within 200 ms, requested 2 times"));
            assertThat(rig.metric("feed_silences_total")).isEqualTo(1);
            assertThat(server.failures).isEmpty();
        }
    }

    @Test
    void shouldContinueWithoutASymbolThatTheVenueRejects() throws Exception {
        final StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 50; i++) {
            lines.append("{\"stream\":\"btcusdt@bookTicker\",\"data\":{\"u\":").append(i)
                .append(",\"s\":\"BTCUSDT\",\"b\":\"").append(i).append("\"}}\n");
        }
        final Path recording = Files.writeString(folder.resolve("quotes.jsonl"), lines);
        try (ReplayServer venue = ReplayServer.start(ReplayServer.Options.of(recording)
                .venue(VenueFileScript.load("binance", List.of("ETHUSDT"))));
                FaultRig rig = new FaultRig("binance", List.of(venue.url("/stream")), null)) {
            rig.awaitValue("BTCUSDT", "{\"bid\":50}");
            await("the refusal").untilAsserted(() -> assertThat(rig.log())
                .anyMatch(line -> line.contains("venue rejected ETHUSDT") && line.contains("unknown symbol")));
            // both together, then each alone
            rig.awaitMetric("feed_refused_total", 2);
            assertThat(rig.metric("feed_disconnects_total")).isZero();
            rig.awaitReady(200, "\"ready\":true");
        }
    }

    private String venue(final String onFail) throws Exception {
        return FaultyVenue.plain().session(LOGIN.formatted(onFail)).file(folder);
    }

    private FaultRig rig(final String onFail, final ScriptedServer server) throws Exception {
        return new FaultRig(venue(onFail), List.of(server.url()), null);
    }
}
