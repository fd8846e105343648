package penstock.fanout.frame;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.subscription.SessionProfile;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;

/**
 * The control frames that a session has queued, and the rest of the one frame that its socket took in part. Bounded:
 * requests are not read while more than 64 KiB of replies are queued. Owned by the shard's io thread.
 */
public final class ControlQueue {
    private static final int CONTROL_HIGH_WATERMARK = 64 * 1024;
    /** Room for a welcome; released once it is written: 10,000 sessions with no other control data would keep 5 MB. */
    private static final int FIRST_CONTROL_BYTES = 512;
    private static final MessageBuffer NOTHING = new MessageBuffer(0);

    private final Transport transport;
    private final Counters counters;
    private final FrameFormat frames;
    private MessageBuffer control = NOTHING;
    private byte[] unfinished;
    private int unfinishedAt;
    private boolean isBlocked;
    private boolean readsSuspended;
    /** Null before the first block. */
    private SendBuffer sendBuffer;
    private long blockedNs;
    private long blockedForNs;
    private long acceptedNs;
    private long sentNs;
    private long bytes;

    /** Of an open socket; begins with the preamble of the session's format. */
    public ControlQueue(final Transport transport, final Counters counters, final SessionProfile session,
            final long nowNs) {
        this.transport = transport;
        this.counters = counters;
        frames = session.frames();
        acceptedNs = nowNs;
        sentNs = nowNs;
        final byte[] preamble = frames.preamble(session.number());
        if (preamble.length > 0) {
            control = new MessageBuffer(FIRST_CONTROL_BYTES).put(preamble);
        }
    }

    /** Queues a message. */
    public void addText(final MessageBuffer message) {
        add(Opcode.TEXT, message.bytes(), 0, message.length());
    }

    /** Queues a frame. */
    public void add(final int opcode, final byte[] payload, final int offset, final int length) {
        if (control == NOTHING) {
            control = new MessageBuffer(FIRST_CONTROL_BYTES);
        }
        frames.putControl(control, opcode, payload, offset, length);
        if (control.length() > CONTROL_HIGH_WATERMARK && !readsSuspended) {
            readsSuspended = true;
            transport.suspendReads();
        }
    }

    /** Control data is over the limit: stop reading requests and keep replies to those already read short. */
    public boolean isOverLimit() {
        return control.length() > CONTROL_HIGH_WATERMARK;
    }

    /** Whether control frames are queued. */
    public boolean hasControl() {
        return control.length() > 0;
    }

    MessageBuffer control() {
        return control;
    }

    /** Whether the socket took a frame in part. */
    public boolean isBlocked() {
        return isBlocked;
    }

    /** Whether neither control frames nor the rest of a frame are left. */
    public boolean isEmpty() {
        return !isBlocked && control.length() == 0;
    }

    /** A copy of the rest of the unfinished frame. */
    public byte[] unfinished() {
        return isBlocked ? Arrays.copyOfRange(unfinished, unfinishedAt, unfinished.length) : new byte[0];
    }

    /** Bytes that wait for the socket: control frames, and the rest of the unfinished frame. */
    public int waitingBytes() {
        return control.length() + (isBlocked ? unfinished.length - unfinishedAt : 0);
    }

    /** When the socket took a frame in part, if it is blocked. */
    public long blockedNs() {
        return blockedNs;
    }

    /** For how long the socket was blocked in all, up to {@code nowNs}. */
    public long blockedForNs(final long nowNs) {
        return blockedForNs + (isBlocked ? nowNs - blockedNs : 0);
    }

    /** When the socket last took a byte. */
    public long acceptedNs() {
        return acceptedNs;
    }

    /** When something was last sent. */
    public long sentNs() {
        return sentNs;
    }

    /** Bytes that the socket took so far. */
    public long bytes() {
        return bytes;
    }

    /** Where a message ends. */
    int messageBytes() {
        return sendBuffer == null ? FrameSizes.MAX_MESSAGE_BYTES : sendBuffer.messageBytes();
    }

    /** How many bytes to build at once. */
    int writeBytes() {
        return sendBuffer == null ? Integer.MAX_VALUE : sendBuffer.writeBytes();
    }

    /** Writes once; returns the bytes taken. */
    int write(final ByteBuffer frames, final long nowNs) throws IOException {
        counters.increment(Counter.WRITES);
        final int written = transport.write(frames);
        if (written > 0) {
            acceptedNs = nowNs;
            sentNs = nowNs;
            bytes += written;
            counters.add(Counter.BYTES_SENT, written);
            if (sendBuffer != null) {
                sendBuffer.onTaken(written);
            }
        }
        return written;
    }

    /** The queued frames are in the write: taken, or part of the rest given to {@link #block}. */
    void onControlWritten() {
        control = NOTHING;
        if (readsSuspended) {
            readsSuspended = false;
            transport.resumeReads();
        }
    }

    /** The socket took less than offered: {@code rest} of the begun frame is sent first when it is writable. */
    void block(final byte[] rest, final long nowNs) {
        counters.increment(Counter.WRITES_BLOCKED);
        if (sendBuffer == null) {
            sendBuffer = new SendBuffer(transport);
        }
        isBlocked = true;
        blockedNs = nowNs;
        acceptedNs = nowNs;
        unfinished = rest;
        unfinishedAt = 0;
        transport.resumeWrites();
    }

    /** Continues with the rest, through {@code scratch}; true when all is sent and the socket is clear. */
    boolean finish(final ByteBuffer scratch, final long nowNs) throws IOException {
        while (unfinishedAt < unfinished.length) {
            scratch.clear();
            final int count = Math.min(scratch.remaining(), unfinished.length - unfinishedAt);
            scratch.put(unfinished, unfinishedAt, count).flip();
            final int written = write(scratch, nowNs);
            unfinishedAt += written;
            if (written < count) {
                return false;
            }
        }
        unfinished = null;
        isBlocked = false;
        blockedForNs += nowNs - blockedNs;
        sendBuffer.onCleared(nowNs - blockedNs);
        transport.suspendWrites();
        return true;
    }
}
