package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

class UnmaskTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldMatchByteByByteUnmasking() {
        final Random random = seeds.random();
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

            assertThat(bytes).as("round %d", round).isEqualTo(expected);
            assertThat(put).as("round %d", round)
                .isEqualTo(Arrays.copyOfRange(putExpected, offset, offset + length));
        }
    }
}
