package penstock.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrintableTextTest {
    @Test
    void shouldEscapeCharactersThatBreakALineOrTurnItsDirection() {
        assertThat(PrintableText.excerpt("a\nb\u001b[2J\u0085\u2028\u202e\u2066é€😀"))
            .isEqualTo("a\\u000ab\\u001b[2J\\u0085\\u2028\\u202e\\u2066é€😀");
    }

    @Test
    void shouldEscapeHalfSurrogatePairs() {
        assertThat(PrintableText.excerpt("\ud83dx\ude00")).isEqualTo("\\ud83dx\\ude00");
    }

    @Test
    void shouldCutLongText() {
        assertThat(PrintableText.escape("abcdef", 3)).isEqualTo("abc…");
        assertThat(PrintableText.escape("abc", 3)).isEqualTo("abc");
    }

    @Test
    void shouldCutALongPayloadOfAnyCharacters() {
        for (final String one : new String[] {"x", "é", "€", "😀"}) {
            final byte[] payload = one.repeat(1_000).getBytes(StandardCharsets.UTF_8);
            assertThat(PrintableText.excerpt(payload, 0, payload.length)).as(one)
                .startsWith(one).endsWith("…").hasSize(PrintableText.EXCERPT_CHARS + 1);
        }
        assertThat(PrintableText.excerpt("[\"é\"]".getBytes(StandardCharsets.UTF_8), 1, 4)).isEqualTo("\"é\"");
    }

    @Test
    void shouldFindTheFirstUnprintableCharacter() {
        assertThat(PrintableText.firstUnprintable("EUR/USD 😀")).isEqualTo(-1);
        assertThat(PrintableText.firstUnprintable("EUR\u007f")).isEqualTo(3);
        assertThat(PrintableText.firstUnprintable("a\u2029")).isEqualTo(1);
        assertThat(PrintableText.firstUnprintable("😀\ud83d")).isEqualTo(2);
        assertThat(PrintableText.firstUnprintable("\ude00")).isZero();
    }
}
