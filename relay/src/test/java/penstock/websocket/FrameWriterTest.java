package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
    private final ByteBuffer target = ByteBuffer.allocateDirect(1024);

    @Test
    void shouldWriteTheExamplesOfTheRfc() {
        FrameWriter.putFrame(target, Opcode.TEXT, Frames.utf8("Hello"), 0, 5);
        assertThat(hex()).isEqualTo("810548656c6c6f");

        FrameWriter.putMaskedFrame(target, Opcode.TEXT, Frames.utf8("Hello"), 0, 5, 0x37fa213d);
        assertThat(hex()).isEqualTo("818537fa213d7f9f4d5158");
    }

    @Test
    void shouldWriteTheShortestFormOfTheLength() {
        final String[] expected =
            {"8200", "827d", "827e007e", "827effff", "827f0000000000010000", "827f000000007fffffff"};
        final int[] lengths = {0, 125, 126, 65535, 65536, Integer.MAX_VALUE};
        for (int i = 0; i < lengths.length; i++) {
            FrameWriter.putHeader(target, Opcode.BINARY, lengths[i]);
            assertThat(hex()).isEqualTo(expected[i]).hasSize(2 * FrameWriter.headerBytes(lengths[i]));
        }
    }

    @Test
    void shouldNotDependOnTheOrderOfTheBuffer() {
        final byte[] payload = Frames.filled(300);
        FrameWriter.putMaskedFrame(target, Opcode.BINARY, payload, 1, 299, 0x8142_c324);
        final String expected = hex();

        target.order(ByteOrder.LITTLE_ENDIAN);
        FrameWriter.putMaskedFrame(target, Opcode.BINARY, payload, 1, 299, 0x8142_c324);

        assertThat(target.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(hex()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "€", "😀"})
    void shouldCutAReasonBetweenCharacters(final String character) throws ProtocolException {
        for (int shift = 0; shift < 4; shift++) {
            final String reason = "x".repeat(shift) + character.repeat(200);
            FrameWriter.putClose(target, CloseCode.TRY_AGAIN_LATER, reason);
            assertThat(target.position()).isBetween(2 + 122, 2 + 125);

            final Parsing parsing = new Parsing(Role.CLIENT).feed(HexFormat.of().parseHex(hex()));
            final String line = parsing.lines().get(0);
            assertThat(line).startsWith("close 1013 x".substring(0, 11 + Math.min(shift, 1)));
            assertThat(reason).startsWith(line.substring("close 1013 ".length()));
        }
    }

    @Test
    void shouldWriteAnEmptyCloseWithoutACode() {
        FrameWriter.putClose(target, CloseCode.NO_CODE, "unused");
        assertThat(hex()).isEqualTo("8800");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1006, 1015, 2000, 5000})
    void shouldRejectAnInvalidCloseCode(final int code) {
        assertThatIllegalArgumentException().isThrownBy(() -> FrameWriter.putClose(target, code, ""))
            .withMessageContaining("" + code);
    }

    private String hex() {
        final byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes).clear();
        return HexFormat.of().formatHex(bytes);
    }
}
