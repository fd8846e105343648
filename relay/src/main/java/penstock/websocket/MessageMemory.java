package penstock.websocket;

/**
 * The bytes of a message while it is read. They are in the scratch that all parsers of the thread share; a message that
 * is incomplete at the end of a call moves to memory of its own until its delivery. That memory grows with the bytes
 * that have arrived, to at most twice their number, never with the length that a header declares. A control frame's
 * payload follows the message that it interrupts. Owned by its parser.
 */
final class MessageMemory {
    private static final byte[] NONE = {};

    private final byte[] scratch;
    private final int keptBytes;
    private final PartialMemory partial;
    private byte[] own = NONE;
    private byte[] bytes;
    private int messageBytes;
    private int controlBytes;

    MessageMemory(final byte[] scratch, final int keptBytes, final PartialMemory partial) {
        this.scratch = scratch;
        this.keptBytes = keptBytes;
        this.partial = partial;
        this.bytes = scratch;
    }

    /** Size of its own memory, without the scratch. */
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

    /** Start of a control frame's payload, or end of the message if there is none. */
    int controlOffset() {
        return messageBytes;
    }

    int controlBytes() {
        return controlBytes;
    }

    /** End of all bytes. */
    int end() {
        return messageBytes + controlBytes;
    }

    /** Free bytes before the next {@link #reserve}. */
    int room() {
        return bytes.length - end();
    }

    void addMessage(final int count) {
        messageBytes += count;
    }

    void addControl(final int count) {
        controlBytes += count;
    }

    /** Makes room for {@code count} bytes that have arrived or been inflated. */
    void reserve(final int count) throws ProtocolException {
        if (room() < count) {
            moveToOwn(Math.max(end() + count, bytes == own ? growth() : 0));
        }
    }

    /** Clears the message just before its delivery; its bytes stay valid until the next call. */
    void takeMessage() {
        messageBytes = 0;
    }

    /** Clears the control frame just before its delivery. */
    void takeControl() {
        controlBytes = 0;
    }

    /** After each delivery: returns to the scratch if no bytes are left. */
    void release() {
        if (end() == 0) {
            bytes = scratch;
            if (own.length > keptBytes) {
                releaseOwn();
            }
        }
    }

    /** At the end of a call: the next connection uses the scratch, so bytes in it move to own memory. */
    void settle() throws ProtocolException {
        if (bytes == scratch && end() > 0) {
            moveToOwn(end());
        }
    }

    /** Discards everything. */
    void clear() {
        messageBytes = 0;
        controlBytes = 0;
        bytes = scratch;
        releaseOwn();
    }

    private void releaseOwn() {
        if (own != NONE) {
            partial.giveBack(own);
            own = NONE;
        }
    }

    private int growth() {
        return own.length < 1 << 29 ? own.length * 2 : own.length + (1 << 28);
    }

    private void moveToOwn(final int needed) throws ProtocolException {
        final byte[] before = own;
        if (before.length < needed) {
            final byte[] grown = partial.take(needed);
            if (grown == null) {
                throw ProtocolException.noMemory();
            }
            own = grown;
        }
        System.arraycopy(bytes, 0, own, 0, end());
        bytes = own;
        if (before != own && before != NONE) {
            partial.giveBack(before);
        }
    }
}
