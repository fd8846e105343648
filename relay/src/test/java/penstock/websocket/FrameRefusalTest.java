package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameRefusalTest {
    private static final int FIN = Frames.FIN;
    private static final String GOOD = "good";

    private static final FrameLimits LIMITS = new FrameLimits(1000, 1500, 5);

    private record Wrong(String what, int code, Frames frames) {
    }

    static Stream<Arguments> wrongInput() {
        final List<Arguments> all = new ArrayList<>();
        for (final Role role : Role.values()) {
            for (final Wrong wrong : wrong(role)) {
                all.add(arguments(wrong.what, role, wrong.code, wrong.frames.bytes()));
            }
            for (final int opcode : new int[]{3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
                all.add(arguments("reserved opcode " + opcode, role, 1002, before(role).frame(FIN | opcode).bytes()));
            }
            for (final int rsv : new int[]{0x10, 0x20, 0x40, 0x70}) {
                for (final int opcode : new int[]{0, 1, 2, 8, 9, 10}) {
                    all.add(arguments("bits " + rsv + " on " + opcode, role, 1002,
                        before(role).frame(FIN | rsv | opcode).bytes()));
                }
            }
            for (final int code : new int[]{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 65535}) {
                all.add(arguments("close code " + code, role, 1002,
                    before(role).frame(FIN | Opcode.CLOSE, (byte) (code >>> 8), (byte) code).bytes()));
            }
        }
        return all.stream();
    }

    private static Frames before(final Role role) {
        return Frames.of(role).text(GOOD);
    }

    private static List<Wrong> wrong(final Role role) {
        final boolean server = role == Role.SERVER;
        final byte[] half = {(byte) 0xe2, (byte) 0x82};
        final List<Wrong> all = new ArrayList<>();
        for (final int opcode : new int[]{Opcode.TEXT, Opcode.BINARY, Opcode.CLOSE, Opcode.PING, Opcode.PONG}) {
            all.add(new Wrong("masking of " + opcode, 1002, before(role).raw(FIN | opcode, server ? 0 : 0x80)));
        }
        all.add(new Wrong("125 in 16 bits", 1002, before(role).header(FIN | Opcode.TEXT, 2, 125)));
        all.add(new Wrong("0 in 16 bits", 1002, before(role).header(FIN | Opcode.TEXT, 2, 0)));
        all.add(new Wrong("0 in 64 bits", 1002, before(role).header(FIN | Opcode.TEXT, 8, 0)));
        all.add(new Wrong("126 in 64 bits", 1002, before(role).header(FIN | Opcode.TEXT, 8, 126)));
        all.add(new Wrong("65535 in 64 bits", 1002, before(role).header(FIN | Opcode.TEXT, 8, 65535)));
        all.add(new Wrong("top bit of 64", 1002, before(role).header(FIN | Opcode.BINARY, 8, Long.MIN_VALUE + 70000)));
        all.add(new Wrong("all bits of 64", 1002, before(role).header(FIN | Opcode.BINARY, 8, -1)));
        all.add(new Wrong("ping of 126", 1002, before(role).header(FIN | Opcode.PING, 2, 126)));
        all.add(new Wrong("close of 70000", 1002, before(role).header(FIN | Opcode.CLOSE, 8, 70000)));
        all.add(new Wrong("ping without FIN", 1002, before(role).frame(Opcode.PING)));
        all.add(new Wrong("close without FIN", 1002, before(role).frame(Opcode.CLOSE)));
        all.add(new Wrong("continuation of nothing", 1002, before(role).frame(FIN | Opcode.CONTINUATION)));
        all.add(new Wrong("text inside binary", 1002,
            before(role).frame(Opcode.BINARY, (byte) 1).frame(FIN | Opcode.TEXT)));
        all.add(new Wrong("close of 1 byte", 1002, before(role).frame(FIN | Opcode.CLOSE, (byte) 3)));
        all.add(new Wrong("reason not UTF-8", 1007,
            before(role).frame(FIN | Opcode.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xff)));
        all.add(new Wrong("reason cut", 1007,
            before(role).frame(FIN | Opcode.CLOSE, (byte) 3, (byte) 0xe8, (byte) 0xc3)));
        all.add(new Wrong("text ends in a character", 1007, before(role).frame(FIN | Opcode.TEXT, half)));
        all.add(new Wrong("fragments end in a character", 1007,
            before(role).frame(Opcode.TEXT, half).frame(FIN | Opcode.CONTINUATION)));
        all.add(new Wrong("bad byte in the second fragment", 1007,
            before(role).frame(Opcode.TEXT, half).frame(FIN | Opcode.CONTINUATION, (byte) 'a')));
        all.add(new Wrong("frame too large", 1009, before(role).frame(FIN | Opcode.TEXT, new byte[1001])));
        all.add(new Wrong("frame of 2^62", 1009, before(role).header(FIN | Opcode.BINARY, 8, 1L << 62).payload()));
        all.add(new Wrong("message too large", 1009,
            before(role).frame(Opcode.TEXT, new byte[1000]).frame(FIN | Opcode.CONTINUATION, new byte[501])));
        all.add(new Wrong("6 empty fragments", 1009,
            before(role).frame(Opcode.TEXT).frame(0).frame(0).frame(0).frame(0).frame(0)));
        return all;
    }

    @ParameterizedTest(name = "{1}: {0}")
    @MethodSource("wrongInput")
    void shouldReject(final String what, final Role role, final int code, final byte[] bytes) throws ProtocolException {
        final Parsing whole = new Parsing(role, LIMITS, 4096, null);
        assertThat(Parsing.refusal(whole, bytes)).isEqualTo(code);
        assertThat(whole.lines()).containsExactly(Received.text(GOOD));

        whole.feed(Frames.of(role).text("after").bytes());
        assertThat(whole.lines()).as("nothing is parsed after a refusal").hasSize(1);

        final Parsing pieces = new Parsing(role, LIMITS, 4096, null);
        assertThatThrownBy(() -> {
            for (int i = 0; i < bytes.length; i++) {
                pieces.feed(bytes, i, i + 1, true);
            }
        }).isInstanceOfSatisfying(ProtocolException.class, refusal -> assertThat(refusal.closeCode()).isEqualTo(code));
        assertThat(pieces.lines()).containsExactly(Received.text(GOOD));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldAcceptMessagesExactlyAtTheLimits(final Role role) throws ProtocolException {
        final byte[] bytes = Frames.of(role).frame(FIN | Opcode.BINARY, Frames.filled(1000))
            .frame(Opcode.BINARY, Frames.filled(1000)).frame(0).frame(0).frame(0).frame(FIN, Frames.filled(500))
            .bytes();

        assertThat(new Parsing(role, LIMITS, 4096, null).feed(bytes).lines()).hasSize(2);
    }

    @Test
    void shouldRejectAtTheFirstInvalidByte() throws ProtocolException {
        // a text frame that declares 500 bytes: no text can contain the 4th payload byte
        final byte[] bytes = Frames.unmasked().header(FIN | Opcode.TEXT, 2, 500).payload(Frames.utf8("ab"))
            .raw(0xe2, 0x28).bytes();
        final Parsing parsing = new Parsing(Role.CLIENT);
        parsing.feed(bytes, 0, bytes.length - 1, true);

        assertThatThrownBy(() -> parsing.feed(bytes, bytes.length - 1, bytes.length, true))
            .isInstanceOf(ProtocolException.class)
            .extracting(e -> ((ProtocolException) e).closeCode()).isEqualTo(CloseCode.BAD_DATA);
    }

    @Test
    void shouldRejectFromTheFirstBytesOfAHeader() {
        assertThat(Parsing.refusal(new Parsing(Role.SERVER), new byte[]{(byte) 0xc1})).isEqualTo(1002);
        assertThat(Parsing.refusal(new Parsing(Role.SERVER), new byte[]{(byte) 0x83})).isEqualTo(1002);
        assertThat(Parsing.refusal(new Parsing(Role.SERVER), new byte[]{(byte) 0x81, 5})).isEqualTo(1002);
        assertThat(Parsing.refusal(new Parsing(Role.SERVER), new byte[]{(byte) 0x89, 5})).isEqualTo(1002);
        assertThat(Parsing.refusal(new Parsing(Role.CLIENT), new byte[]{(byte) 0x8a, (byte) 0x80})).isEqualTo(1002);
    }

    @Test
    void shouldAcceptEveryValidCloseCode() throws ProtocolException {
        for (int code = 0; code < 65536; code++) {
            final boolean valid = code >= 1000 && code < 1004 || code > 1006 && code < 1015 || code >= 3000
                && code < 5000;
            assertThat(CloseCode.isValidOnWire(code)).as("%d", code).isEqualTo(valid);
            if (valid) {
                final byte[] bytes = Frames.masked().frame(FIN | Opcode.CLOSE, (byte) (code >>> 8), (byte) code)
                    .bytes();
                assertThat(new Parsing(Role.SERVER).feed(bytes).lines()).containsExactly(Received.close(code, ""));
            }
        }
        final Parsing empty = new Parsing(Role.SERVER).feed(Frames.masked().frame(FIN | Opcode.CLOSE).bytes());
        assertThat(empty.lines()).containsExactly(Received.close(CloseCode.NO_CODE, ""));
    }
}
