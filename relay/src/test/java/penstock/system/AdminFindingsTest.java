package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** {@code /admin/v1/findings} of a relay: empty while its feed is live; admin-api.md has what it answers. */
class AdminFindingsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSayThatPricesAreNotLiveAndWhyAndNothingWhileTheyAre() throws Exception {
        try (AdminRelay relay = new AdminRelay(folder)) {
            await("live").atMost(Patience.LIMIT).until(() -> relay.list("findings").isEmpty());

            relay.venue.kill();
            await("lost").atMost(Patience.LIMIT).until(() -> !relay.list("findings").isEmpty());
            final Map<?, ?> worst = ParsedJson.object(relay.list("findings").get(0));
            assertThat(worst.get("severity")).isEqualTo("critical");
            assertThat(worst.get("subject")).isEqualTo("feed ticking");
            assertThat(worst.get("text")).isEqualTo("its prices are not live");
            assertThat(worst.get("cause").toString()).startsWith("the connection to the venue was lost");
            assertThat((long) worst.get("since")).isBetween((System.currentTimeMillis() - 60_000) * 1_000,
                (System.currentTimeMillis() + 1_000) * 1_000);
            assertThat(worst.keySet()).isEqualTo(AdminRelay.example("findings").keySet());
            assertThat(Pages.rows(AdminRelay.PAGE, "| member of a finding | meaning |").stream()
                .map(row -> row.get(0).replace("`", "")).toList())
                .isEqualTo(worst.keySet().stream().map(Object::toString).toList());

            relay.venue.restart();
            await("live again").atMost(Patience.LIMIT).until(() -> relay.list("findings").isEmpty());
        }
    }
}
