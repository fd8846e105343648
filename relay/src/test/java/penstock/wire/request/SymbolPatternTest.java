package penstock.wire.request;

import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class SymbolPatternTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldMatchLikeARegularExpression() throws RequestException {
        final Random random = seeds.random();
        for (int i = 0; i < 20_000; i++) {
            final String glob = text(random, "ab*", 1 + random.nextInt(7));
            final String symbol = text(random, "ab", random.nextInt(9));
            final boolean expected = Pattern.matches(glob.replace("*", ".*"), symbol);
            assertThat(SymbolPattern.of(glob).matches(symbol)).as("%s on %s", glob, symbol)
                .isEqualTo(expected);
        }
    }

    @Test
    void shouldMatchEveryOtherCharacterLiterally() throws RequestException {
        assertThat(SymbolPattern.of("A?[b].c").isExact()).isTrue();
        assertThat(SymbolPattern.of("A?[b].c").matches("A?[b].c")).isTrue();
        assertThat(SymbolPattern.of("BTC.*").matches("BTCXUSD")).isFalse();
        assertThat(SymbolPattern.of("BTC-*-€").matches("BTC-27JUN-€")).isTrue();
    }

    @Test
    void shouldTakeAStarBehindABackslashLiterally() throws RequestException {
        final SymbolPattern symbol = SymbolPattern.of("A\\*B");
        assertThat(symbol.isExact()).isTrue();
        assertThat(symbol.symbol()).isEqualTo("A*B");
        assertThat(symbol.matches("A*B")).isTrue();
        assertThat(symbol.matches("AxB")).isFalse();
        assertThat(SymbolPattern.of("A\\**").matches("A*BC")).isTrue();
        assertThat(SymbolPattern.of("A\\**").matches("AB")).isFalse();
        assertThat(SymbolPattern.of("A\\B").matches("A\\B")).isTrue();
        assertThat(SymbolPattern.of(SymbolPattern.textOf("*".repeat(128))).symbol()).isEqualTo("*".repeat(128));
    }

    /** In front of a star, a backslash takes its meaning away, and only from that one. */
    @Test
    void shouldSplitAtTheStarsThatAreNotEscaped() throws RequestException {
        final Random random = seeds.random();
        for (int i = 0; i < 20_000; i++) {
            final String glob = text(random, "a\\*", 1 + random.nextInt(8));
            final String symbol = text(random, "a\\*", random.nextInt(8));
            final StringBuilder expected = new StringBuilder();
            for (final String piece : glob.split("(?<!\\\\)\\*+", -1)) {
                expected.append(expected.isEmpty() ? "^" : ".*").append(Pattern.quote(piece.replace("\\*", "*")));
            }
            assertThat(SymbolPattern.of(glob).matches(symbol)).as("%s on %s", glob, symbol)
                .isEqualTo(Pattern.matches(expected.toString(), symbol));
        }
    }

    @Test
    void shouldNotSlowDownOnManyStars() throws RequestException {
        final SymbolPattern pattern = SymbolPattern.of("a*".repeat(63) + "b");
        final String symbol = "a".repeat(100_000);
        assertThat(pattern.matches(symbol)).isFalse();
        assertThat(pattern.matches(symbol + "b")).isTrue();
    }

    @Test
    void shouldBeEqualWhenSpelledTheSame() throws RequestException {
        assertThat(SymbolPattern.of("EUR*")).isEqualTo(SymbolPattern.of("EUR*"))
            .hasSameHashCodeAs(SymbolPattern.of("EUR*"))
            .isNotEqualTo(SymbolPattern.of("EUR")).hasToString("EUR*");
    }

    @Test
    void shouldRejectTextThatNamesNoInstrument() {
        for (final String bad : new String[] {"", "x".repeat(129), "a\u0000", "a\nb", "\u2028", "\ud800", "\u0085"}) {
            final RequestException refusal = catchThrowableOfType(RequestException.class, () -> SymbolPattern.of(bad));
            assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_SYMBOL_PATTERN);
        }
    }

    private static String text(final Random random, final String alphabet, final int length) {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
