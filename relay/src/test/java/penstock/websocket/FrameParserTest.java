package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameParserTest {
    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldReadEveryKindOfFrameAtEverySplit(final Role role) throws ProtocolException {
        final byte[] bytes = Frames.of(role)
            .text("")
            .text("{\"op\":\"ping\",\"id\":1}")
            .text("ψ € 😀 Zürich 東京")
            .frame(Frames.FIN | Opcode.BINARY, new byte[]{0, 1, 2, -1, -128, 127, 5, 6, 7, 8, 9})
            .frame(Frames.FIN | Opcode.PING, Frames.utf8("are you there"))
            .frame(Frames.FIN | Opcode.PONG)
            .frame(Opcode.TEXT, Frames.utf8("one "))
            .frame(Frames.FIN | Opcode.PING, Frames.utf8("between"))
            .frame(Opcode.CONTINUATION, Frames.utf8("two "))
            .frame(Opcode.CONTINUATION)
            .frame(Frames.FIN | Opcode.PONG, Frames.utf8("between too"))
            .frame(Frames.FIN | Opcode.CONTINUATION, Frames.utf8("three"))
            .frame(Frames.FIN | Opcode.CLOSE, (byte) 3, (byte) 0xe9, (byte) 'b', (byte) 'y', (byte) 'e')
            .text("never seen")
            .bytes();
        final List<String> expected =
            List.of(Received.text(""), Received.text("{\"op\":\"ping\",\"id\":1}"), Received.text("ψ € 😀 Zürich 東京"),
            Received.binary(new byte[]{0, 1, 2, -1, -128, 127, 5, 6, 7, 8, 9}), Received.ping("are you there"),
            Received.pong(""), Received.ping("between"), Received.pong("between too"), Received.text("one two three"),
            Received.close(1001, "bye"));

        for (final boolean direct : new boolean[]{true, false}) {
            assertThat(new Parsing(role).feed(bytes, 0, bytes.length, direct).lines()).isEqualTo(expected);

            final Parsing byteByByte = new Parsing(role);
            for (int i = 0; i < bytes.length; i++) {
                byteByByte.feed(bytes, i, i + 1, direct);
            }
            assertThat(byteByByte.lines()).isEqualTo(expected);

            for (int split = 1; split < bytes.length; split++) {
                final Parsing parsing = new Parsing(role).feed(bytes, 0, split, direct)
                    .feed(bytes, split, bytes.length, direct);
                assertThat(parsing.lines()).as("split at %d, direct %s", split, direct).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldReadAllFormsOfTheLength(final Role role) throws ProtocolException {
        final int[] lengths = {0, 1, 7, 8, 9, 124, 125, 126, 127, 128, 4095, 4096, 4097, 65535, 65536, 65537};
        final Frames frames = Frames.of(role);
        final List<String> expected = new ArrayList<>();
        for (final int length : lengths) {
            frames.frame(Frames.FIN | Opcode.BINARY, Frames.filled(length))
                .frame(Frames.FIN | Opcode.TEXT, Frames.filled(length));
            expected.add(Received.binary(Frames.filled(length)));
            expected.add(Received.text(new String(Frames.filled(length), StandardCharsets.US_ASCII)));
        }
        final byte[] bytes = frames.bytes();

        assertThat(new Parsing(role).feed(bytes).lines()).isEqualTo(expected);
        for (final int piece : new int[]{1, 2, 3, 7, 64, 1000, 16384}) {
            final Parsing parsing = new Parsing(role);
            for (int i = 0; i < bytes.length; i += piece) {
                parsing.feed(bytes, i, Math.min(i + piece, bytes.length), (i / piece & 1) == 0);
            }
            assertThat(parsing.lines().equals(expected)).as("in pieces of %d", piece).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldReadTheFramesOfTheWriter(final Role role) throws ProtocolException {
        final ByteBuffer target = ByteBuffer.allocateDirect(400_000);
        final List<String> expected = new ArrayList<>();
        for (final int length : new int[]{0, 1, 5, 125, 126, 65535, 65536}) {
            final byte[] payload = Frames.filled(length + 3);
            if (role == Role.SERVER) {
                FrameWriter.putMaskedFrame(target, Opcode.BINARY, payload, 3, length, 0x80f1_0c7e);
            } else {
                FrameWriter.putFrame(target, Opcode.BINARY, payload, 3, length);
            }
            expected.add(Received.binary(Arrays.copyOfRange(payload, 3, payload.length)));
            assertThat(payload).isEqualTo(Frames.filled(length + 3));
        }
        if (role == Role.SERVER) {
            FrameWriter.putMaskedClose(target, 4503, "retryAfter=2000", 77);
        } else {
            FrameWriter.putClose(target, 4503, "retryAfter=2000");
        }
        expected.add(Received.close(4503, "retryAfter=2000"));
        final byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);

        assertThat(new Parsing(role).feed(bytes).lines().equals(expected)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldIgnoreBytesAfterAStop(final Role role) throws ProtocolException {
        final byte[] bytes = Frames.of(role).text("one").text("two").frame(3).bytes();
        final List<String> seen = new ArrayList<>();
        final FrameParser[] parser = new FrameParser[1];
        parser[0] = new FrameParser(role, Parsing.LIMITS, new byte[64],
            new StoppingHandler(seen, () -> parser[0].stop()));

        final ByteBuffer source = ByteBuffer.wrap(bytes);
        parser[0].parse(source);
        parser[0].parse(ByteBuffer.wrap(bytes));

        assertThat(seen).containsExactly("one");
        assertThat(source.hasRemaining()).isFalse();
        assertThat(parser[0].isBetweenMessages()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldContinueAfterAMessageWhoseHandlerFailed(final Role role) throws ProtocolException {
        final byte[] bytes = Frames.of(role).text("one").text("two").bytes();
        final List<String> seen = new ArrayList<>();
        final FrameParser parser = new FrameParser(role, Parsing.LIMITS, new byte[64], new StoppingHandler(seen, () -> {
            if (seen.size() == 1) {
                throw new IllegalStateException("the handler's own fault");
            }
        }));
        final ByteBuffer source = ByteBuffer.wrap(bytes);

        assertThatIllegalStateException().isThrownBy(() -> parser.parse(source));
        parser.parse(source);

        assertThat(seen).containsExactly("one", "two");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void shouldDetectAnIncompleteMessage(final Role role) throws ProtocolException {
        final byte[] whole = Frames.of(role).text("abc").bytes();
        for (int cut = 0; cut <= whole.length; cut++) {
            final Parsing parsing = new Parsing(role).feed(whole, 0, cut, true);
            assertThat(parsing.parser.isBetweenMessages()).as("behind %d bytes", cut)
                .isEqualTo(cut == 0 || cut == whole.length);
        }
        final Parsing fragments = new Parsing(role);
        assertThat(fragments.feed(Frames.of(role).frame(Opcode.TEXT).bytes()).parser.isBetweenMessages()).isFalse();
        assertThat(fragments.feed(Frames.of(role).frame(Frames.FIN | Opcode.PING).bytes()).parser.isBetweenMessages())
            .isFalse();
        assertThat(fragments.feed(Frames.of(role).frame(Frames.FIN).bytes()).parser.isBetweenMessages()).isTrue();
    }

    /** Records each text and then runs the action of the test. */
    private record StoppingHandler(List<String> seen, Runnable then) implements MessageHandler {
        @Override
        public void onText(final byte[] buffer, final int offset, final int length) {
            seen.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
            then.run();
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length) {
            throw new AssertionError("no binary was sent");
        }

        @Override
        public void onPing(final byte[] payload, final int offset, final int length) {
            throw new AssertionError("no ping was sent");
        }

        @Override
        public void onPong(final byte[] payload, final int offset, final int length) {
            throw new AssertionError("no pong was sent");
        }

        @Override
        public void onClose(final int code, final String reason) {
            throw new AssertionError("no close was sent");
        }
    }
}
