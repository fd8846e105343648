package penstock.server.tls;

/**
 * The two ends of a connection, as its source and its sink see them.
 *
 * <p>Called on the io thread.
 */
interface ConnectionEnds {
    /** Nothing is read any more; false if that was so before. */
    boolean readClosed();

    /** Nothing is written any more; false if that was so before. */
    boolean writeClosed();

    /** Whether nothing is read any more. */
    boolean isReadShutdown();

    /** Whether nothing is written any more. */
    boolean isWriteShutdown();

    /** The socket may have closed by itself: a listener or a limit closed it. */
    void onSocketClosed();

    /** Closes the connection. */
    void abandon();
}
