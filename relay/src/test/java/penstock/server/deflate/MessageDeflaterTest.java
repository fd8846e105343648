package penstock.server.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Inflated;
import penstock.testkit.Seeds;

class MessageDeflaterTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void shouldNotReferBeyondTheWindow(final int windowBits) {
        // repeats only at distances beyond the next smaller window, and at short ones
        final byte[] plain = repeating((1 << windowBits) - 40, 3 << windowBits);
        try (MessageDeflater deflater = new MessageDeflater(6)) {
            for (int round = 0; round < 3; round++) {
                final byte[] message = deflated(deflater, plain, windowBits);
                final InflatedDistances read = InflatedDistances.of(message);
                assertThat(read.bytes()).isEqualTo(plain);
                assertThat(read.longest()).isPositive().isLessThan(1 << windowBits);
                assertThat(Inflated.bytes(message, plain.length)).isEqualTo(plain);
            }
        }
    }

    @Test
    void shouldDetectLongDistancesInTheTestItself() {
        final byte[] plain = repeating(1000, 4000);
        try (MessageDeflater deflater = new MessageDeflater(6)) {
            assertThat(InflatedDistances.of(deflated(deflater, plain, 15)).longest()).isGreaterThanOrEqualTo(1000);
        }
    }

    @Test
    void shouldCompressIndependentlyOfEarlierMessages() {
        final Random random = seeds.random();
        try (MessageDeflater deflater = new MessageDeflater(1)) {
            final byte[] first = deflated(deflater, repeating(300, 2000), 15);
            for (int i = 0; i < 100; i++) {
                final byte[] noise = new byte[random.nextInt(5000)];
                random.nextBytes(noise);
                final byte[] text = repeating(1 + random.nextInt(500), 1 + random.nextInt(80_000));
                deflated(deflater, i % 2 == 0 ? noise : text, 8 + random.nextInt(8));
                assertThat(deflated(deflater, repeating(300, 2000), 15)).isEqualTo(first);
            }
        }
    }

    @Test
    void shouldReportAMessageThatDoesNotShrink() {
        final byte[] noise = new byte[3000];
        seeds.random().nextBytes(noise);
        try (MessageDeflater deflater = new MessageDeflater(1)) {
            for (int bits = 8; bits <= 15; bits++) {
                assertThat(deflated(deflater, noise, bits)).isNull();
                assertThat(deflated(deflater, new byte[] {1}, bits)).isNull();
                assertThat(deflated(deflater, new byte[0], bits)).isNull();
            }
        }
    }

    private static byte[] repeating(final int period, final int length) {
        final byte[] plain = new byte[length];
        final byte[] unit = new byte[period];
        final Random random = new Random(period);
        for (int i = 0; i < period; i++) {
            unit[i] = (byte) "0123456789abcdef".charAt(random.nextInt(16));
        }
        final byte[] often = "\"symbol\":".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i + often.length < period; i += 50) {
            System.arraycopy(often, 0, unit, i, often.length);
        }
        for (int i = 0; i < length; i++) {
            plain[i] = unit[i % period];
        }
        return plain;
    }

    private static byte[] deflated(final MessageDeflater deflater, final byte[] plain, final int windowBits) {
        final byte[] target = new byte[plain.length + 2 * MessageDeflater.TAIL_BYTES];
        final int count = deflater.deflate(plain, 0, plain.length, windowBits, target, MessageDeflater.TAIL_BYTES);
        return count == 0 ? null
            : Arrays.copyOfRange(target, MessageDeflater.TAIL_BYTES, MessageDeflater.TAIL_BYTES + count);
    }
}
