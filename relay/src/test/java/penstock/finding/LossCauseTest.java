package penstock.finding;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;
import penstock.upstream.LossReason;

class LossCauseTest {
    private static final List<String> REASONS = Arrays.stream(LossCause.values()).map(LossCause::reason).toList();

    @Test
    void shouldKnowTheReasonsOfThePage() {
        assertThat(REASONS).hasSameElementsAs(Pages.rows(
            Pages.text("relay/docs/how-to/why-is-it-stale.md").replaceAll("(?s)## Live feed, stale symbol.*", ""),
            "| reason | cause | what to do |").stream().map(row -> row.get(0).replace("`", "")).toList());
    }

    @Test
    void shouldKnowEveryReasonThatAFeedIsLostFor() {
        assertThat(REASONS).containsAll(Arrays.stream(LossReason.values())
            .filter(reason -> reason != LossReason.STOPPED).map(LossReason::word).toList());
    }
}
