package penstock.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

class DecimalTest {
    private static final int ROOM = 20;

    @RegisterExtension
    final Seeds seeds = new Seeds();

    private final byte[] target = new byte[1 + ROOM];

    @Test
    void shouldWriteEveryNumberOfUpToSixDigits() {
        for (long i = 0; i <= 1_000_000; i++) {
            check(i);
        }
    }

    @Test
    void shouldWriteNumbersAroundEachPowerOfTenWithEitherSign() {
        for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
            for (long i = -3; i <= 3; i++) {
                check(power + i);
                check(-power + i);
                check(9 * power + i);
            }
        }
        check(Long.MAX_VALUE);
        check(Long.MIN_VALUE);
        check(Long.MIN_VALUE + 1);
    }

    @Test
    void shouldWriteNumbersOfEveryLength() {
        for (final long seed : seeds.rounds(1)) {
            final Random random = Seeds.random(seed);
            for (int i = 0; i < 1_000_000; i++) {
                check(random.nextLong() >> random.nextInt(Long.SIZE));
            }
        }
    }

    private void check(final long value) {
        target[0] = 'x';
        final int end = Decimal.put(target, 1, value);
        if (end - 1 > ROOM || !Long.toString(value).equals(new String(target, 1, end - 1, StandardCharsets.US_ASCII))
            || target[0] != 'x') {
            assertThat(new String(target, 0, end, StandardCharsets.US_ASCII)).isEqualTo("x" + value);
        }
    }
}
