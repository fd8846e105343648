package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** One parser, its input and its output. */
final class Parsing {
    static final FrameLimits LIMITS = new FrameLimits(1 << 17, 1 << 18, 64);

    final Received received = new Received();
    final byte[] scratch;
    final FrameParser parser;

    Parsing(final Role role) {
        this(role, LIMITS, 1 << 12, null);
    }

    Parsing(final Role role, final FrameLimits limits, final int scratchBytes, final MessageInflater inflater) {
        scratch = new byte[scratchBytes];
        parser = new FrameParser(role, limits, scratch, received, inflater);
    }

    /** Of a client that compresses. */
    Parsing(final ClientCompression compression, final PartialMemory partial) {
        scratch = new byte[1 << 12];
        parser = new FrameParser(Role.SERVER, LIMITS, scratch, received, compression, partial);
    }

    /** Feeds bytes {@code from} to {@code to} and then overwrites the scratch, like the thread's other connections. */
    Parsing feed(final byte[] bytes, final int from, final int to, final boolean direct) throws ProtocolException {
        final ByteBuffer source = direct
            ? ByteBuffer.allocateDirect(to - from + 3).position(3).put(bytes, from, to - from).flip().position(3)
            : ByteBuffer.wrap(bytes, from, to - from);
        try {
            parser.parse(source);
            assertThat(source.hasRemaining()).isFalse();
        } finally {
            Arrays.fill(scratch, (byte) 0xee);
        }
        return this;
    }

    Parsing feed(final byte[] bytes) throws ProtocolException {
        return feed(bytes, 0, bytes.length, true);
    }

    List<String> lines() {
        return received.lines;
    }

    static int refusal(final Parsing parsing, final byte[] bytes) {
        final ProtocolException refusal = catchThrowableOfType(ProtocolException.class, () -> parsing.feed(bytes));
        assertThat(refusal).as("refused").isNotNull();
        return refusal.closeCode();
    }
}
