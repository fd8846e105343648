package penstock.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.xnio.conduits.StreamSourceConduit;
import penstock.testkit.Seeds;

/** Bytes come in pieces of any size, and are read into buffers of any size. */
class LongTokensTest {
    private static final String BEGIN = "GET / HTTP/1.1\r\nHost: a\r\n";

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private Random random;

    @BeforeEach
    void draw() {
        random = Seeds.random(seeds.fresh());
    }

    @Test
    void shouldCutTheValuesOfTwoHeadersOnly() throws IOException {
        final String value = "v".repeat(LongTokens.MAX_BYTES - "authorization:".length());
        assertThat(read(BEGIN + "authORIZation:" + value + "x".repeat(100_000) + "\r\nA: b\r\n\r\n"))
            .isEqualTo(BEGIN + "authORIZation:" + value + "\r\nA: b\r\n\r\n");
        assertThat(read(BEGIN + "Sec-WebSocket-Protocol: " + "p".repeat(20_000) + "\n\n")).hasSize(
            BEGIN.length() + LongTokens.MAX_BYTES + 2).endsWith("p\n\n");
        for (final String other : new String[] {"X-Authorization: ", "Authorizatio: ", "Authorization2: ", "Cookie: ",
            " Authorization: "}) {
            final String text = BEGIN + other + "x".repeat(20_000) + "\r\n\r\n";
            assertThat(read(text)).as(other).isEqualTo(text);
        }
    }

    @Test
    void shouldLeaveShortOnesAndEverythingBehindTheFirstHeadAsTheyAre() throws IOException {
        final String shortOne = BEGIN + "Authorization: Bearer abc\r\n\r\n";
        final String behind = "authorization:" + "x".repeat(20_000) + "\r\n\r\n" + shortOne;
        assertThat(read(shortOne + behind)).isEqualTo(shortOne + behind);
    }

    @Test
    void shouldGiveUpAfterAMegabyte() throws IOException {
        assertThat(read(BEGIN + "Authorization:" + "x".repeat(1_500_000))).hasSizeGreaterThan(400_000)
            .hasSizeLessThan(500_000);
    }

    private String read(final String text) throws IOException {
        final ByteBuffer sent = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        final StreamSourceConduit socket = (StreamSourceConduit) Proxy.newProxyInstance(
            StreamSourceConduit.class.getClassLoader(), new Class<?>[] {StreamSourceConduit.class},
            (proxy, method, arguments) -> receive(sent, (ByteBuffer) arguments[0]));
        final LongTokens tokens = new LongTokens(socket);
        final StringBuilder read = new StringBuilder();
        while (true) {
            final ByteBuffer buffer = ByteBuffer.allocate(3 + 1 + random.nextInt(5_000)).position(3);
            final int count = tokens.read(buffer);
            assertThat(buffer.position()).isEqualTo(3 + Math.max(0, count));
            if (count < 0) {
                return read.toString();
            }
            read.append(new String(buffer.array(), 3, count, StandardCharsets.ISO_8859_1));
        }
    }

    private int receive(final ByteBuffer sent, final ByteBuffer buffer) {
        if (!sent.hasRemaining()) {
            return -1;
        }
        final int count = Math.min(Math.min(buffer.remaining(), sent.remaining()), 1 + random.nextInt(3_000));
        buffer.put(sent.slice().limit(count));
        sent.position(sent.position() + count);
        return count;
    }
}
