package penstock.bench.jmh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * WebSocket frames in and out, of both roles: a server's are bare, a client's masked. One operation is one frame of
 * text.
 */
public class FrameBenchmark extends TimedBenchmark {
    private static final int FRAMES = 16;
    private static final int MASK = 0x1a2b3c4d;
    private static final int SCRATCH_BYTES = 64 << 10;

    /** Whether a client sends it: the server unmasks. */
    @Param({"false", "true"})
    public boolean masked;

    /** Of the payload. */
    @Param({"120", "4096"})
    public int bytes;

    private byte[] payload;
    private ByteBuffer target;
    private ByteBuffer source;
    private FrameParser parser;
    private final Taken taken = new Taken();

    /** Frames in a direct buffer, as they come from a socket. */
    @Setup
    public void setup() {
        payload = "{\"s\":\"FX0012\",\"b\":1.1}".repeat(bytes / 22 + 1).substring(0, bytes)
            .getBytes(StandardCharsets.US_ASCII);
        target = ByteBuffer.allocateDirect(FRAMES * (bytes + FrameWriter.MAX_HEADER_BYTES));
        build();
        source = ByteBuffer.allocateDirect(target.capacity()).put(target.flip()).flip();
        parser = new FrameParser(masked ? Role.SERVER : Role.CLIENT, new FrameLimits(1 << 20, 1 << 20, 1),
            new byte[SCRATCH_BYTES], taken);
    }

    /** Read, unmasked where it was masked, found to be UTF-8. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long parse() throws ProtocolException {
        parser.parse(source.position(0));
        return taken.bytes;
    }

    /** Put into a direct buffer, masked where a client sends it. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public ByteBuffer build() {
        target.clear();
        for (int i = 0; i < FRAMES; i++) {
            if (masked) {
                FrameWriter.putMaskedFrame(target, Opcode.TEXT, payload, 0, payload.length, MASK + i);
            } else {
                FrameWriter.putFrame(target, Opcode.TEXT, payload, 0, payload.length);
            }
        }
        return target;
    }

    /** Counts the bytes. */
    private static final class Taken implements MessageHandler {
        private long bytes;

        @Override
        public void onText(final byte[] buffer, final int offset, final int length) {
            bytes += length;
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length) {
            throw new IllegalStateException("all is text");
        }

        @Override
        public void onPing(final byte[] payload, final int offset, final int length) {
            throw new IllegalStateException("all is text");
        }

        @Override
        public void onPong(final byte[] payload, final int offset, final int length) {
            throw new IllegalStateException("all is text");
        }

        @Override
        public void onClose(final int code, final String reason) {
            throw new IllegalStateException("all is text");
        }
    }
}
