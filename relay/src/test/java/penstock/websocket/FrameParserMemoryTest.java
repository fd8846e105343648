package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Memory of a connection: nothing per frame, little while idle, never more than twice the received bytes.
 */
class FrameParserMemoryTest {
    private static final int FIN = Frames.FIN;
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 5_000;

    private final byte[] scratch = new byte[1 << 16];
    private final Counting counting = new Counting();

    /** Sums the delivered bytes without allocating. */
    private static final class Counting implements MessageHandler {
        private long count;
        private long bytes;

        @Override
        public void onText(final byte[] buffer, final int offset, final int length) {
            count++;
            bytes += length;
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length) {
            onText(buffer, offset, length);
        }

        @Override
        public void onPing(final byte[] payload, final int offset, final int length) {
            onText(payload, offset, length);
        }

        @Override
        public void onPong(final byte[] payload, final int offset, final int length) {
            onText(payload, offset, length);
        }

        @Override
        public void onClose(final int code, final String reason) {
            throw new AssertionError(reason);
        }
    }

    private static byte[] allKinds(final Role role, final boolean compressed) {
        final Frames frames = Frames.of(role).text("{\"op\":\"ping\"}").text("größer €")
            .frame(FIN | Opcode.BINARY, Frames.filled(3000)).frame(FIN | Opcode.PING, Frames.filled(20))
            .frame(FIN | Opcode.PONG)
            .frame(Opcode.TEXT, Frames.filled(200)).frame(FIN | Opcode.PING, Frames.filled(7))
            .frame(FIN, Frames.filled(200));
        if (compressed) {
            try (Deflated deflated = new Deflated(false)) {
                frames.frame(FIN | Frames.RSV1 | Opcode.TEXT, deflated.message(Frames.filled(2000)));
            }
        }
        return frames.bytes();
    }

    @ParameterizedTest
    @CsvSource({"SERVER, true, false", "SERVER, false, false", "CLIENT, true, false", "CLIENT, false, false",
        "CLIENT, true, true"})
    void shouldAllocateNothingPerFrameOnceWarm(final Role role, final boolean direct, final boolean compressed) {
        final byte[] bytes = allKinds(role, compressed);
        final ByteBuffer source = direct ? Frames.direct(bytes) : ByteBuffer.wrap(bytes);
        try (MessageInflater inflater = new MessageInflater(false, 1 << 16)) {
            final FrameParser parser =
                new FrameParser(role, Parsing.LIMITS, scratch, counting, compressed ? inflater : null);

            // at a different place in each round, the second half of the bytes arrives in a separate read; a server has
            // too many connections to keep memory for that
            final boolean isSplit = role.keptBytes() > 0;
            final Runnable wholeAndSplit = () -> {
                for (int i = 0; i < ROUNDS; i++) {
                    parse(parser, source, 0, bytes.length);
                    final int split = isSplit ? i % bytes.length : 0;
                    parse(parser, source, 0, split);
                    parse(parser, source, split, bytes.length);
                }
            };
            for (int i = 0; i < WARM_UP / ROUNDS; i++) {
                wholeAndSplit.run();
            }
            final long before = counting.count;
            final long allocated = Allocated.bytes(wholeAndSplit);

            assertThat(counting.count - before).isEqualTo(2L * ROUNDS * (compressed ? 8 : 7));
            assertThat(allocated).as("for %d frames", counting.count - before).isLessThan(1000);
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldCostLessThan200BytesWhileIdle(final Role role) throws ProtocolException {
        final FrameParser[] parsers = new FrameParser[1000];
        final ByteBuffer source =
            ByteBuffer.wrap(Frames.of(role).text("{\"op\":\"subscribe\",\"symbols\":[\"*\"]}").bytes());
        new FrameParser(role, Parsing.LIMITS, scratch, counting).parse(source);

        final long allocated = Allocated.bytes(() -> {
            for (int i = 0; i < parsers.length; i++) {
                parsers[i] = new FrameParser(role, Parsing.LIMITS, scratch, counting);
                parse(parsers[i], source, 0, source.limit());
            }
        });

        assertThat(allocated / parsers.length).as("bytes per idle parser").isLessThan(200);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldGrowWithReceivedBytesNotWithTheDeclaredLength(final Role role) {
        final FrameLimits limits = new FrameLimits(1 << 28, 1 << 28, 10);
        final byte[] bytes = Frames.of(role).header(FIN | Opcode.BINARY, 8, 1 << 28).payload(Frames.filled(100))
            .bytes();
        final ByteBuffer source = ByteBuffer.wrap(bytes);
        final FrameParser parser = new FrameParser(role, limits, scratch, counting);

        assertThat(Allocated.bytes(() -> parse(parser, source, 0, bytes.length))).isLessThan(1000);
        final ByteBuffer more = ByteBuffer.allocate(10_000);
        assertThat(Allocated.bytes(() -> parse(parser, more, 0, 10_000))).isLessThan(21_000);
        assertThat(parser.isBetweenMessages()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldRejectTooLargeMessagesBeforeAllocating(final Role role) {
        final FrameLimits limits = new FrameLimits(1 << 16, 1 << 17, 10);
        final byte[] tooLarge = Frames.of(role).header(FIN | Opcode.TEXT, 8, (1 << 16) + 1).payload().bytes();
        Parsing.refusal(new Parsing(role, limits, 0, null), tooLarge);
        final Parsing parsing = new Parsing(role, limits, 0, null);

        final long allocated =
            Allocated.bytes(() -> assertThat(Parsing.refusal(parsing, tooLarge)).isEqualTo(CloseCode.TOO_LARGE));

        assertThat(allocated).as("the exception and the assertions").isLessThan(1 << 14);
    }

    @Test
    void shouldReleaseTheMemoryOfASplitMessageWithIt() throws ProtocolException {
        final byte[] large = Frames.masked().frame(FIN | Opcode.BINARY, Frames.filled(100_000)).bytes();
        final byte[] small = Frames.masked().frame(FIN | Opcode.BINARY, Frames.filled(100)).bytes();
        final ReservedMemory reserved = new ReservedMemory();
        final MessageMemory memory = new MessageMemory(new byte[1000], Role.SERVER.keptBytes(), reserved);
        memory.reserve(100_000);
        memory.addMessage(100_000);
        assertThat(memory.bytes().length).isBetween(100_000, 200_000);
        assertThat(reserved.reserved()).as("accounted").isEqualTo(memory.ownBytes());
        memory.takeMessage();
        memory.release();
        assertThat(memory.bytes()).hasSize(1000);
        assertThat(memory.ownBytes()).isZero();

        memory.reserve(2000);
        memory.addMessage(2000);
        memory.takeMessage();
        memory.release();
        assertThat(memory.ownBytes()).isZero();
        assertThat(reserved.reserved()).isZero();

        final Parsing parsing = new Parsing(Role.SERVER).feed(large).feed(small).feed(large);
        assertThat(parsing.lines()).hasSize(3);
    }

    @Test
    void shouldNeverReadTheScratchOfAnotherConnection() throws ProtocolException {
        final Parsing parsing = new Parsing(Role.CLIENT);
        final byte[] bytes = Frames.unmasked().frame(Opcode.TEXT, Frames.utf8("one "))
            .frame(FIN | Opcode.PING, Frames.utf8("ping"))
            .frame(FIN, Frames.utf8("two")).bytes();
        for (int i = 0; i < bytes.length; i++) {
            parsing.feed(bytes, i, i + 1, true);
            Arrays.fill(parsing.scratch, (byte) i);
        }
        assertThat(parsing.lines()).containsExactly(Received.ping("ping"), Received.text("one two"));
    }

    private static void parse(final FrameParser parser, final ByteBuffer source, final int from, final int to) {
        try {
            parser.parse(source.limit(to).position(from));
        } catch (final ProtocolException e) {
            throw new AssertionError(e);
        }
    }
}
