package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;

class Utf8ValidatorTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final CharsetDecoder oracle = StandardCharsets.UTF_8.newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT);

    @ParameterizedTest
    @ValueSource(strings = {
        "80", "bf", "c0", "c1", "f5", "f8", "fc", "fe", "ff",                         // never start a character
        "c080", "c1bf", "c0af", "e08080", "e080af", "e09fbf", "f0808080", "f08080af", "f08fbfbf",   // overlong
        "f8888080 80", "fc8480808080",                                                // five and six bytes
        // surrogates, alone and in pairs
        "eda080", "edadbf", "edae80", "edbfbf", "eda080edb080", "edafbfedbfbf",
        "f4908080", "f490bfbf", "f5808080", "f7bfbfbf",                                // above U+10FFFF
        // cut by the next character
        "c241", "e28241", "e241ac", "f09f9841", "f09f4180", "f0419880", "c2c2a9", "e282e282ac",
        "6162ff", "cebae1bdb9cf83cebcceb5eda080656469746564", "c2a980", "e282ac80", "f09f988080"})
    void shouldRejectInvalidText(final String hex) {
        final byte[] bytes = bytes(hex);
        for (int padding = 0; padding < 20; padding++) {
            final byte[] padded = padded(bytes, padding, padding);
            assertThat(Utf8Validator.advance(0, padded, 0, padded.length)).isEqualTo(Utf8Validator.BAD);
            assertThat(split(padded)).isEqualTo(Utf8Validator.BAD);
        }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbd", "efbfbf", "f0908080",
        "f48fbfbf",
        "f3bfbfbf", "efbbbf41", "cebae1bdb9cf83cebcceb5", "f09f9880e282ac41c2a9"})
    void shouldAcceptValidText(final String hex) {
        final byte[] bytes = bytes(hex);
        for (int padding = 0; padding < 20; padding++) {
            final byte[] padded = padded(bytes, padding, 20 - padding);
            assertThat(Utf8Validator.advance(0, padded, 0, padded.length)).isEqualTo(Utf8Validator.BETWEEN);
            assertThat(split(padded)).isEqualTo(Utf8Validator.BETWEEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"c2", "df", "e0", "e0a0", "e282", "ed", "ed9f", "f0", "f090", "f09080", "f4", "f48f", "f48fbf",
        "f1", "f1bf"})
    void shouldWaitForTheRestOfACharacter(final String hex) {
        final byte[] padded = padded(bytes(hex), 11, 0);
        assertThat(Utf8Validator.advance(0, padded, 0, padded.length)).isPositive();
        assertThat(split(padded)).isPositive();
    }

    @Test
    void shouldAgreeWithTheJdkOnAllPairsAndTriplesOfBytes() {
        final byte[] bytes = new byte[4];
        for (int i = 0; i < 1 << 16; i++) {
            bytes[0] = (byte) (i >>> 8);
            bytes[1] = (byte) i;
            check(bytes, 2);
        }
        // for a third and a fourth byte, the borders of the ranges are enough
        for (final int lead : new int[]{0xc2, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4}) {
            for (int second = 0x70; second < 0xd0; second++) {
                for (final int third
                        : new int[]{0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xff}) {
                    for (final int fourth : new int[]{0x41, 0x7f, 0x80, 0xbf, 0xc0}) {
                        bytes[0] = (byte) lead;
                        bytes[1] = (byte) second;
                        bytes[2] = (byte) third;
                        bytes[3] = (byte) fourth;
                        check(bytes, 3);
                        check(bytes, 4);
                    }
                }
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnRandomTexts() {
        final Random random = seeds.random();
        int refused = 0;
        for (int round = 0; round < 40_000; round++) {
            final byte[] text = randomText(random);
            for (int wounds = random.nextInt(3); wounds > 0 && text.length > 0; wounds--) {
                text[random.nextInt(text.length)] =
                    (byte) (random.nextBoolean() ? random.nextInt(256) : 0x80 + random.nextInt(64));
            }
            refused += check(text, text.length) == Utf8Validator.BAD ? 1 : 0;
        }
        assertThat(refused).as("both kinds were tried").isBetween(5_000, 35_000);
    }

    /** Compares the whole text and its two halves with the JDK. */
    private int check(final byte[] bytes, final int length) {
        final int expected = decodes(bytes, length) ? Utf8Validator.BETWEEN : hasEnding(bytes, length) ? 1
            : Utf8Validator.BAD;
        final int actual = Utf8Validator.advance(Utf8Validator.BETWEEN, bytes, 0, length);
        if (Integer.signum(actual) != expected) {
            assertThat(Integer.signum(actual)).as(HexFormat.of().formatHex(bytes, 0, length))
                .isEqualTo(expected);
        }
        final int cut = length / 2;
        final int first = Utf8Validator.advance(Utf8Validator.BETWEEN, bytes, 0, cut);
        final int second = first == Utf8Validator.BAD ? first : Utf8Validator.advance(first, bytes, cut, length - cut);
        if (second != actual) {
            assertThat(second).as("%s split", HexFormat.of().formatHex(bytes, 0, length))
                .isEqualTo(actual);
        }
        return actual;
    }

    private boolean decodes(final byte[] bytes, final int length) {
        oracle.reset();
        return oracle.decode(ByteBuffer.wrap(bytes, 0, length), CharBuffer.allocate(length + 1), true).isUnderflow();
    }

    /** True if a text can continue: A0 or 80 and up to two more 80 complete every open character. */
    private boolean hasEnding(final byte[] bytes, final int length) {
        final byte[] ended = Arrays.copyOf(bytes, length + 3);
        Arrays.fill(ended, length, length + 3, (byte) 0x80);
        for (int more = 1; more <= 3; more++) {
            ended[length] = (byte) 0x80;
            final boolean low = decodes(ended, length + more);
            ended[length] = (byte) 0xa0;
            if (low || decodes(ended, length + more)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] randomText(final Random random) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            final int width = random.nextInt(5);
            final int point = width < 2 ? random.nextInt(0x80) : width == 2 ? 0x80 + random.nextInt(0x780)
                : width == 3 ? 0x800 + random.nextInt(0xd000 - 0x800) : 0x10000 + random.nextInt(0x100000);
            text.appendCodePoint(point);
        }
        return Frames.utf8(text.toString());
    }

    private static int split(final byte[] bytes) {
        int state = Utf8Validator.BETWEEN;
        for (int i = 0; i < bytes.length && state != Utf8Validator.BAD; i++) {
            state = Utf8Validator.advance(state, bytes, i, 1);
        }
        return state;
    }

    private static byte[] padded(final byte[] bytes, final int before, final int after) {
        final byte[] padded = new byte[before + bytes.length + after];
        Arrays.fill(padded, (byte) 'x');
        System.arraycopy(bytes, 0, padded, before, bytes.length);
        return padded;
    }

    private static byte[] bytes(final String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
