package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.bench.release.run.ReleaseVersion;

class ReleaseVersionTest {
    @Test
    void shouldOrderVersionsAsSemverDoes() {
        final List<String> inOrder =
            List.of("0.9.0", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
            "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "2.0.0");
        assertThat(inOrder.stream().map(ReleaseVersion::new).sorted().map(ReleaseVersion::text))
            .containsExactlyElementsOf(inOrder);
    }

    @Test
    void shouldRejectWhatIsNoVersion() {
        for (final String text : List.of("1.0", "v1.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+build", "")) {
            assertThatThrownBy(() -> new ReleaseVersion(text)).hasMessageContaining("'" + text + "' is no version");
        }
    }

    @Test
    void shouldCompareWithTheHighestLowerVersionThatWasMeasuredInFull(@TempDir final Path results) throws Exception {
        for (final String name : List.of("0.2.0", "0.9.0", "0.10.0", "0.11.0", "0.12.0", "notes")) {
            Files.createDirectory(results.resolve(name));
        }
        Files.createFile(results.resolve("0.11.0").resolve(ReleaseResults.QUICK));
        assertThat(ReleaseResults.lastBefore(new ReleaseVersion("0.12.0"), results))
            .contains(results.resolve("0.10.0"));
        assertThat(ReleaseResults.lastBefore(new ReleaseVersion("0.2.0"), results)).isEmpty();
        assertThat(ReleaseResults.lastBefore(new ReleaseVersion("0.2.0"), results.resolve("none"))).isEmpty();
    }
}
