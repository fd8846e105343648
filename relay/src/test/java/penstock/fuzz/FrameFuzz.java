package penstock.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.MessageInflater;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * Frames of a WebSocket peer, in either role, with and without compression: the parser delivers the same messages and
 * refuses with the same code however the bytes are split. The first byte of an input chooses role, compression and
 * split.
 */
public final class FrameFuzz {
    private static final FrameLimits LIMITS = new FrameLimits(1 << 12, 1 << 13, 16);
    private static final int IS_CLIENT = 1;
    private static final int IS_COMPRESSED = 2;

    private FrameFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(final byte[] input) {
        if (input.length == 0) {
            return;
        }
        final List<String> whole = read(input, input.length);
        final List<String> split = read(input, 1 + (input[0] >> 2 & 0x3f));
        if (!whole.equals(split)) {
            throw new AssertionError("in one piece " + whole + ", in several " + split);
        }
    }

    static List<byte[]> examples() {
        final List<byte[]> examples = new ArrayList<>();
        final byte[] text = "{\"op\":\"ping\",\"id\":\"\u00e9\"}".getBytes(StandardCharsets.UTF_8);
        for (final int opcode : new int[] {Opcode.TEXT, Opcode.BINARY, Opcode.PING, Opcode.PONG}) {
            final ByteBuffer frame = ByteBuffer.allocate(200);
            FrameWriter.putMaskedFrame(frame, opcode, text, 0, text.length, 0x12345678);
            examples.add(example(0, frame));
            FrameWriter.putFrame(frame.clear(), opcode, text, 0, text.length);
            examples.add(example(IS_CLIENT | 3 << 2, frame));
        }
        final ByteBuffer close = ByteBuffer.allocate(200);
        FrameWriter.putMaskedClose(close, 1000, "bye", 7);
        examples.add(example(IS_COMPRESSED, close));
        // "Hello" in two fragments, a ping between them; and compressed (RFC 6455, 5.7; RFC 7692, 7.2.3.1)
        examples.add(new byte[] {IS_CLIENT, 1, 3, 'H', 'e', 'l', (byte) 0x89, 1, 'x', (byte) 0x80, 2, 'l', 'o'});
        examples.add(new byte[] {IS_CLIENT | IS_COMPRESSED | 8, (byte) 0xc1, 7, (byte) 0xf2, 0x48, (byte) 0xcd,
            (byte) 0xc9, (byte) 0xc9, 7, 0});
        return examples;
    }

    private static byte[] example(final int choice, final ByteBuffer frame) {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(choice);
        bytes.write(frame.array(), 0, frame.position());
        return bytes.toByteArray();
    }

    private static List<String> read(final byte[] input, final int pieceBytes) {
        final Role role = (input[0] & IS_CLIENT) == 0 ? Role.SERVER : Role.CLIENT;
        final List<String> lines = new ArrayList<>();
        try (MessageInflater inflater = (input[0] & IS_COMPRESSED) == 0 ? null : new MessageInflater(true, 1 << 14)) {
            final FrameParser parser = new FrameParser(role, LIMITS, new byte[256], new Lines(lines), inflater);
            for (int from = 1; from < input.length; from += pieceBytes) {
                parser.parse(ByteBuffer.wrap(input, from, Math.min(pieceBytes, input.length - from)));
            }
        } catch (final ProtocolException e) {
            lines.add("refused " + e.closeCode());
        }
        return lines;
    }

    /** Each delivery as a line. */
    private record Lines(List<String> lines) implements MessageHandler {
        @Override
        public void onText(final byte[] buffer, final int offset, final int length) {
            add("text", buffer, offset, length);
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length) {
            add("binary", buffer, offset, length);
        }

        @Override
        public void onPing(final byte[] payload, final int offset, final int length) {
            add("ping", payload, offset, length);
        }

        @Override
        public void onPong(final byte[] payload, final int offset, final int length) {
            add("pong", payload, offset, length);
        }

        @Override
        public void onClose(final int code, final String reason) {
            lines.add("close " + code + " " + reason);
        }

        private void add(final String kind, final byte[] bytes, final int offset, final int length) {
            lines.add(kind + " " + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        }
    }
}
