package penstock.fanout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.websocket.FrameWriter;
import penstock.wire.MessageBuffer;

/**
 * What a session has to write besides data: control frames that wait, whole, and the rest of the one frame that its
 * socket took in part. Bounded: requests are not read while more than 64 KiB of answers wait. Owned by the shard.
 */
final class ControlQueue {
    private static final int TOO_MUCH_CONTROL = 64 * 1024;
    /**
     * Room for a welcome; let go once it is handed over: 10,000 sessions that are sent nothing more would keep 5 MB.
     */
    private static final int FIRST_CONTROL = 512;
    private static final MessageBuffer NOTHING = new MessageBuffer(0);

    private final Transport outbound;
    private final Counters counters;
    private final boolean isEvents;
    private MessageBuffer control = NOTHING;
    private byte[] unfinished;
    private int unfinishedAt;
    private boolean isBlocked;
    private boolean readsSuspended;
    /** Null as long as it was never blocked. */
    private SendBuffer sendBuffer;
    private long blockedNs;
    private long acceptedNs;
    private long sentNs;

    ControlQueue(final Transport outbound, final Counters counters, final boolean isEvents, final long nowNs) {
        this.outbound = outbound;
        this.counters = counters;
        this.isEvents = isEvents;
        acceptedNs = nowNs;
        sentNs = nowNs;
    }

    /** Queues a frame that must be sent as it is. */
    void add(final int opcode, final byte[] payload, final int offset, final int length) {
        if (control == NOTHING) {
            control = new MessageBuffer(FIRST_CONTROL);
        }
        if (isEvents) {
            EventStream.put(control, payload, offset, length);
        } else {
            final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.headerBytes(length) + length);
            FrameWriter.putFrame(frame, opcode, payload, offset, length);
            control.put(frame.array(), 0, frame.position());
        }
        if (control.length() > TOO_MUCH_CONTROL && !readsSuspended) {
            readsSuspended = true;
            outbound.suspendReads();
        }
    }

    /** The beginning of the event stream of session {@code number}, before anything is queued. */
    void beginEvents(final int number) {
        control = new MessageBuffer(FIRST_CONTROL);
        EventStream.begin(control, number);
    }

    /**
     * So much waits that requests are no longer read; those that were read already are not to be answered at length.
     */
    boolean hasTooMuchControl() {
        return control.length() > TOO_MUCH_CONTROL;
    }

    boolean hasControl() {
        return control.length() > 0;
    }

    MessageBuffer control() {
        return control;
    }

    boolean isBlocked() {
        return isBlocked;
    }

    /** Nothing waits: neither control frames nor the rest of a frame. */
    boolean isEmpty() {
        return !isBlocked && control.length() == 0;
    }

    /** A copy of what is still to go out before anything else. */
    byte[] unfinished() {
        return isBlocked ? Arrays.copyOfRange(unfinished, unfinishedAt, unfinished.length) : new byte[0];
    }

    /** When the socket last took a byte. */
    long acceptedNs() {
        return acceptedNs;
    }

    /** When something was last sent. */
    long sentNs() {
        return sentNs;
    }

    /** Where a message for it ends. */
    int messageBytes() {
        return sendBuffer == null ? Encoder.MAX_BYTES : sendBuffer.messageBytes();
    }

    /** How much to build at once for it. */
    int writeBytes() {
        return sendBuffer == null ? Integer.MAX_VALUE : sendBuffer.writeBytes();
    }

    /** One write. Returns the bytes taken. */
    int write(final ByteBuffer frames, final long nowNs) throws IOException {
        counters.increment(Counter.WRITES);
        final int written = outbound.write(frames);
        if (written > 0) {
            acceptedNs = nowNs;
            sentNs = nowNs;
            counters.add(Counter.BYTES_SENT, written);
            if (sendBuffer != null) {
                sendBuffer.onTaken(written);
            }
        }
        return written;
    }

    /** The control frames are in the write: taken, or part of {@link #block}'s rest. */
    void controlHandedOver() {
        control = NOTHING;
        if (readsSuspended) {
            readsSuspended = false;
            outbound.resumeReads();
        }
    }

    /** The socket took less than it was given: {@code rest} of the begun frame goes first when it is clear. */
    void block(final byte[] rest, final long nowNs) {
        counters.increment(Counter.WRITES_BLOCKED);
        if (sendBuffer == null) {
            sendBuffer = new SendBuffer(outbound);
        }
        isBlocked = true;
        blockedNs = nowNs;
        acceptedNs = nowNs;
        unfinished = rest;
        unfinishedAt = 0;
        outbound.resumeWrites();
    }

    /** Goes on with the rest, through {@code scratch}; true when all is out and the socket clear. */
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
        sendBuffer.onCleared(nowNs - blockedNs);
        outbound.suspendWrites();
        return true;
    }
}
