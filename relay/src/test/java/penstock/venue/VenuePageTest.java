package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.VenueFileScript;

/** The example of relay/docs/how-to/write-a-venue-file.md is a venue file that works. */
class VenuePageTest {
    private static final Pattern FILE = Pattern.compile("```hocon\n(name = acme.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void shouldLoadThePluginsOfThePage() throws IOException {
        final Path page = Files.isDirectory(Path.of("docs")) ? Path.of("docs/how-to/write-a-venue-file.md")
            : Path.of("relay/docs/how-to/write-a-venue-file.md");
        final Matcher file = Pattern.compile("```hocon\n(plugins = .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(page));
        assertThat(file.find()).isTrue();
        final Path path = Files.writeString(folder.resolve("signed.conf"), file.group(1) + """
            name = signed
            channels { quote { default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """);
        final Venue venue = Venue.load(path.toString(), name -> "k");
        assertThat(venue.login().isEmpty()).isFalse();
        assertThat(venue.missingVariables()).isEmpty();
    }

    @Test
    void shouldLoadTheExampleOfThePage() throws IOException {
        final Path page = Files.isDirectory(Path.of("docs")) ? Path.of("docs/how-to/write-a-venue-file.md")
            : Path.of("relay/docs/how-to/write-a-venue-file.md");
        final Matcher file = FILE.matcher(Files.readString(page));
        assertThat(file.find()).isTrue();
        final String path = Files.writeString(folder.resolve("acme.conf"), file.group(1)).toString();
        final Venue venue = Venue.load(path, name -> "k");
        assertThat(venue.name()).isEqualTo("acme");
        assertThat(venue.session()).hasSize(3);
        assertThat(venue.rules()).contains("quote", "beat");
        assertThat(VenueFileScript.load(path).onOpen()).containsExactly("{\"type\":\"welcome\"}");
    }
}
