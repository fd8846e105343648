package penstock.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A socket that takes as much as it is told to, and cuts what it took into frames, each with the time when its first
 * byte came.
 */
final class RecordingSocket implements Transport {
    record Frame(int opcode, String text, long begunNs) {
    }

    int sendBufferBytes;
    int sendBufferSets;
    private final HandTurnedThread thread;
    private final Random random;
    private final List<Frame> frames = new ArrayList<>();
    private byte[] bytes = new byte[256];
    private int length;
    private long begunNs;
    private long takes = Long.MAX_VALUE;
    private boolean fickle;
    private boolean wantsWrites;
    private boolean closed;
    private int compressed;
    private boolean readsSuspended;

    RecordingSocket(final HandTurnedThread thread, final Random random) {
        this.thread = thread;
        this.random = random;
    }

    /** From now on takes {@code count} bytes and then no more. */
    void takeOnly(final long count) {
        takes = count;
    }

    /** From now on takes a random part of each write. */
    void beFickle() {
        fickle = true;
        takes = Long.MAX_VALUE;
    }

    void takeAll() {
        fickle = false;
        takes = Long.MAX_VALUE;
    }

    /** Frames that came compressed. */
    int compressed() {
        return compressed;
    }

    boolean isStalled() {
        return takes == 0;
    }

    boolean wantsWrites() {
        return wantsWrites;
    }

    boolean isReadSuspended() {
        return readsSuspended;
    }

    boolean isClosed() {
        return closed;
    }

    /** Bytes of the frame that is not complete yet: 0 at a border between frames. */
    int partOfFrame() {
        return length;
    }

    /** How many bytes that frame still misses; -1 while its header is not complete. */
    int missing() {
        final int header = length < 2 ? -1 : headerBytes();
        return header < 0 || length < header ? -1 : header + payloadBytes(header) - length;
    }

    List<Frame> takeFrames() {
        final List<Frame> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        int count = (int) Math.min(takes, source.remaining());
        if (fickle && random.nextInt(3) == 0) {
            count = random.nextInt(count + 1);
        }
        for (int i = 0; i < count; i++) {
            take(source.get());
        }
        if (takes != Long.MAX_VALUE) {
            takes -= count;
        }
        return count;
    }

    @Override
    public int sendBufferBytes() {
        return 64 * 1024;
    }

    @Override
    public void sendBufferBytes(final int bytes) {
        sendBufferBytes = bytes;
        sendBufferSets++;
    }

    @Override
    public void resumeWrites() {
        wantsWrites = true;
    }

    @Override
    public void suspendWrites() {
        wantsWrites = false;
    }

    @Override
    public void suspendReads() {
        readsSuspended = true;
    }

    @Override
    public void resumeReads() {
        readsSuspended = false;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void take(final byte b) {
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
                frames.add(new Frame(bytes[0] & 15, text(header), begunNs));
                length = 0;
            }
        }
    }

    private String text(final int header) {
        if ((bytes[0] & 0x40) == 0) {
            return new String(bytes, header, length - header, StandardCharsets.UTF_8);
        }
        compressed++;
        final byte[] whole = Arrays.copyOfRange(bytes, header, length + 4);
        Arrays.fill(whole, length - header, length - header + 2, (byte) 0);
        Arrays.fill(whole, length - header + 2, whole.length, (byte) -1);
        final Inflater inflater = new Inflater(true);
        inflater.setInput(whole);
        try {
            final byte[] plain = new byte[1 << 20];
            return new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8);
        } catch (final DataFormatException e) {
            throw new AssertionError(e);
        } finally {
            inflater.end();
        }
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
