package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInflaterTest {
    private static final int TEXT = Frames.FIN | Frames.RSV1 | Opcode.TEXT;
    private static final int LIMIT = 100_000;
    private static final String TICK = "{\"s\":\"BTCUSDT\",\"b\":\"67123.45000000\",\"a\":\"67123.46000000\",\"u\":%d}";

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void freeNativeMemory() throws Exception {
        for (final AutoCloseable one : open) {
            one.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"SERVER, true", "SERVER, false", "CLIENT, true", "CLIENT, false"})
    void shouldInflateAtEverySplit(final Role role, final boolean contextTakeover) throws ProtocolException {
        final Deflated deflated = keep(new Deflated(contextTakeover));
        final Frames frames = Frames.of(role);
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            final String tick = String.format(TICK, i);
            frames.frame(TEXT, deflated.message(Frames.utf8(tick)));
            expected.add(Received.text(tick));
        }
        final byte[] message = deflated.message(Frames.utf8("zwei Hälften €"));
        frames.frame(Frames.RSV1 | Opcode.TEXT, Arrays.copyOf(message, 5))
            .frame(Frames.FIN | Opcode.PING, Frames.utf8("ping"))
            .frame(Opcode.CONTINUATION).frame(Frames.FIN, Arrays.copyOfRange(message, 5, message.length))
            .text("not compressed")
            .frame(TEXT, deflated.message(Frames.utf8(String.format(TICK, 5))));
        expected.addAll(List.of(Received.ping("ping"), Received.text("zwei Hälften €"),
            Received.text("not compressed"), Received.text(String.format(TICK, 5))));
        final byte[] bytes = frames.bytes();

        for (int split = 0; split < bytes.length; split++) {
            final Parsing parsing = parsing(role, contextTakeover).feed(bytes, 0, split, true)
                .feed(bytes, split, bytes.length, false);
            assertThat(parsing.lines()).as("split at %d", split).isEqualTo(expected);
            freeLast();
        }
        final Parsing byteByByte = parsing(role, contextTakeover);
        for (int i = 0; i < bytes.length; i++) {
            byteByByte.feed(bytes, i, i + 1, true);
        }
        assertThat(byteByByte.lines()).isEqualTo(expected);
        assertThat(byteByByte.parser.isBetweenMessages()).isTrue();
    }

    @Test
    void shouldKeepTheWindowBetweenMessagesOnlyWhenNegotiated() throws ProtocolException {
        final Deflated deflated = keep(new Deflated(true));
        final byte[] first = deflated.message(Frames.utf8(String.format(TICK, 1)));
        final byte[] second = deflated.message(Frames.utf8(String.format(TICK, 2)));
        assertThat(second.length).isLessThan(first.length / 3);
        final byte[] bytes = Frames.unmasked().frame(TEXT, first).frame(TEXT, second).bytes();

        assertThat(parsing(Role.CLIENT, true).feed(bytes).lines()).hasSize(2);
        assertThat(Parsing.refusal(parsing(Role.CLIENT, false), bytes)).isEqualTo(CloseCode.BAD_DATA);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldReadTheExamplesOfTheRfc(final Role role) throws ProtocolException {
        final String[] payloads = {
            "f248cdc9c90700",                                   // one block, "Hello"
            "f200110000",                                       // with context takeover: the same again
            "000500faff48656c6c6f00",                           // stored
            "f348cdc9c9070000",                                 // a last block, then an empty stored one
            "f248050000 00ffff cac9c90700"};                    // two blocks
        final Frames frames = Frames.of(role);
        for (final String payload : payloads) {
            frames.frame(TEXT, HexFormat.of().parseHex(payload.replace(" ", "")));
        }
        assertThat(parsing(role, true).feed(frames.bytes()).lines()).hasSize(5).containsOnly(Received.text("Hello"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadEmptyMessagesInAllTheirForms(final boolean contextTakeover) throws ProtocolException {
        final Deflated deflated = keep(new Deflated(contextTakeover));
        final byte[] bytes = Frames.unmasked()
            .frame(TEXT, (byte) 0)                              // the form of the RFC
            .frame(TEXT)                                        // no byte at all
            .frame(TEXT, (byte) 2, (byte) 0)                    // an empty block of fixed codes
            .frame(Frames.RSV1 | Opcode.TEXT).frame(0).frame(Frames.FIN)
            .frame(Frames.RSV1 | Opcode.TEXT).frame(0, (byte) 0).frame(Frames.FIN)
            .frame(TEXT, deflated.message(Frames.utf8("and on")))
            .bytes();

        assertThat(parsing(Role.CLIENT, contextTakeover).feed(bytes).lines())
            .containsExactly(Received.text(""), Received.text(""), Received.text(""), Received.text(""),
            Received.text(""), Received.text("and on"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldContinueAfterALastBlock(final boolean contextTakeover) throws ProtocolException {
        final Deflated deflated = keep(new Deflated(contextTakeover));
        final byte[] bytes = Frames.unmasked()
            .frame(TEXT, deflated.lastMessage(Frames.utf8("one")))
            .frame(TEXT, deflated.message(Frames.utf8("two")))
            .bytes();

        assertThat(parsing(Role.CLIENT, contextTakeover).feed(bytes).lines())
            .containsExactly(Received.text("one"), Received.text("two"));
    }

    @Test
    void shouldAcceptAMessageOfExactlyTheLimit() throws ProtocolException {
        final Deflated deflated = keep(new Deflated(true));
        final byte[] plain = new byte[LIMIT];
        new Random(3).nextBytes(plain);
        for (final byte[] message : List.of(plain, new byte[LIMIT])) {
            final byte[] bytes = Frames.unmasked().frame(TEXT + 1, deflated.message(message)).bytes();
            final Parsing parsing = parsing(Role.CLIENT, true).feed(bytes);
            assertThat(parsing.lines().equals(List.of(Received.binary(message)))).isTrue();
        }
        final byte[] oneMore = Frames.unmasked().frame(TEXT + 1, keep(new Deflated(true)).message(new byte[LIMIT + 1]))
            .bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), oneMore)).isEqualTo(CloseCode.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64})
    void shouldStopADecompressionBombWithLittleMemory(final int fragments) {
        final byte[] bomb = keep(new Deflated(true)).message(new byte[64 << 20]);
        assertThat(bomb.length).isLessThan(100_000);
        final Frames frames = Frames.masked();
        final int piece = bomb.length / fragments + 1;
        for (int i = 0; i < fragments; i++) {
            frames.frame((i == 0 ? Frames.RSV1 | Opcode.BINARY : 0) | (i == fragments - 1 ? Frames.FIN : 0),
                Arrays.copyOfRange(bomb, i * piece, Math.min(bomb.length, (i + 1) * piece)));
        }
        final byte[] bytes = frames.bytes();
        final Parsing parsing = parsing(Role.SERVER, true);

        final long allocated =
            Allocated.bytes(() -> assertThat(Parsing.refusal(parsing, bytes)).isEqualTo(CloseCode.TOO_LARGE));

        assertThat(parsing.lines()).isEmpty();
        assertThat(allocated).as("1 MiB for a bomb of 64 MiB: the limit, grown by doubling").isLessThan(1 << 20);
    }

    @Test
    void shouldRejectInflatedTextThatIsNotUtf8() {
        final byte[] plain = Frames.utf8("x".repeat(50_000) + "€");
        plain[20_000] = (byte) 0xff;
        final byte[] whole = Frames.unmasked().frame(TEXT, keep(new Deflated(true)).message(plain)).bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), whole)).isEqualTo(CloseCode.BAD_DATA);

        final byte[] half = Frames.unmasked()
            .frame(TEXT, keep(new Deflated(true)).message(Arrays.copyOf(Frames.utf8("€"), 2))).bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), half)).isEqualTo(CloseCode.BAD_DATA);
    }

    @Test
    void shouldRejectInvalidCompressedData() {
        final byte[] reservedBlock = Frames.unmasked().frame(TEXT, (byte) 0x06, (byte) 1, (byte) 2).bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), reservedBlock)).isEqualTo(CloseCode.BAD_DATA);
        final byte[] noWindow = Frames.unmasked().frame(TEXT, HexFormat.of().parseHex("f200110000")).bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), noWindow)).isEqualTo(CloseCode.BAD_DATA);
    }

    @Test
    void shouldRejectTheCompressionBitOnOtherFrames() {
        for (final int first
                : new int[]{Frames.FIN | Opcode.PING, Frames.FIN | Opcode.PONG, Frames.FIN | Opcode.CLOSE}) {
            final byte[] bytes = Frames.unmasked().frame(first | Frames.RSV1).bytes();
            assertThat(Parsing.refusal(parsing(Role.CLIENT, true), bytes)).isEqualTo(CloseCode.PROTOCOL_ERROR);
        }
        final byte[] continuation = Frames.unmasked().frame(Frames.RSV1 | Opcode.TEXT).frame(Frames.FIN | Frames.RSV1)
            .bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), continuation)).isEqualTo(CloseCode.PROTOCOL_ERROR);
        for (final int rsv : new int[]{0x10, 0x20, 0x60}) {
            final byte[] others = Frames.unmasked().frame(Frames.FIN | rsv | Opcode.TEXT).bytes();
            assertThat(Parsing.refusal(parsing(Role.CLIENT, true), others)).isEqualTo(CloseCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void shouldEnforceTheLimitsOfCompressedBytes() {
        final byte[] message = new byte[Parsing.LIMITS.frameBytes() + 1];
        final byte[] bytes = Frames.unmasked().frame(TEXT, message).bytes();
        assertThat(Parsing.refusal(parsing(Role.CLIENT, true), bytes)).isEqualTo(CloseCode.TOO_LARGE);
    }

    private Parsing parsing(final Role role, final boolean contextTakeover) {
        return new Parsing(role, Parsing.LIMITS, 4096, keep(new MessageInflater(contextTakeover, LIMIT)));
    }

    private <T extends AutoCloseable> T keep(final T one) {
        open.add(one);
        return one;
    }

    private void freeLast() {
        ((MessageInflater) open.remove(open.size() - 1)).close();
    }
}
