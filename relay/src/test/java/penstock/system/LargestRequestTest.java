package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.replay.DemoFeed;

/** The shipped limits fit each other: all the symbols that a session may name go into one message. */
class LargestRequestTest {
    private static final int SYMBOLS = 5_000;

    @Test
    void shouldTakeAllSymbolsOfASessionInOneRequest() throws Exception {
        final String names = IntStream.range(0, SYMBOLS).mapToObj(i -> '"' + "S".repeat(43) + (10_000 + i) + '"')
            .collect(Collectors.joining(","));
        try (DemoFeed feed = DemoFeed.start(0); RelayRig rig = new RelayRig("demo", feed.url());
             HostileClient client = HostileClient.upgraded(rig.relay.port(), "/v1/ws")) {
            assertThat(client.ask("{\"op\":\"subscribe\",\"id\":7,\"symbols\":[" + names + "]}"))
                .startsWith("{\"type\":\"ack\",\"id\":7,").contains("\"matched\":0", "S14999\"]");
            assertThat(client.ask("{\"op\":\"subscribe\",\"id\":8,\"symbols\":[\"EURUSD\"]}"))
                .contains("\"too_many_symbols\"", "at most " + SYMBOLS);
        }
    }
}
