package penstock.fanout;

/**
 * The times after which a session is looked after.
 *
 * @param heartbeatNs         a heartbeat is sent after this time without a message
 * @param pingEveryNs         time between two pings
 * @param pongWithinNs        a session without a sign of life for this long after a ping is closed
 * @param evictBlockedAfterNs a socket that takes no byte for this long is disconnected
 */
public record SessionTimeouts(long heartbeatNs, long pingEveryNs, long pongWithinNs, long evictBlockedAfterNs) {
    /** Another relay takes three missed heartbeats for a loss, and its subscribers learn of it. */
    private static final long LINK_HEARTBEAT_NS = 250_000_000L;

    /** The times of a session of another relay. */
    SessionTimeouts ofLink() {
        return new SessionTimeouts(Math.min(LINK_HEARTBEAT_NS, heartbeatNs), pingEveryNs, pongWithinNs,
            evictBlockedAfterNs);
    }

}
