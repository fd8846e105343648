package penstock.websocket;

/** The relay's role on a connection. Immutable. */
public enum Role {
    /**
     * The peer is a subscriber: it must mask every frame. There are many such connections, so memory of a split message
     * is released with the message.
     */
    SERVER(0),

    /**
     * The peer is a venue: it must not mask frames. There are few such connections and their reads often end in the
     * middle of a frame, so up to 1 MiB is kept between messages instead of allocated for each.
     */
    CLIENT(1 << 20);

    private final int keptBytes;

    Role(final int keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** The most memory that a parser keeps after it has delivered a message. */
    int keptBytes() {
        return keptBytes;
    }
}
