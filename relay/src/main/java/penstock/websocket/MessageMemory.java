package penstock.websocket;

import java.util.Arrays;

/**
 * Where the bytes of a message lie while it is read: in the scratch that all parsers of the thread share, and from the
 * end of the call that leaves a message unfinished until its delivery in memory of its own. That grows by what has
 * arrived, never by what a header declares: at most twice that. A control frame's payload lies behind the message it
 * interrupts. Owned by its parser.
 */
final class MessageMemory {
    private static final int SMALLEST_BYTES = 256;
    private static final byte[] NONE = {};

    private final byte[] scratch;
    private final int keptBytes;
    private byte[] own = NONE;
    private byte[] bytes;
    private int messageBytes;
    private int controlBytes;

    MessageMemory(final byte[] scratch, final int keptBytes) {
        this.scratch = scratch;
        this.keptBytes = keptBytes;
        this.bytes = scratch;
    }

    /** What it holds besides the scratch. */
    int ownBytes() {
        return own.length;
    }

    /** Valid until the next {@link #reserve} or {@link #settle}. */
    byte[] bytes() {
        return bytes;
    }

    int messageBytes() {
        return messageBytes;
    }

    /** Where a control frame's payload begins, and the next bytes of the message go when there is none. */
    int controlOffset() {
        return messageBytes;
    }

    int controlBytes() {
        return controlBytes;
    }

    /** Where the next bytes go. */
    int end() {
        return messageBytes + controlBytes;
    }

    /** Bytes that go in without {@link #reserve}. */
    int room() {
        return bytes.length - end();
    }

    void addMessage(final int count) {
        messageBytes += count;
    }

    void addControl(final int count) {
        controlBytes += count;
    }

    /** Makes room for {@code count} bytes that are here: in the source, or out of the inflater. */
    void reserve(final int count) {
        if (room() < count) {
            moveToOwn(Math.max(end() + count, bytes == own ? growth() : 0));
        }
    }

    /** Forgets the message just before its delivery; its bytes stay as they are until the next call. */
    void takeMessage() {
        messageBytes = 0;
    }

    /** Forgets the control frame just before its delivery. */
    void takeControl() {
        controlBytes = 0;
    }

    /** Behind every delivery: with nothing in it, the scratch is good enough again. */
    void release() {
        if (end() == 0) {
            bytes = scratch;
            if (own.length > keptBytes) {
                own = NONE;
            }
        }
    }

    /** At the end of a call: the scratch goes to the next connection. */
    void settle() {
        if (bytes == scratch && end() > 0) {
            moveToOwn(end());
        }
    }

    /** Drops all. */
    void clear() {
        messageBytes = 0;
        controlBytes = 0;
        bytes = scratch;
        own = NONE;
    }

    private int growth() {
        return own.length < 1 << 29 ? own.length * 2 : own.length + (1 << 28);
    }

    private void moveToOwn(final int needed) {
        if (bytes == own) {
            own = Arrays.copyOf(own, needed);
        } else {
            if (own.length < needed) {
                own = new byte[Math.max(needed, SMALLEST_BYTES)];
            }
            System.arraycopy(bytes, 0, own, 0, end());
        }
        bytes = own;
    }
}
