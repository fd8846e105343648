package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnmaskTest {
    private static final long SEED = 7L;

    @Test
    void shouldMatchByteByByteUnmasking() {
        final Random random = new Random(SEED);
        for (int round = 0; round < 20_000; round++) {
            final byte[] bytes = new byte[random.nextInt(70)];
            random.nextBytes(bytes);
            final int offset = random.nextInt(bytes.length + 1);
            final int length = random.nextInt(bytes.length - offset + 1);
            final int mask = random.nextInt();
            final int phase = random.nextInt(9);
            final byte[] expected = bytes.clone();
            for (int i = 0; i < length; i++) {
                expected[offset + i] ^= (byte) (mask >>> 24 - 8 * (phase + i & 3));
            }
            final byte[] put = new byte[length];
            final byte[] putExpected = bytes.clone();
            Unmask.apply(putExpected, offset, length, mask, 0);
            Unmask.put(ByteBuffer.wrap(put), bytes, offset, length, mask);
            Unmask.apply(bytes, offset, length, mask, phase);

            assertThat(bytes).as("seed %d, round %d", SEED, round).isEqualTo(expected);
            assertThat(put).as("seed %d, round %d", SEED, round)
                .isEqualTo(Arrays.copyOfRange(putExpected, offset, offset + length));
        }
    }
}
