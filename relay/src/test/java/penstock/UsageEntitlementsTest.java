package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
import penstock.usage.ledger.Chain;
import penstock.usage.ledger.LedgerCheck;

/** Who was entitled to what in the ledger of a whole relay, and who was denied what. */
@Timeout(Patience.TEST_SECONDS)
class UsageEntitlementsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldRecordWhenKeysGrantProductsAndTakeThemAway() throws Exception {
        final UsageRelay rig = relay().client("desk-7", List.of("fx", "metals"), "").client("desk-8", List.of("fx"),
            ", display = false");
        try (UsageRelay relay = rig.start()) {
            relay.remove("desk-8");
            relay.client("desk-7", List.of("fx", "bundle"), "").writeKeys();
            await().until(() -> relay.usage().active() == 2);
            relay.stop();
            assertThat(changes(relay, "activated")).containsExactly(
                "desk-7 fx true by auth.keys-file: the relay started",
                "desk-7 metals false by auth.keys-file: the relay started",
                "desk-8 fx false by auth.keys-file: the relay started",
                "desk-7 bundle true by auth.keys-file: the file was changed");
            assertThat(changes(relay, "deactivated")).containsExactly(
                "desk-7 metals false by auth.keys-file: the file was changed",
                "desk-8 fx false by auth.keys-file: the file was changed");

            relay.client("desk-9", List.of("fx"), "").start().stop();
            assertThat(changes(relay, "activated")).as("what was active stays").hasSize(5).last()
                .isEqualTo("desk-9 fx true by auth.keys-file: the relay started");
            assertThat(relay.records("start")).hasSize(2);
            assertThat(LedgerCheck.of(relay.ledger, Chain.START, null).firstBreak()).isNull();
        }
    }

    @Test
    void shouldRecordWhoWasDeniedWhatAndWhichSessionsWereTooMany() throws Exception {
        final UsageRelay rig = relay().client("desk-7", List.of("fx"), ", sessions = 1, on-excess = evict-oldest")
            .client("desk-8", List.of("fx"), ", sessions = 1").client("desk-9", List.of("fx"),
            ", sessions = 1, on-excess = count");
        try (UsageRelay relay = rig.start()) {
            final List<UsageClient> clients = new ArrayList<>();
            clients.add(client(relay, "desk-7", "symbols=EURUSD,XAUUSD,XAGUSD,NONE"));
            clients.get(0).readUntil("EURUSD", 1);
            clients.add(client(relay, "desk-7", "symbols=EURUSD"));
            assertThat(clients.get(0).readClose()).isEqualTo("4409 replaced by a newer session");
            clients.add(client(relay, "desk-8", "symbols=*"));
            assertThatThrownBy(() -> client(relay, "desk-8", "symbols=*")).isInstanceOf(IOException.class)
                .hasMessageContaining("429");
            clients.add(client(relay, "desk-9", "symbols=*"));
            clients.add(client(relay, "desk-9", "symbols=*"));
            get(relay, "desk-8", "snapshot?symbols=USDJPY,EURUSD");
            await().until(() -> relay.relay().telemetry().sum(Counter.SESSIONS_OVER_LIMIT) == 3);
            relay.stop();
            for (final UsageClient client : clients) {
                client.close();
            }
            assertThat(denied(relay)).containsExactlyInAnyOrder("desk-7 bundle not entitled 1",
                "desk-7 metals not entitled 1",
                "desk-7 session evict-oldest: limit 1 1", "desk-8 session deny-new: limit 1 1",
                "desk-9 session count: limit 1 1", "desk-8 bundle not entitled 1");
        }
    }

    /** A pattern asks for what its client may see; it is denied if that is nothing, whenever its symbols appear. */
    @Test
    void shouldRecordPatternsOfForbiddenSymbolsOnlyAndForbiddenSymbolsThatAppearLater() throws Exception {
        final UsageRelay rig = relay();
        for (int i = 1; i <= 6; i++) {
            rig.client("desk-" + i, List.of("fx"), "");
        }
        try (UsageRelay relay = rig.start()) {
            final List<UsageClient> clients = List.of(client(relay, "desk-1", "symbols=EURUSD,XAG*,X*G*,GBP*,*"),
                new UsageClient(relay, "desk-2", UsageClient.Way.RAW, "symbols=EURUSD,XAG*", (self, value) -> { }),
                client(relay, "desk-4", "symbols=EURUSD,XALATER"), client(relay, "desk-5", "symbols=EURUSD,XAP*,NONE*"),
                client(relay, "desk-6", "symbols=*,*USD"));
            for (int i = 0; i < 3; i++) {
                for (final String question : List.of("symbols?match=XAG*,EUR*", "snapshot?symbols=XAGUSD,GBP*")) {
                    assertThat(get(relay, "desk-3", question)).contains("USD").doesNotContain("XAG");
                }
            }
            for (final UsageClient client : clients) {
                client.readUntil("EURUSD", relay.last("EURUSD"));
            }
            List.of("XALATER", "XAP1", "XAP2", "XAPUSD", "EURUSD").forEach(relay::tick);
            for (final UsageClient client : clients) {
                client.readUntil("EURUSD", relay.last("EURUSD"));
                client.close();
            }
            relay.stop();
            assertThat(denied(relay)).containsExactlyInAnyOrder("desk-1 metals not entitled 1",
                "desk-2 metals not entitled 1", "desk-3 metals not entitled 6", "desk-4 metals not entitled 1",
                "desk-5 metals not entitled 1");
        }
    }

    private static String get(final UsageRelay relay, final String id, final String question) throws Exception {
        final String[] authorization = relay.bearer(id).split(": ", 2);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.port() + "/v1/" + question))
            .header(authorization[0], authorization[1]).build(), BodyHandlers.ofString()).body();
    }

    private static List<String> denied(final UsageRelay relay) throws IOException {
        return relay.records("denied").stream().map(denied -> denied.replaceAll(
            ".*\"principal\":\"([^\"]*)\",\"what\":\"([^\"]*)\",\"why\":\"([^\"]*)\",\"count\":([0-9]+),.*",
            "$1 $2 $3 $4")).toList();
    }

    private UsageRelay relay() {
        return new UsageRelay(folder, Clock.systemUTC(), "");
    }

    private static UsageClient client(final UsageRelay relay, final String id, final String query)
            throws IOException {
        return new UsageClient(relay, id, UsageClient.Way.WS, query, (self, value) -> { });
    }

    private static List<String> changes(final UsageRelay relay, final String type) throws IOException {
        return relay.records(type).stream().map(record -> record.replaceAll(
            ".*\"principal\":\"([^\"]*)\",\"product\":\"([^\"]*)\",\"display\":([a-z]+),\"by\":\"([^\"]*)\","
            + "\"why\":\"([^\"]*)\".*", "$1 $2 $3 by $4: $5")).toList();
    }
}
