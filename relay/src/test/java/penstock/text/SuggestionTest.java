package penstock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("port", "io-threads", "send-buffer");

    @Test
    void shouldSuggestTheNearestName() {
        assertThat(Suggestion.remedy("prot", KNOWN)).isEqualTo("did you mean port?");
        assertThat(Suggestion.remedy("ioThreads", KNOWN)).isEqualTo("did you mean io-threads?");
        assertThat(Suggestion.remedy("SEND_BUFER", KNOWN)).isEqualTo("did you mean send-buffer?");
    }

    @Test
    void shouldListEveryNameIfNoneIsNear() {
        assertThat(Suggestion.remedy("colour", KNOWN)).isEqualTo("known here: port, io-threads, send-buffer");
        assertThat(Suggestion.remedy("x", List.of())).isEqualTo("nothing may be written here");
    }

    @Test
    void shouldNotCompareANameThatIsTooLongToBeAMistake() {
        assertThat(Suggestion.remedy("port".repeat(20_000), KNOWN)).startsWith("known here: ");
    }
}
