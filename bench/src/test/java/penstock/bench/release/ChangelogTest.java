package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import penstock.bench.release.run.ReleaseVersion;

class ChangelogTest {
    private static final ReleaseVersion VERSION = new ReleaseVersion("1.1.0");
    private static final String RELEASED = """
        # Changes

        ## Unreleased

        ## 1.1.0 (2027-01-02)

        * **[feed]** More.

        Measured: 1.01 × floor

        ## 1.0.0 (2026-01-01)

        * First.
        """;

    @Test
    void shouldMoveUnreleasedChangesToTheVersion() {
        final String page = "# Changes\n\n## Unreleased\n\n* **[feed]** More.\n\n## 1.0.0 (2026-01-01)\n\n* First.\n";
        assertThat(Changelog.released(page, VERSION, "2027-01-02", "1.01 × floor")).isEqualTo(RELEASED);
    }

    @Test
    void shouldDateAVersionThatIsAlreadyNamed() {
        final String page = "# Changes\n\n## 1.1.0\n\n* **[feed]** More.\n\n## 1.0.0 (2026-01-01)\n\n* First.\n";
        assertThat(Changelog.released(page, VERSION, "2027-01-02", "1.01 × floor")).isEqualTo(RELEASED);
    }

    @Test
    void shouldReplaceDateAndFiguresWhenItIsDoneAgain() {
        final String before = Changelog.released(RELEASED, VERSION, "2027-01-01", "1.20 × floor");
        assertThat(before).contains("## 1.1.0 (2027-01-01)").contains("Measured: 1.20 × floor").doesNotContain("1.01");
        assertThat(Changelog.released(before, VERSION, "2027-01-02", "1.01 × floor")).isEqualTo(RELEASED);
    }

    @Test
    void shouldEndWithTheFiguresOfTheOnlyVersion() {
        assertThat(Changelog.released("# Changes\n\n## Unreleased\n\n* A.\n", VERSION, "2027-01-02", "x"))
            .isEqualTo("# Changes\n\n## Unreleased\n\n## 1.1.0 (2027-01-02)\n\n* A.\n\nMeasured: x\n");
    }

    @Test
    void shouldRejectAChangelogWithoutChangesOfTheVersion() {
        assertThatThrownBy(() ->
            Changelog.released("# Changes\n\n## Unreleased\n\n## 1.0.0\n\n* A.\n", VERSION, "d", "x"))
            .hasMessageContaining("nothing under '## Unreleased'");
        assertThatThrownBy(() -> Changelog.released("# Changes\n\n## 1.0.0\n\n* A.\n", VERSION, "d", "x"))
            .hasMessageContaining("neither '## Unreleased' nor '## 1.1.0'");
    }
}
