package penstock.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import penstock.websocket.Opcode;

/**
 * A session's socket that accepts as much as the test allows and cuts the bytes into WebSocket frames, each with the
 * time of its first byte. Rows are read as a client reads them. One thread.
 */
public class RecordingSocket extends SinkSocket {
    /**
     * One complete frame.
     *
     * @param opcode   of a binary message that of the text that the client makes of it
     * @param text     what the client makes of it: inflated, and JSON if it has rows or is binary
     * @param plain    the message before it was compressed; of a binary one each byte is a character
     * @param isBinary whether it came as a binary message
     */
    public record Frame(int opcode, String text, long begunNs, String plain, boolean isBinary) {
        /** Bytes of the frame if it is not compressed. */
        public int bytes() {
            final int payload =
                isBinary ? plain.length() : plain.getBytes(StandardCharsets.UTF_8).length;
            return payload + (payload < 126 ? 2 : payload < 65_536 ? 4 : 10);
        }
    }

    private final ManualThread thread;
    private final Random random;
    private final RowsReader rows = new RowsReader();
    private final EnvelopeReader envelopes = new EnvelopeReader();
    private final List<Frame> frames = new ArrayList<>();
    private byte[] bytes = new byte[256];
    private int length;
    private long begunNs;
    private long room = Long.MAX_VALUE;
    private boolean fickle;
    private int compressed;
    private int sendBufferSet;
    private int sendBufferSets;

    /** {@code random} decides what a fickle socket accepts. */
    public RecordingSocket(final ManualThread thread, final Random random) {
        this.thread = thread;
        this.random = random;
    }

    /** From now on accepts {@code count} bytes and then no more. */
    public final void takeOnly(final long count) {
        room = count;
    }

    /** From now on accepts a random part of each write. */
    public final void beFickle() {
        fickle = true;
        room = Long.MAX_VALUE;
    }

    /** From now on accepts everything. */
    public final void takeAll() {
        fickle = false;
        room = Long.MAX_VALUE;
    }

    /** Number of frames that came compressed. */
    public final int compressed() {
        return compressed;
    }

    /** True if the socket accepts nothing now. */
    public final boolean isStalled() {
        return room == 0;
    }

    /** Send buffer size that the session has set last; 0 if it never did. */
    public final int sendBufferSet() {
        return sendBufferSet;
    }

    /** How often the session has set the send buffer size. */
    public final int sendBufferSets() {
        return sendBufferSets;
    }

    /** Bytes received of the frame that is not complete yet; 0 between two frames. */
    public final int partOfFrame() {
        return length;
    }

    /** Bytes that this frame still lacks; -1 while its header is not complete. */
    public final int missing() {
        final int header = length < 2 ? -1 : headerBytes();
        return header < 0 || length < header ? -1 : header + payloadBytes(header) - length;
    }

    /** Frames completed since the last call. */
    public final List<Frame> takeFrames() {
        final List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (isClosed()) {
            throw new IOException("closed");
        }
        int count = (int) Math.min(room, source.remaining());
        if (fickle && random.nextInt(3) == 0) {
            count = random.nextInt(count + 1);
        }
        for (int i = 0; i < count; i++) {
            take(source.get());
        }
        if (room != Long.MAX_VALUE) {
            room -= count;
        }
        accepted(count);
        return count;
    }

    @Override
    public final void sendBufferBytes(final int size) {
        sendBufferSet = size;
        sendBufferSets++;
    }

    /** Receives each accepted byte. */
    protected void take(final byte b) {
        if (length == 0) {
            begunNs = thread.nowNs();
        }
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = b;
        if (length >= 2) {
            final int header = headerBytes();
            if (length >= header && length == header + payloadBytes(header)) {
                frames.add(frame(bytes[0] & 15, payload(header)));
                length = 0;
            }
        }
    }

    private Frame frame(final int opcode, final byte[] payload) {
        if (opcode == Opcode.BINARY) {
            return new Frame(Opcode.TEXT, ReceivedTexts.checked(envelopes.read(payload)), begunNs,
                new String(payload, StandardCharsets.ISO_8859_1), true);
        }
        final String text = ReceivedTexts.checked(new String(payload, StandardCharsets.UTF_8));
        envelopes.readText(text);
        return new Frame(opcode, ReceivedTexts.checked(rows.read(text)), begunNs, text, false);
    }

    private byte[] payload(final int header) {
        final byte[] payload = Arrays.copyOfRange(bytes, header, length);
        if ((bytes[0] & 0x40) == 0) {
            return payload;
        }
        compressed++;
        return Inflated.bytes(payload, 1 << 20);
    }

    private int headerBytes() {
        final int code = bytes[1] & 127;
        return code == 127 ? 10 : code == 126 ? 4 : 2;
    }

    private int payloadBytes(final int header) {
        if (header == 2) {
            return bytes[1] & 127;
        }
        int size = 0;
        for (int i = 2; i < header; i++) {
            size = size << 8 | bytes[i] & 255;
        }
        return size;
    }
}
