package penstock.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.wire.MessageBuffer;

/** What an entry of rows begins with. */
class RowTextTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 10, 99, 4_095, 99_999, 100_000, 1_234_567, Integer.MAX_VALUE})
    void shouldBeginAnEntryWithTheNumberOfItsTopic(final int topic) {
        final MessageBuffer out = new MessageBuffer(8);
        RowText.beginEntry(out, RowText.head(topic), 3, true, 42);
        assertThat(out).hasToString(",[" + topic + ",3,42,");
    }
}
