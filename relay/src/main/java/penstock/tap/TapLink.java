package penstock.tap;

/** A tap's way to the relay. The thread of {@link Tap#run} calls it. */
interface TapLink {
    /** Connects. */
    void begin();

    /** Whether there is a session now. */
    boolean isOpen();

    /** Whether there was one at any time. */
    boolean wasOpen();

    /** Ends it, and waits until the server knows, at most {@link Tap#CLOSE_SECONDS}. */
    void close();
}
