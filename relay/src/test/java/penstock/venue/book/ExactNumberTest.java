package penstock.venue.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;
import penstock.venue.rule.ByteSlice;

/** Sums of decimal numbers are those of {@link BigDecimal}, digit for digit. */
class ExactNumberTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final byte[] text = new byte[255];

    @Test
    void shouldAddAndSubtractLikeBigDecimal() {
        final SplittableRandom random = new SplittableRandom(seeds.fresh());
        for (int round = 0; round < 2_000; round++) {
            final ExactNumber sum = new ExactNumber();
            BigDecimal expected = BigDecimal.ZERO;
            for (int i = 0; i < 20; i++) {
                final String part = number(random);
                final BigDecimal decimal = new BigDecimal(part);
                final ExactNumber exact = read(part);
                if (random.nextBoolean()) {
                    sum.add(exact);
                    expected = expected.add(decimal);
                } else {
                    sum.subtract(exact);
                    expected = expected.subtract(decimal);
                }
                assertThat(written(sum)).as("%s, by %s", expected, part).isEqualTo(expected.toPlainString());
                assertThat(sum.signum()).isEqualTo(expected.signum());
            }
        }
    }

    @Test
    void shouldKnowEqualNumbersInAnyNotation() {
        for (final List<String> same : List.of(List.of("1", "1.0", "1.000", "10e-1", "\"1.00\"", "0.1e1", "+1"),
                List.of("0", "0.00", "-0", "0e5"), List.of("1000", "1e3", "1000.0"),
                List.of("-0.05", "-5e-2", "-0.0500"),
                List.of("1234567890123456789012345.5", "1234567890123456789012345.50"),
                List.of("1.0000000000000000000000000", "1"))) {
            final ExactNumber first = stripped(same.get(0));
            same.forEach(other -> assertThat(stripped(other)).as(other).isEqualTo(first).hasSameHashCodeAs(first));
        }
        assertThat(stripped("1.01")).isNotEqualTo(stripped("1.1")).isNotEqualTo(stripped("-1.01"));
        assertThat(stripped("1234567890123456789012345.5")).isNotEqualTo(stripped("1234567890123456789012345.6"));
    }

    @Test
    void shouldRefuseNumbersWithTooManyPlaces() {
        for (final String bad : List.of("1e300000000", "1e-300000000", "1e-101", "1e101", "0." + "0".repeat(101) + "1",
                "1" + "0".repeat(101))) {
            assertThat(new ExactNumber().read(slice(bad))).as(bad).isFalse();
        }
        for (final String good : List.of("1e99", "1e-100", "0." + "0".repeat(99) + "1", "1" + "0".repeat(99))) {
            assertThat(written(read(good))).as(good).isEqualTo(new BigDecimal(good).toPlainString());
        }
    }

    /** Mostly like prices and sizes; some at the limits of 64 bits, some with exponents. */
    private static String number(final SplittableRandom random) {
        final String sign = random.nextInt(4) == 0 ? "-" : "";
        final long digits = switch (random.nextInt(4)) {
            case 0 -> random.nextLong(0, Long.MAX_VALUE);
            case 1 -> random.nextLong(999_999_999_999_999_990L, 1_000_000_000_000_000_009L);
            default -> random.nextLong(1_000_000);
        };
        final int places = random.nextInt(random.nextInt(5) == 0 ? 30 : 9);
        return random.nextInt(6) == 0 ? sign + digits + "e" + random.nextInt(-20, 20)
            : sign + BigDecimal.valueOf(digits, places).toPlainString();
    }

    private static ExactNumber read(final String number) {
        final ExactNumber exact = new ExactNumber();
        assertThat(exact.read(slice(number))).as(number).isTrue();
        return exact;
    }

    private static ExactNumber stripped(final String number) {
        final ExactNumber exact = read(number);
        exact.strip();
        return exact;
    }

    private static ByteSlice slice(final String number) {
        final ByteSlice slice = new ByteSlice();
        final byte[] bytes = ("<" + number + ">").getBytes(StandardCharsets.US_ASCII);
        slice.take(bytes, 1, number.length());
        return slice;
    }

    private String written(final ExactNumber number) {
        return new String(text, 0, number.write(text), StandardCharsets.US_ASCII);
    }
}
