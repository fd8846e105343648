package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.GoodClient;

/** Subscriptions that begin and end at once, a hundred thousand times: the relay keeps nothing of them. */
@Tag("slow")
@Tag("gate")
@Timeout(120)
class ChurningSubscriptionsTest {
    private static final int PAIRS = 100_000;
    private static final int SESSIONS = 10;
    private static final int AT_ONCE = 50;

    @Test
    void shouldKeepNothingOfAHundredThousandSubscriptions() throws Exception {
        try (RelayProcess relay =
                RelayProcess.start("demo", "--set", "fanout.limits.requests-per-second=10000")) {
            final HostileClient[] clients = new HostileClient[SESSIONS];
            for (int i = 0; i < SESSIONS; i++) {
                clients[i] = HostileClient.upgraded(relay.port, "/v1/ws");
            }
            churn(clients, PAIRS / 10);
            final long heapBefore = relay.heapAfterGc();
            churn(clients, PAIRS);
            GoodClient.assertServed(relay.port);
            assertThat(relay.heapAfterGc() - heapBefore).as("heap kept").isLessThan(OverloadedRelay.MIB);
            assertThat(relay.metric("penstock_subscriptions")).isZero();
            assertThat(relay.metric("penstock_subscriptions_closed_total")).isEqualTo(PAIRS + PAIRS / 10);
            assertThat(relay.metric("penstock_memory_bytes{use=\"names\"}")).isZero();
            for (final HostileClient client : clients) {
                assertThat(client.ask("{\"op\":\"list\"}")).contains("\"subscriptions\":[]");
                client.close();
            }
        }
    }

    /** Exact names, patterns and unknown ones in turn. */
    private static void churn(final HostileClient[] clients, final int pairs) throws IOException {
        for (int done = 0; done < pairs; done += AT_ONCE) {
            final HostileClient client = clients[done / AT_ONCE % clients.length];
            final ByteArrayOutputStream requests = new ByteArrayOutputStream();
            for (int i = 0; i < AT_ONCE; i++) {
                final String symbols = i % 3 == 0 ? "\"EURUSD\"" : i % 3 == 1 ? "\"E*\"" : "\"NO" + (done + i) + "\"";
                requests.writeBytes(HostileClient.text("{\"op\":\"subscribe\",\"sub\":\"s\",\"symbols\":[" + symbols
                    + "]}"));
                requests.writeBytes(HostileClient.text("{\"op\":\"unsubscribe\",\"sub\":\"s\"}"));
            }
            client.write(requests.toByteArray());
            for (int i = 0; i < 2 * AT_ONCE; i++) {
                assertThat(client.reply()).startsWith("{\"type\":\"ack\"");
            }
        }
    }
}
