package penstock.websocket;

/**
 * Which end of the connection is ours. Immutable.
 */
public enum Role {
    /**
     * A subscriber is at the other end: every frame of it must be masked. What one split message took is given back
     * above 8 KiB.
     */
    SERVER(8 << 10),

    /**
     * A venue is at the other end: none of its frames may be masked. There is one such connection and its reads end in
     * the middle of a frame all the time, so up to 1 MiB is kept between messages instead of being allocated again for
     * each.
     */
    CLIENT(1 << 20);

    private final int keptBytes;

    Role(final int keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** The largest memory that a parser keeps once its message is delivered. */
    int keptBytes() {
        return keptBytes;
    }
}
