package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;

/** The configurations of the pages can be used as they are. */
class ExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL);

    @Test
    void shouldLoadEveryConfigurationOfThePages() {
        final List<String> examples = new ArrayList<>();
        for (final String page : List.of("README.md", "relay/docs/tutorial.md",
                "relay/docs/how-to/connect-your-feed.md")) {
            final Matcher block = BLOCK.matcher(Pages.text(page));
            while (block.find()) {
                examples.add(block.group(1));
            }
        }
        assertThat(examples).hasSizeGreaterThan(4).allSatisfy(example -> {
            final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("page.conf", example, List.of());
            assertThat(config.isEdge() || !Venue.load(config.feed().identity().venue()).channels().isEmpty()).isTrue();
        });
    }
}
