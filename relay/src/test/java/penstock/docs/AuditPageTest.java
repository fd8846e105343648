package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;

/** The page of the audit log has every termination code, in the order of the code. */
class AuditPageTest {
    private final String page = Pages.text("relay/docs/reference/audit-log.md");

    @Test
    void shouldHaveEveryTerminationCode() {
        assertThat(first("| code | how it ended | the client sees |"))
            .isEqualTo(Stream.of(Termination.values()).map(Termination::code).toList());
    }

    @Test
    void shouldExplainEveryLetter() {
        final List<String> who = first("| first letter | ended by |");
        final List<String> phases = first("| second letter | phase |");
        assertThat(Termination.values()).filteredOn(end -> end != Termination.FINISHED).allSatisfy(end -> {
            assertThat(who).contains(end.code().substring(0, 1));
            assertThat(phases).contains(end.code().substring(1));
        });
    }

    private List<String> first(final String header) {
        return Pages.rows(page, header).stream().map(row -> Pages.plain(row.get(0))).toList();
    }
}
