package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** What a relay with {@code log.format = json} prints, as a process of its own. */
@Tag("slow")
@Timeout(Patience.TEST_SECONDS)
class JsonLogTest {
    @Test
    void shouldPrintNothingButObjectsAndTheConfigurationFirst() throws Exception {
        final Process relay = RelayProcess.startOnly("demo", "--set", "log.format=json", "--set", "server.port=0",
            "--set", "admin.port=0", "--set", "server.drain-time=100ms");
        try (BufferedReader reader = relay.inputReader()) {
            final List<String> messages = new ArrayList<>();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                messages.add(((Map<?, ?>) ParsedJson.parse(line)).get("formattedMessage").toString());
                if (messages.get(messages.size() - 1).startsWith("\"feed: live")) {
                    relay.toHandle().destroy();
                }
            }
            assertThat(relay.waitFor()).isZero();
            assertThat(messages).first().asString().startsWith("\"Penstock dev on ")
                .contains(System.getProperty("java.runtime.version") + "; configuration: demo, --set");
            assertThat(messages).contains("\"Draining, open sessions: 0\"");
        } finally {
            relay.destroyForcibly();
        }
    }
}
