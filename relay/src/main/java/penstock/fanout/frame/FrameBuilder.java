package penstock.fanout.frame;

import java.nio.ByteBuffer;
import java.util.Arrays;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.subscription.Subscription;
import penstock.topic.JournalEntries;
import penstock.topic.Topic;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;

/**
 * Builds one write for one session: control bytes first, then frames of its due subscriptions. An entry counts as sent
 * once the socket has begun to take its frame: frames that the socket refused are built again, with newer values, when
 * it is writable. Owned by the shard's io thread; one for all its sessions.
 */
final class FrameBuilder {
    /** Room for a write: 256 KiB are four times the default send buffer of a socket. */
    private static final int WRITE_BYTES = 256 * 1024;
    /** How often a write under construction looks at the clock, in bytes before they are compressed. */
    private static final int BYTES_PER_LOOK = 16 * 1024;
    private static final int ENTRIES_PER_LOOK = 64;
    private static final byte[] END = MessageBuffer.ascii("]}");
    private static final MessageBuffer NO_HEAD = new MessageBuffer(0);

    final MessageBuffer head = new MessageBuffer(512);
    final MessageBuffer entries = new MessageBuffer(64 * 1024);

    private ByteBuffer out = ByteBuffer.allocateDirect(WRITE_BYTES);
    private final ShardClock clock;
    private PendingFrame[] frames = newFrames(16);
    private int frameCount;
    private int controlEnd;
    private int fullAt;
    private long endNs;
    private int lookAt;
    private int builtBytes;

    private int[] slots = new int[1024];
    private long[] qs = new long[1024];
    private int[] announced = new int[64];
    private int announcedCount;
    private int entryCount;
    private int openEntries;
    private long newestReceivedNs;
    private long newestReadNs;
    private long epoch;
    private long p;
    private PendingWrite write;

    /** For writes that end in time by {@code clock}. */
    FrameBuilder(final ShardClock clock) {
        this.clock = clock;
    }

    /** Begins a write, which ends behind the frame that passes {@code maxBytes} or is built at {@code untilNs}. */
    void begin(final int maxBytes, final long untilNs) {
        if (out.capacity() > 4 * WRITE_BYTES) {
            out = ByteBuffer.allocateDirect(WRITE_BYTES);
        }
        out.clear();
        fullAt = maxBytes;
        endNs = untilNs;
        lookAt = BYTES_PER_LOOK;
        builtBytes = 0;
        frameCount = 0;
        controlEnd = 0;
        entryCount = 0;
        openEntries = 0;
        announcedCount = 0;
    }

    /** Puts whole control frames in front; once, before any frame. */
    void putControl(final MessageBuffer framed) {
        ensureRoom(framed.length());
        out.put(framed.bytes(), 0, framed.length());
        controlEnd = out.position();
    }

    /** The frames that follow are of the subscription with this write. */
    void beginSubscription(final PendingWrite pendingWrite) {
        write = pendingWrite;
    }

    /** Begins a message of entries. */
    void startMessage() {
        head.clear();
        entries.clear();
        openEntries = 0;
        newestReceivedNs = Long.MIN_VALUE;
        newestReadNs = Long.MIN_VALUE;
        p = 0;
    }

    /** Sets the position that the message under construction reaches; 0 = none. */
    void position(final long atEpoch, final long position) {
        epoch = atEpoch;
        p = position;
    }

    /** Adds the newest value of {@code topic}, in that slot of its subscription, to the frame under construction. */
    void note(final int slot, final Topic topic) {
        note(slot, topic.q(), topic.receivedNs());
        newestReadNs = Math.max(newestReadNs, topic.readNs());
    }

    /** With the frame under construction the client has the topic in that slot up to sequence {@code q}. */
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

    /** Ends a message: head, entries, {@code ]}}. Null when the write has no room for it. */
    PendingFrame endMessage(final Subscription owner) {
        entries.put(END);
        return endPlain(owner);
    }

    /** Ends a message that is exactly head and entries. Null when the write has no room for it. */
    PendingFrame endPlain(final Subscription owner) {
        return putFrame(owner, Opcode.TEXT, entries.bytes(), entries.length());
    }

    /** Ends a binary message that is exactly the entries. Null when the write has no room for it. */
    PendingFrame endBinary(final Subscription owner) {
        return putFrame(owner, Opcode.BINARY, entries.bytes(), entries.length());
    }

    /** Adds a frame that is exactly the upstream's payload. Null when the write has no room for it. */
    PendingFrame putPayload(final Subscription owner, final int slot, final Topic topic) {
        if (!notePayload(slot, topic.q(), topic.receivedNs())) {
            return null;
        }
        newestReadNs = topic.readNs();
        return putFrame(owner, Opcode.TEXT, topic.payload(), topic.payloadBytes());
    }

    /** The same for an entry of the journal. */
    PendingFrame putPayload(final Subscription owner, final int slot, final JournalEntries stored, final long address) {
        if (!notePayload(slot, stored.q(address), stored.receivedNs(address))) {
            return null;
        }
        stored.appendPayload(address, entries.clear());
        return putFrame(owner, Opcode.TEXT, entries.bytes(), entries.length());
    }

    /**
     * Adds a message in front of the one under construction: the client knows the topics of these slots, and that
     * number of columns, with it. Null when the write has no room for it: then the one under construction has none.
     */
    PendingFrame putAnnouncement(final Subscription owner, final MessageBuffer message, final int[] newSlots,
            final int count, final int columns) {
        final int open = openEntries;
        openEntries = 0;
        final FrameFormat format = owner.session().frames();
        if (!ensureRoom(format.dataBytes(NO_HEAD, message.bytes(), message.length(), epoch, 0))) {
            return null;
        }
        format.putData(out, Opcode.TEXT, NO_HEAD, message.bytes(), message.length());
        builtBytes += message.length();
        if (announcedCount + count > announced.length) {
            announced = Arrays.copyOf(announced, 2 * (announcedCount + count));
        }
        System.arraycopy(newSlots, 0, announced, announcedCount, count);
        announcedCount += count;
        final PendingFrame frame = addFrame(owner);
        frame.announces = true;
        frame.columns = columns;
        openEntries = open;
        return frame;
    }

    private boolean notePayload(final int slot, final long q, final long receivedNs) {
        head.clear();
        openEntries = 0;
        newestReceivedNs = Long.MIN_VALUE;
        newestReadNs = Long.MIN_VALUE;
        note(slot, q, receivedNs);
        return hasRoom();
    }

    private PendingFrame putFrame(final Subscription owner, final int opcode, final byte[] body, final int length) {
        final FrameFormat format = owner.session().frames();
        if (!ensureRoom(format.dataBytes(head, body, length, epoch, p))) {
            return null;
        }
        format.putData(out, opcode, head, body, length);
        builtBytes += length;
        return addFrame(owner);
    }

    /**
     * Adds a whole control frame behind all frames, even if the write is full: with it the client knows the position
     * {@code reached}.
     */
    void putTail(final MessageBuffer framed, final long reached) {
        if (out.remaining() >= framed.length()) {
            out.put(framed.bytes(), 0, framed.length());
            addFrame(null).position = reached;
        }
    }

    /** The position of the control frame at the end of the write if {@code written} bytes have begun it, else -1. */
    long tail(final int written) {
        final int last = frameCount - 1;
        return last >= 0 && frames[last].owner == null && isBegun(last, written) ? frames[last].position : -1;
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

    int announcedStart(final int i) {
        return i == 0 ? 0 : frames[i - 1].announcedEnd;
    }

    int announcedSlot(final int i) {
        return announced[i];
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

    /** The buffer of the write, for other use while no write is under construction. */
    ByteBuffer scratch() {
        return out;
    }

    /** The write, ready to be sent. */
    ByteBuffer flip() {
        return out.flip();
    }

    /** The rest of the control bytes, or of the one frame that was begun; empty if the write ended between frames. */
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
        frame.write = write;
        frame.end = out.position();
        frame.entriesEnd = entryCount;
        frame.snapshot = false;
        frame.lastImages = false;
        frame.gap = false;
        frame.requestsImages = false;
        frame.journalEnd = JournalEntries.NONE;
        frame.position = -1;
        frame.turn = -1;
        frame.gapAt = JournalEntries.NONE;
        frame.completes = false;
        frame.keepsAnnounced = false;
        frame.announces = false;
        frame.announcedEnd = announcedCount;
        frame.newestReceivedNs = newestReceivedNs;
        frame.newestReadNs = newestReadNs;
        return frame;
    }

    /** Whether a frame of usual size may follow. */
    boolean hasRoom() {
        if (builtBytes >= lookAt) {
            lookAt = builtBytes + BYTES_PER_LOOK;
            fullAt = clock.nowNs() - endNs >= 0 ? 0 : fullAt;
        }
        return out.position() == 0 || out.position() < fullAt;
    }

    /** Whether the message under construction, of {@code n} entries, is to end: the time of the write is over. */
    boolean isTimeUp(final int n) {
        return n > 0 && n % ENTRIES_PER_LOOK == 0 && isTimeUp();
    }

    /** Whether the time of the write is over. */
    boolean isTimeUp() {
        return clock.nowNs() - endNs >= 0;
    }

    /** An empty write grows as needed; one with content ends here. */
    private boolean ensureRoom(final int bytes) {
        if (out.remaining() >= bytes && out.position() < fullAt) {
            return true;
        }
        if (out.position() > 0) {
            openEntries = 0;
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
