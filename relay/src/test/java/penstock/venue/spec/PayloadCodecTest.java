package penstock.venue.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import penstock.venue.Gzip;

/** Compressed payloads, whole, broken and far too large. */
class PayloadCodecTest {
    private static final byte[] PLAIN = "{\"ping\":1618678073643}".repeat(2_000).getBytes(StandardCharsets.UTF_8);
    private static final int LIMIT = 1 << 20;

    @Test
    void shouldInflateEveryFormatRepeatedly() {
        for (final PayloadCodec.Kind kind : new PayloadCodec.Kind[] {
            PayloadCodec.Kind.GZIP, PayloadCodec.Kind.ZLIB, PayloadCodec.Kind.DEFLATE_RAW}) {
            final PayloadCodec codec = new PayloadCodec(kind, LIMIT);
            for (int i = 0; i < 3; i++) {
                final byte[] frame = compressed(kind, PLAIN);
                final byte[] inside = new byte[frame.length + 7];
                System.arraycopy(frame, 0, inside, 5, frame.length);
                assertThat(codec.decode(inside, 5, frame.length)).as(kind.name()).isNull();
                assertThat(Arrays.copyOf(codec.buffer(), codec.length())).isEqualTo(PLAIN);
            }
        }
    }

    @Test
    void shouldReportBadPayloadsAndContinue() {
        final PayloadCodec codec = new PayloadCodec(PayloadCodec.Kind.GZIP, LIMIT);
        final byte[] good = Gzip.of(PLAIN);
        assertThat(codec.decode(new byte[0], 0, 0)).isEqualTo("no gzip header");
        assertThat(codec.decode(PLAIN, 0, PLAIN.length)).isEqualTo("no gzip header");
        for (int length = 0; length < good.length; length++) {
            assertThat(codec.decode(Arrays.copyOf(good, length), 0, length)).as("cut at " + length).isNotNull();
        }
        for (int i = 0; i < good.length; i++) {
            final byte[] bad = good.clone();
            bad[i] ^= 1;
            // no damage leads to an exception
            codec.decode(bad, 0, bad.length);
        }
        final byte[] wrongSum = good.clone();
        wrongSum[good.length - 6] ^= 1;
        assertThat(codec.decode(wrongSum, 0, wrongSum.length)).isEqualTo("gzip checksum is wrong");
        assertThat(codec.decode(Arrays.copyOf(good, good.length + 3), 0, good.length + 3))
            .contains("extra bytes after it");
        assertThat(codec.decode(good, 0, good.length)).isNull();
        assertThat(new PayloadCodec(PayloadCodec.Kind.ZLIB, LIMIT).decode(good, 0, good.length))
            .startsWith("not compressed as");
    }

    @Test
    void shouldStopADecompressionBombAtTheLimit() {
        final byte[] bomb = Gzip.of(new byte[64 << 20]);
        final PayloadCodec codec = new PayloadCodec(PayloadCodec.Kind.GZIP, LIMIT);
        assertThat(codec.decode(bomb, 0, bomb.length))
            .isEqualTo("inflates to more than connection.max-inflated = 1048576 bytes");
        assertThat(codec.buffer().length).isEqualTo(LIMIT);
        assertThat(codec.decode(Gzip.of(PLAIN), 0, Gzip.of(PLAIN).length)).isNull();
        final byte[] largest = Gzip.of(new byte[LIMIT]);
        assertThat(codec.decode(largest, 0, largest.length)).isNull();
        assertThat(codec.length()).isEqualTo(LIMIT);
    }

    private static byte[] compressed(final PayloadCodec.Kind kind, final byte[] plain) {
        if (kind == PayloadCodec.Kind.GZIP) {
            return Gzip.of(plain);
        }
        final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, kind == PayloadCodec.Kind.DEFLATE_RAW);
        deflater.setInput(plain);
        deflater.finish();
        final byte[] out = new byte[plain.length];
        final int length = deflater.deflate(out);
        deflater.end();
        return Arrays.copyOf(out, length);
    }
}
