package penstock.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;

class PriceTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Price price = new Price();

    @ParameterizedTest
    @CsvSource({"1.0,1.00", "1,10e-1", "-0.0,0", "0,0e99", "100,1E+2", "0.001,1e-3", "\"1.5\",1.50", "00012.30,12.3",
        "1234567890123456789012345678,1234567890123456789012345678.000", "-5,-5.0",
            "0.0000000000000000000000000001,1e-28"})
    void shouldCompareEqualNumbersInAnyNotationAsEqual(final String one, final String other) {
        assertThat(compare(one, other)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.1,0.2", "9.99,10", "-1,0", "0,1e-30", "-2,-1", "-1e5,-1", "1e-400,1e-399", "1e399,1e400",
        "1234567890123456789012345678,1234567890123456789012345679", "0.30000000000000000001,0.30000000000000000002",
        "-1234567890123456789012345679,-1234567890123456789012345678", "123456789012345678,123456789012345678.1"})
    void shouldOrderNumbersThatAreEqualAsDoubles(final String smaller, final String greater) {
        assertThat(compare(smaller, greater)).isNegative();
        assertThat(compare(greater, smaller)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "abc", "1a", "1e", "1e+", "\"\"", "1.2.3", "null", "--1", "1 "})
    void shouldRejectTextThatIsNotANumber(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(price.parse(bytes, 0, bytes.length)).isFalse();
    }

    @Test
    void shouldOrderLikeBigDecimal() {
        final Random random = seeds.random();
        for (int i = 0; i < 200_000; i++) {
            final String a = number(random);
            final String b = random.nextInt(4) == 0 ? a + (a.contains(".") && !a.contains("e") ? "0" : "")
                : number(random);
            assertThat(compare(a, b)).as(a + " and " + b).isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
        }
    }

    private static String number(final Random random) {
        final StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
        digits(text, random);
        if (random.nextBoolean()) {
            digits(text.append('.'), random);
        }
        if (random.nextInt(4) == 0) {
            text.append('e').append(random.nextInt(9) - 4);
        }
        return text.toString();
    }

    private static void digits(final StringBuilder text, final Random random) {
        final int range = 1 + random.nextInt(2) * 9;
        for (int i = random.nextInt(random.nextInt(8) == 0 ? 24 : 3); i >= 0; i--) {
            text.append(random.nextInt(range));
        }
    }

    /** Compares like a side of asks: the smaller first. */
    private static int compare(final String one, final String other) {
        final BookSide side = new BookSide(penstock.ring.LevelBuffer.ASK, true);
        final byte[] both = (one + other + "11").getBytes(StandardCharsets.US_ASCII);
        final int end = one.length() + other.length();
        side.set(both, 0, one.length(), end, 1, 1, 1);
        side.set(both, one.length(), other.length(), end, 2, 2, 1);
        return side.count() == 1 ? 0 : side.sizeLength(side.slot(0)) == 1 ? -1 : 1;
    }

    @Test
    void shouldTellNumbersFromOtherTextsAndZeroFromTheRest() {
        final Random random = seeds.random();
        final String alphabet = "00123456789.+-eE\"aN ";
        final Price price = new Price();
        for (int i = 0; i < 50_000; i++) {
            final StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(random.nextInt(4) == 0 ? 30 : 9); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(random.nextInt(4) > 0 ? random.nextInt(4) == 0 ? 2 : 12
                    : alphabet.length())));
            }
            final String quoted = random.nextBoolean() ? "\"" + text + "\"" : text.toString();
            final String before = "7".repeat(random.nextInt(3));
            // at the end of its array, or followed by what does not belong to it
            final byte[] bytes = (before + quoted + "9.a".repeat(random.nextInt(5))).getBytes(StandardCharsets.UTF_8);

            final int quotes = quoted.length() >= 2 && quoted.charAt(0) == '"' ? 1 : 0;
            final Price.Kind expected = !new Price().parse(bytes, before.length(), quoted.length())
                ? Price.Kind.NO_NUMBER
                : Price.isZero(bytes, before.length() + quotes, quoted.length() - 2 * quotes) ? Price.Kind.ZERO
                : Price.Kind.NONZERO;
            assertThat(price.kind(bytes, before.length(), quoted.length())).as(quoted)
                .isEqualTo(expected);
        }
    }
}
