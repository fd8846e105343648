package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;

class MessageCutterTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldCutBetweenMessagesAndOnlyLongOnesWithin() {
        for (final long seed : seeds.rounds(300)) {
            final Random random = Seeds.random(seed);
            final int max = 20 + random.nextInt(100);
            final BusFormat format = new BusFormat();
            final ByteBuffer write = ByteBuffer.allocate(1 << 16);
            final List<Integer> ends = new ArrayList<>();
            for (int i = random.nextInt(30); i >= 0; i--) {
                final byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 1_000 : 40)];
                random.nextBytes(body);
                format.putData(write, Opcode.BINARY, new MessageBuffer(0), body, body.length);
                ends.add(write.position());
            }
            final byte[] whole = Arrays.copyOf(write.array(), write.position());
            final ByteArrayOutputStream joined = new ByteArrayOutputStream();

            MessageCutter.cut(write.flip(), max, (payload, isUnfinished) -> {
                joined.writeBytes(payload);
                assertThat(payload).hasSizeBetween(1, max);
                assertThat(ends.contains(joined.size())).isEqualTo(!isUnfinished);
            });

            assertThat(joined.toByteArray()).isEqualTo(whole);
        }
    }

    @Test
    void shouldSendNoPingsAndNoCloseFrames() {
        final MessageBuffer out = new MessageBuffer(16);
        final BusFormat format = new BusFormat();
        format.putControl(out, Opcode.PING, new byte[4], 0, 4);
        format.putControl(out, Opcode.CLOSE, new byte[4], 0, 4);
        assertThat(out.length()).isZero();

        format.putControl(out, Opcode.TEXT, new byte[] {'h', 'i'}, 0, 2);
        assertThat(out.toBytes()).containsExactly(1, 2, 0, 0, 0, 'h', 'i');
    }
}
