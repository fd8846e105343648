package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
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
    private static final String PAGE = "relay/docs/reference/admin-api.md";
    private static final String HEAD = "| keys | what a change counts for |";
    private static final String END = "<!-- end of live parts -->";

    @Test
    void shouldHaveEveryPartThatFollowsAReload() throws IOException {
        final String written = Pages.text(PAGE);
        final List<String> lines = new ArrayList<>();
        boolean isInTable = false;
        for (final String line : written.lines().toList()) {
            isInTable &= !line.equals(END);
            if (!isInTable) {
                lines.add(line);
            }
            if (line.equals(HEAD)) {
                isInTable = true;
                lines.add("|---|---|");
                for (final LivePart part : LivePart.values()) {
                    lines.add("| " + part.keys().stream().map(key -> '`' + key + '`').collect(Collectors.joining(", "))
                        + " | " + part.since() + " |");
                }
            }
        }
        final String generated = String.join("\n", lines) + "\n";
        if (Boolean.getBoolean("penstock.pages.write")) {
            Files.writeString(Pages.path(PAGE), generated);
        } else {
            assertThat(written).as("the table of " + PAGE + " is not what LivePart says; write it again: mvn -q -B "
                + "-pl relay test -Dtest=ReloadPageTest -Dpenstock.pages.write=true").isEqualTo(generated);
        }
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
