package penstock.replay;

/**
 * What a feed server plays: decides which client is sent what, and when.
 *
 * <p>Every call comes on the server's io thread, so a script needs no lock. It sends by {@link FeedClient#send}, which
 * only queues; the server writes after the call.
 */
public interface FeedScript {
    /** Returned by {@link #onTurn}: nothing to do until a client connects or says something. */
    long NEVER = Long.MAX_VALUE;

    /** A client finished its handshake. */
    void onOpen(FeedClient client, long nowNs);

    /** A client sent a text message; the buffer is valid during the call only. */
    default void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
    }

    /** A client sent a ping, which the server answers, or a pong. */
    default void onLife(final FeedClient client, final boolean isPong) {
    }

    /** A client is gone; what is sent to it from now on goes nowhere. */
    void onClosed(FeedClient client, long nowNs);

    /**
     * Sends what is due, as long as {@code outlet} has room.
     *
     * @return when it wants the next turn, by the clock of {@code nowNs}: {@code nowNs} or earlier is "at once, as soon
     * as there is room"
     */
    long onTurn(long nowNs, Outlet outlet);

    /** When it wants a turn although there is no room. */
    default long dueNs() {
        return NEVER;
    }

    /** How much the clients have taken of what was sent. */
    interface Outlet {
        /**
         * No client has more than the bounded amount waiting. A script that goes on regardless makes the server buffer
         * without bound.
         */
        boolean hasRoom();

        /** All that was sent has been handed to the sockets. */
        boolean isDrained();
    }
}
