package penstock.fanout;

import java.nio.ByteBuffer;
import java.util.Arrays;
import penstock.topic.Journal;
import penstock.topic.Topic;
import penstock.websocket.FrameWriter;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;

/**
 * Builds one write for one session: control bytes first, then frames of its due subscriptions. Nothing is taken as sent
 * until the socket has begun to take the frame that carries it: what the socket refused is built anew, with newer
 * values, when it is clear. Owned by the shard; one for all its sessions.
 */
final class FrameBuilder {
    /** Room for a write: 256 KiB is what a socket with the default send buffer takes four times over. */
    private static final int WRITE_BYTES = 256 * 1024;
    private static final byte[] END = MessageBuffer.ascii("]}");

    final MessageBuffer head = new MessageBuffer(512);
    final MessageBuffer entries = new MessageBuffer(64 * 1024);

    private final FrameCompressor deflation;
    /** A payload of the journal, in one piece, to be compressed. */
    private final MessageBuffer event = new MessageBuffer(64);
    private ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    private PendingFrame[] frames = newFrames(16);
    private int frameCount;
    private int controlEnd;
    private int fullAt;

    private int[] slots = new int[1024];
    private long[] qs = new long[1024];
    private int entryCount;
    private int openEntries;
    private long newestReceivedNs;
    private long epoch;
    private long p;

    FrameBuilder(final FrameCompressor deflation) {
        this.deflation = deflation;
    }

    /** Empties it for the next write, which ends behind the frame that passes {@code mostBytes}. */
    void begin(final int mostBytes) {
        if (out.capacity() > 4 * WRITE_BYTES) {
            out = ByteBuffer.allocateDirect(WRITE_BYTES);
        }
        out.clear();
        fullAt = mostBytes;
        frameCount = 0;
        controlEnd = 0;
        entryCount = 0;
        openEntries = 0;
    }

    /** Puts whole control frames in front; once, before any frame. */
    void putControl(final MessageBuffer framed) {
        ensureRoom(framed.length());
        out.put(framed.bytes(), 0, framed.length());
        controlEnd = out.position();
    }

    /** Begins a message of entries. */
    void startMessage() {
        head.clear();
        entries.clear();
        openEntries = 0;
        newestReceivedNs = Long.MIN_VALUE;
        p = 0;
    }

    /** What the message under construction says to have reached; 0 = nothing yet. */
    void reached(final long atEpoch, final long position) {
        epoch = atEpoch;
        p = position;
    }

    /** Notes that {@code topic}, in that slot of its subscription, goes with the frame under construction. */
    void note(final int slot, final Topic topic) {
        note(slot, topic.q(), topic.receivedNs());
    }

    /** Notes that the topic in that slot is known up to sequence {@code q} with the frame under construction. */
    void note(final int slot, final long q, final long receivedNs) {
        final int at = entryCount + openEntries++;
        if (at == slots.length) {
            slots = Arrays.copyOf(slots, at * 2);
            qs = Arrays.copyOf(qs, at * 2);
        }
        slots[at] = slot;
        qs[at] = q;
        newestReceivedNs = Math.max(newestReceivedNs, receivedNs);
    }

    /** Ends a message: head, entries, {@code ]}}. Null when this write has no room left for it. */
    PendingFrame endMessage(final Subscription owner) {
        entries.put(END);
        return endPlain(owner);
    }

    /** Ends a message that is what was put into head and entries. Null when this write has no room left for it. */
    PendingFrame endPlain(final Subscription owner) {
        if (owner.session.kind() == SessionKind.EVENTS) {
            return endEvent(owner);
        }
        if (owner.session.deflates() && deflation.deflate(head, entries, owner.session.windowBits())) {
            return addDeflated(owner);
        }
        final int payload = head.length() + entries.length();
        if (!ensureRoom(FrameWriter.headerBytes(payload) + payload)) {
            openEntries = 0;
            return null;
        }
        FrameWriter.putHeader(out, Opcode.TEXT, payload);
        out.put(head.bytes(), 0, head.length()).put(entries.bytes(), 0, entries.length());
        return addFrame(owner);
    }

    private PendingFrame addDeflated(final Subscription owner) {
        final int payload = deflation.length();
        if (!ensureRoom(FrameWriter.headerBytes(payload) + payload)) {
            openEntries = 0;
            return null;
        }
        FrameWriter.putFrame(out, Opcode.TEXT | FrameWriter.COMPRESSED, deflation.bytes(), deflation.offset(), payload);
        return addFrame(owner);
    }

    private PendingFrame endEvent(final Subscription owner) {
        EventStream.open(event.clear(), head.bytes(), 0, epoch, p);
        if (!ensureRoom(event.length() + head.length() + entries.length() + EventStream.END.length)) {
            openEntries = 0;
            return null;
        }
        EventStream.unbreak(entries.bytes(), entries.length());
        out.put(event.bytes(), 0, event.length()).put(head.bytes(), 0, head.length())
            .put(entries.bytes(), 0, entries.length());
        out.put(EventStream.END);
        return addFrame(owner);
    }

    /** A frame that is the upstream's payload and nothing else. Null when this write has no room left for it. */
    PendingFrame putPayload(final Subscription owner, final int slot, final Topic topic) {
        notePayload(slot, topic.q(), topic.receivedNs());
        return putPayload(owner, topic.payload(), topic.payloadBytes());
    }

    /** The same of an entry of the journal. */
    PendingFrame putPayload(final Subscription owner, final int slot, final Journal journal, final long address) {
        notePayload(slot, journal.q(address), journal.receivedNs(address));
        journal.appendPayload(address, entries.clear());
        return putPayload(owner, entries.bytes(), entries.length());
    }

    private void notePayload(final int slot, final long q, final long receivedNs) {
        openEntries = 0;
        newestReceivedNs = Long.MIN_VALUE;
        note(slot, q, receivedNs);
    }

    private PendingFrame putPayload(final Subscription owner, final byte[] payload, final int length) {
        if (owner.session.deflates() && deflation.deflate(payload, length, owner.session.windowBits())) {
            return addDeflated(owner);
        }
        if (!ensureRoom(FrameWriter.headerBytes(length) + length)) {
            openEntries = 0;
            return null;
        }
        FrameWriter.putFrame(out, Opcode.TEXT, payload, 0, length);
        return addFrame(owner);
    }

    /** Frames built so far. */
    int frameCount() {
        return frameCount;
    }

    PendingFrame frame(final int i) {
        return frames[i];
    }

    /** Bytes of frame {@code i}. */
    int bytes(final int i) {
        return frames[i].end - (i == 0 ? controlEnd : frames[i - 1].end);
    }

    int entriesStart(final int i) {
        return i == 0 ? 0 : frames[i - 1].entriesEnd;
    }

    int slot(final int entry) {
        return slots[entry];
    }

    long q(final int entry) {
        return qs[entry];
    }

    /** Whether frame {@code i} had been begun when {@code written} bytes were taken. */
    boolean isBegun(final int i, final int written) {
        return (i == 0 ? controlEnd : frames[i - 1].end) < written;
    }

    /** Room for bytes on their way to a socket, while no write is under construction. */
    ByteBuffer scratch() {
        return out;
    }

    /** The write, ready to be handed out. */
    ByteBuffer flip() {
        return out.flip();
    }

    /**
     * What the session must finish: the rest of the control bytes, or of the one frame that was begun; empty if it
     * ended at a border.
     */
    byte[] unfinished(final int written) {
        int end = controlEnd;
        for (int i = 0; i < frameCount && end < written; i++) {
            end = frames[i].end;
        }
        final byte[] rest = new byte[Math.max(0, end - written)];
        out.get(written, rest);
        return rest;
    }

    private PendingFrame addFrame(final Subscription owner) {
        if (frameCount == frames.length) {
            final int had = frames.length;
            frames = Arrays.copyOf(frames, had * 2);
            for (int i = had; i < frames.length; i++) {
                frames[i] = new PendingFrame();
            }
        }
        entryCount += openEntries;
        openEntries = 0;
        final PendingFrame frame = frames[frameCount++];
        frame.owner = owner;
        frame.end = out.position();
        frame.entriesEnd = entryCount;
        frame.snapshot = false;
        frame.lastImages = false;
        frame.gap = false;
        frame.owes = false;
        frame.journalEnd = Journal.NONE;
        frame.position = -1;
        frame.gapAt = Journal.NONE;
        frame.completes = false;
        frame.newestReceivedNs = newestReceivedNs;
        return frame;
    }

    /** An empty write grows for whatever must go into it; one that has something ends here. */
    private boolean ensureRoom(final int bytes) {
        if (out.remaining() >= bytes && out.position() < fullAt) {
            return true;
        }
        if (out.position() > 0) {
            return false;
        }
        out = ByteBuffer.allocateDirect(bytes);
        return true;
    }

    private static PendingFrame[] newFrames(final int count) {
        final PendingFrame[] frames = new PendingFrame[count];
        Arrays.setAll(frames, i -> new PendingFrame());
        return frames;
    }
}
