package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.GoodClient;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** Text of clients and venues that would be taken for something else where people or programs read it. */
@Timeout(Patience.TEST_SECONDS)
class HostileTextTest {
    private static final String SCRIPT = "<script>alert(1)</script>";

    @TempDir
    private Path folder;

    /** Line feeds, escape sequences of terminals, a line separator of Unicode: in every text that a client can send. */
    @Test
    @Tag("slow")
    void shouldLogTextOfClientsInOneLineEach() throws Exception {
        final String bad = "\\n2026-01-01 INFO fake\\u001b[31m\\u2028\\u0085x";
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.drain-time=100ms")) {
            for (final String header : List.of("User-Agent: a\r\n 2026-01-01 INFO fake", "User-Agent: a\u001b[31mfake",
                    "Sec-WebSocket-Protocol: %0a2026 INFO fake", "X-Forwarded-For: 1.2.3.4%0afake, \u0085fake",
                    "Origin: http://a%0afake", "Authorization: Bearer %0d%0afake", "Host: fake%0a2026")) {
                try (HostileClient client = new HostileClient(relay.port)) {
                    client.write(("GET /v1/ws?symbols=%0afake%1b HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n"
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    assertThat(client.readHead()).startsWith("HTTP/1.1 ").doesNotContain("fake");
                }
            }
            try (HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws")) {
                for (final String field : List.of("op", "id", "sub", "channel", "mode", bad)) {
                    assertThat(client.ask("{\"op\":\"subscribe\",\"symbols\":[\"EURUSD\"],\"" + field + "\":\"" + bad
                        + "\"}")).startsWith("{\"type\":\"").doesNotContain("\n", "\u001b", "\u2028");
                }
                client.write(HostileClient.message(8, "\u0003\u00e8\n2026 INFO fake".getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(relay.get(relay.adminPort, "/metrics").body()).doesNotContain("fake");
            GoodClient.assertServed(relay.port);
            assertThat(relay.terminate(8_000)).isZero();
            assertThat(relay.printed()).noneMatch(HostileTextTest::isForged);
        }
    }

    private static boolean isForged(final String line) {
        return line.startsWith("2026-01-01 INFO fake") || line.startsWith("fake")
            || line.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x85 || c == 0x2028);
    }

    /** What is JSON is forwarded as it came; a control character that is not escaped is no JSON. */
    @Test
    void shouldForwardTextOfTheVenueAsDataAndNothingThatIsNoJson() throws Exception {
        final Map<String, String> good = Map.of("S1", "\"" + SCRIPT + "\"", "S2", "\"\\u0000\\u001b[31m\\n\\u2028\"",
            "S3", "{\"__proto__\":\"</script>\"}", "S4", "\"\\ud83d\\ude00\"");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            FaultyVenue.subscribed(peer);
            for (final Map.Entry<String, String> each : good.entrySet()) {
                peer.text(FaultyVenue.quote(each.getKey(), each.getValue()));
            }
            peer.text(FaultyVenue.quote(SCRIPT, "1"));
            for (final char control : "\u0000\u0007\n\u001b\u001f".toCharArray()) {
                peer.text(FaultyVenue.quote("BAD", "\"a" + control + "b\""));
                peer.text(FaultyVenue.quote("BAD" + control, "1"));
            }
            peer.text(FaultyVenue.quote("BAD\\u0007", "1"));
            peer.text(FaultyVenue.quote("LAST", "1"));
            FaultyVenue.untilClosed(peer);
        }); FaultRig rig = new FaultRig(FaultyVenue.plain().file(folder), List.of(server.url()), null)) {
            rig.awaitValue("LAST", 1);
            assertThat(good).allSatisfy((symbol, value) -> assertThat(value(rig, symbol)).isEqualTo(value));
            assertThat(rig.subscriber.seen.keySet()).noneMatch(symbol -> symbol.startsWith("BAD")).contains(SCRIPT);
            assertThat(rig.metric("feed_not_json_total")).isEqualTo(10);
            try (HostileClient page = new HostileClient(rig.rig.relay.port())) {
                page.write(HostileClient.ascii("GET /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                final String answer = page.readHttp();
                assertThat(answer).contains("Content-Type: application/json", "nosniff").contains(good.values());
            }
            GoodClient.assertServed(rig.rig.relay.port());
            assertThat(server.failures).isEmpty();
        }
    }

    private static String value(final FaultRig rig, final String symbol) {
        await(symbol).until(() -> rig.subscriber.seen.containsKey(symbol));
        return new String(rig.subscriber.seen.get(symbol).value(), StandardCharsets.UTF_8);
    }
}
