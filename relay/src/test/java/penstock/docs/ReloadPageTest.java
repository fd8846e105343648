package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import penstock.reload.LivePart;

/**
 * The page of the admin API has what a reload puts into force. With {@code -Dpenstock.pages.write=true} the test writes
 * it.
 */
class ReloadPageTest {
    private static final String HEAD = "| keys | what a change counts for |";

    @Test
    void shouldHaveEveryPartThatFollowsAReload() {
        final List<String> rows = new ArrayList<>(List.of("|---|---|"));
        for (final LivePart part : LivePart.values()) {
            rows.add("| " + part.keys().stream().map(key -> '`' + key + '`').collect(Collectors.joining(", "))
                + " | " + part.since() + " |");
        }
        new GeneratedPage("relay/docs/reference/admin-api.md", "<!-- end of live parts -->")
            .check("ReloadPageTest", line -> line.equals(HEAD) ? rows : null);
    }

    @Test
    void shouldNameKeysThatExist() {
        final Config defaults = ConfigFactory.parseFile(Pages.path("config/relay.conf").toFile());
        for (final LivePart part : LivePart.values()) {
            assertThat(part.keys()).allSatisfy(key ->
                assertThat(defaults.hasPathOrNull(key.replaceFirst("^feeds\\.\\*", "feed"))).as(key).isTrue());
        }
    }
}
