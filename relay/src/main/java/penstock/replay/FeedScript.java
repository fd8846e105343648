package penstock.replay;

/**
 * What a feed server plays: decides which frames each client is sent, and when. By itself it is silent.
 *
 * <p>Every call comes on the server's io thread, so a script needs no lock. It sends by {@link FeedClient#send}, which
 * only queues; the server writes after the call.
 */
public interface FeedScript {
    /** Returned by {@link #onTurn}: nothing to do until a client connects or sends a message. */
    long NEVER = Long.MAX_VALUE;

    /** A client finished its handshake. */
    default void onOpen(final FeedClient client, final long nowNs) {
    }

    /** A client sent a text message; the buffer is valid during the call only. */
    default void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
    }

    /** A client sent a ping, which the server answers, or a pong. */
    default void onLife(final FeedClient client, final boolean isPong) {
    }

    /** A client has disconnected; frames sent to it from now on are discarded. */
    default void onClosed(final FeedClient client, final long nowNs) {
    }

    /**
     * Sends the frames that are due, as long as {@code outlet} has room.
     *
     * @return when the script needs its next turn, by the clock of {@code nowNs}; {@code nowNs} or earlier means "as
     * soon as there is room"
     */
    default long onTurn(final long nowNs, final Outlet outlet) {
        return NEVER;
    }

    /** When the script needs a turn even without room. */
    default long dueNs() {
        return NEVER;
    }

    /** How much of the sent data the clients have accepted. */
    interface Outlet {
        /**
         * True if the pending data of every client is below the bound. A script that sends without room makes the
         * server buffer without bound.
         */
        boolean hasRoom();

        /** True if the sockets have accepted all frames. */
        boolean isDrained();
    }
}
