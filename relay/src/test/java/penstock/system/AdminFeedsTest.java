package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** What {@code /admin/v1/feeds} says of a feed while it is live and after its venue is gone; admin-api.md has it. */
class AdminFeedsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSayWhereEachConnectionIsAndHowItWasLost() throws Exception {
        try (AdminRelay relay = new AdminRelay(folder)) {
            await("live").atMost(Patience.LIMIT).until(() -> connection(feed(relay)).get("state").equals("live"));
            final Map<?, ?> live = connection(feed(relay));
            assertThat(live.get("url").toString()).startsWith("ws://");
            assertThat(live.get("items")).isEqualTo(2L);
            assertThat(live.get("requests")).isEqualTo(0L);
            assertThat(live.get("moving")).isEqualTo(false);
            assertThat(live.get("lastError")).isNull();
            assertThat(feed(relay).get("state")).isEqualTo("live");
            assertThat(feed(relay).get("wanted")).isEqualTo(2L);

            relay.venue.kill();
            await("lost").atMost(Patience.LIMIT).until(() -> connection(feed(relay)).get("lastError") != null);
            await("told").atMost(Patience.LIMIT).until(() -> feed(relay).get("state").equals("stale"));
            final Map<?, ?> lost = connection(feed(relay));
            assertThat((long) lost.get("lastErrorAgo")).isBetween(0L, 60_000L);
            final Map<?, ?> example = AdminRelay.example("feeds");
            assertThat(feed(relay).keySet()).isEqualTo(example.keySet());
            assertThat(lost.keySet()).isEqualTo(connection(example).keySet());
            assertThat(documented("| member of a feed | meaning |")).hasSameElementsAs(texts(example));
            assertThat(documented("| member of a connection | meaning |")).hasSameElementsAs(texts(lost));
        }
    }

    private static Map<?, ?> feed(final AdminRelay relay) throws IOException, InterruptedException {
        return ParsedJson.object(relay.list("feeds").get(0));
    }

    private static Map<?, ?> connection(final Map<?, ?> feed) {
        return ParsedJson.object(ParsedJson.list(feed.get("connections")).get(0));
    }

    private static List<String> documented(final String table) {
        return Pages.rows(AdminRelay.PAGE, table).stream()
            .flatMap(row -> List.of(row.get(0).replace("`", "").split(", ")).stream()).toList();
    }

    private static List<String> texts(final Map<?, ?> object) {
        return new LinkedHashMap<>(object).keySet().stream().map(Object::toString).toList();
    }
}
