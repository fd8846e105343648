package penstock.fanout.format;

/** What a session is sent, and in which frames. The answers never change. */
public interface SessionFormat {
    /** Whether the session is sent messages of the protocol; otherwise the venue's payloads, verbatim, and no more. */
    boolean hasMessages();

    /** Whether its updates are rows. */
    default boolean hasRows() {
        return false;
    }

    /** Whether its snapshots and updates are binary. */
    default boolean isBinary() {
        return false;
    }

    /**
     * The name of the relay behind the session, which is sent positions too; null if a subscriber is behind it.
     */
    default String link() {
        return null;
    }

    /** The frames around them. */
    FrameFormat frames();
}
