package penstock.recording;

/**
 * One entry of a recording as a relay writes it: a message, or a mark. It is valid until the reader's next call, and
 * the reader uses it again for the next entry.
 *
 * <p>Owned by the thread that reads.
 */
public final class RecordingEntry {
    /** What it is. */
    public enum Kind {
        /** A text message. */
        TEXT,
        /** A binary message; inflated, if the venue compresses each message. */
        BINARY,
        /** A binary message as it came, because it cannot be inflated. */
        PACKED,
        /** The answer to a request over HTTP. */
        FETCHED,
        /** A connection to the venue was opened. */
        OPEN,
        /** A connection to the venue ended. */
        CLOSE,
        /** Messages are missing here. */
        LOST
    }

    Kind kind;
    long receivedNs;
    long connection;
    long key;
    long missing;
    byte[] buffer;
    int offset;
    int length;

    RecordingEntry() {
    }

    /** What it is. */
    public Kind kind() {
        return kind;
    }

    /** True if it came over a connection. */
    public boolean isMessage() {
        return kind == Kind.TEXT || kind == Kind.BINARY || kind == Kind.PACKED;
    }

    /** When it was received, ns since 1970. */
    public long receivedNs() {
        return receivedNs;
    }

    /** The number of the connection that it is about. */
    public long connection() {
        return connection;
    }

    /** Of an answer over HTTP: that of its request. */
    public long key() {
        return key;
    }

    /** How many messages are missing; 0 = it is not known. */
    public long missing() {
        return missing;
    }

    /** Contains the message. */
    public byte[] buffer() {
        return buffer;
    }

    /** Start of the message in the buffer. */
    public int offset() {
        return offset;
    }

    /** Bytes of the message. */
    public int length() {
        return length;
    }
}
