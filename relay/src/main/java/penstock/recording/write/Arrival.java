package penstock.recording.write;

/**
 * What is recorded of a message beside its bytes. Used again for the next one.
 *
 * <p>Owned by the thread that offers it, or polls it.
 */
final class Arrival {
    /** What it is: types of the ring, which must be above 0. */
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int FETCHED = 3;
    static final int OPEN = 4;
    static final int CLOSE = 5;

    int type;
    int feed;
    /** From 1; 0 = none. */
    int connection;
    /** Nanoseconds since 1970. */
    long receivedNs;
    /** Of an answer over HTTP: that of its request. */
    long key;
    /** Messages of the feed that found no room right before it. */
    long missing;

    Arrival set(final int newType, final int newConnection, final long newReceivedNs, final long newKey) {
        type = newType;
        connection = newConnection;
        receivedNs = newReceivedNs;
        key = newKey;
        return this;
    }
}
