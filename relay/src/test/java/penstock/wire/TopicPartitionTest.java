package penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.wire.request.SymbolPattern;

class TopicPartitionTest {
    /** The published values of FNV-1a of 32 bits are those of whole texts: here a text with the byte 0 in it. */
    @Test
    void shouldHashAsOtherLanguagesDo() {
        // of "quote\0EURUSD", "book\0BTC/USDT" and "quote\0\u00fc", by another implementation
        assertThat(TopicPartition.of("quote", "EURUSD")).isEqualTo(1);
        assertThat(TopicPartition.of("book", "BTC/USDT")).isEqualTo(4);
        assertThat(TopicPartition.of("quote", "\u00fc")).isEqualTo(10);
    }

    @Test
    void shouldSpreadSymbols() {
        final int[] counts = new int[TopicPartition.COUNT];
        IntStream.range(0, 16_000).forEach(i -> counts[TopicPartition.of("quote", "S" + i)]++);

        assertThat(IntStream.of(counts)).allMatch(count -> count > 700 && count < 1_300);
    }

    @Test
    void shouldMatchEachSymbolByThePatternOfOnePartition() {
        final int partition = TopicPartition.of("quote", "EURUSD");

        assertThat(IntStream.range(0, TopicPartition.COUNT)
            .filter(i -> SymbolPattern.ofPartition("quote", i).matches("EURUSD"))).containsExactly(partition);
        assertThat(SymbolPattern.ofPartition("quote", 1)).isNotEqualTo(SymbolPattern.ofPartition("quote", 2))
            .isNotEqualTo(SymbolPattern.ofPartition("book", 1)).isNotEqualTo(SymbolPattern.ALL)
            .isEqualTo(SymbolPattern.ofPartition("quote", 1)).hasSameHashCodeAs(SymbolPattern.ofPartition("quote", 1));
    }
}
