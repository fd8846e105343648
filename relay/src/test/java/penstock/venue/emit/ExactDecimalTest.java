package penstock.venue.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/** The middle and the spread of two prices are those of BigDecimal. */
class ExactDecimalTest {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final ExactDecimal decimal = new ExactDecimal();

    @Test
    void shouldComputeWhatBigDecimalComputes() {
        for (final long seed : seeds.rounds(20_000)) {
            final Random random = Seeds.random(seed);
            final String bid = number(random);
            final String ask = random.nextInt(10) == 0 ? bid : number(random);
            final BigDecimal a = new BigDecimal(bid);
            final BigDecimal b = new BigDecimal(ask);

            assertThat(new BigDecimal(compute(true, bid, ask))).as("mid of %s and %s", bid, ask)
                .isEqualByComparingTo(a.add(b).divide(TWO));
            assertThat(new BigDecimal(compute(false, bid, ask))).as("spread of %s and %s", bid, ask)
                .isEqualByComparingTo(b.subtract(a));
        }
    }

    @Test
    void shouldKeepTheDecimalPlacesOfThePrices() {
        assertThat(compute(true, "1.10", "1.20")).isEqualTo("1.15");
        assertThat(compute(true, "1.10", "1.30")).isEqualTo("1.20");
        assertThat(compute(true, "1.10", "1.21")).isEqualTo("1.155");
        assertThat(compute(false, "1.10", "1.2")).isEqualTo("0.10");
        assertThat(compute(false, "1.10", "1.10")).isEqualTo("0.00");
        assertThat(compute(true, "-1", "1")).isEqualTo("0");
        assertThat(compute(false, "3", "1")).isEqualTo("-2");
        assertThat(compute(true, "1e3", "2e3")).isEqualTo("1500");
    }

    @Test
    void shouldRefuseWhatIsNoNumberOrHasTooManyDigits() {
        for (final String wrong : new String[] {"", "x", "\"1\"", "01", "1.", ".5", "+1", "1e", "true"}) {
            assertThat(compute(true, wrong, "1")).as(wrong).isNull();
            assertThat(compute(true, "1", wrong)).as(wrong).isNull();
        }
        assertThat(compute(true, "1e300", "1e-300")).isNull();
        assertThat(compute(true, "1e99999999999", "1")).isNull();
        assertThat(compute(true, "1", "1e-99999999999")).isNull();
        assertThat(compute(true, "1".repeat(401), "1")).isNull();
        assertThat(compute(false, "0", "9".repeat(400))).isEqualTo("9".repeat(400));
    }

    /** As a JSON number. */
    private static String number(final Random random) {
        final StringBuilder text = new StringBuilder(random.nextInt(6) == 0 ? "-" : "");
        final int whole = random.nextInt(random.nextInt(20) == 0 ? 60 : 8);
        text.append(whole == 0 ? "0" : (char) ('1' + random.nextInt(9)) + digits(random, whole - 1));
        if (random.nextInt(4) > 0) {
            text.append('.').append(digits(random, 1 + random.nextInt(random.nextInt(20) == 0 ? 60 : 9)));
        }
        if (random.nextInt(5) == 0) {
            text.append(random.nextBoolean() ? 'e' : 'E').append(new String[] {"", "+", "-"}[random.nextInt(3)])
                .append(random.nextInt(40));
        }
        return text.toString();
    }

    private static String digits(final Random random, final int count) {
        final StringBuilder text = new StringBuilder();
        final boolean isRound = random.nextInt(4) == 0;
        for (int i = 0; i < count; i++) {
            text.append((char) (isRound ? random.nextBoolean() ? '0' : '9' : '0' + random.nextInt(10)));
        }
        return text.toString();
    }

    /** Null if it is refused. */
    private String compute(final boolean isMiddle, final String bid, final String ask) {
        final byte[] bytes = ("x" + bid + "," + ask + "y").getBytes(StandardCharsets.US_ASCII);
        if (!decimal.compute(isMiddle, bytes, 1, bid.length(), bid.length() + 2, ask.length())) {
            return null;
        }
        final EmitBuffer out = new EmitBuffer();
        decimal.appendTo(out);
        return new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII);
    }
}
