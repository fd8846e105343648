package penstock.server.links;

import penstock.fanout.harm.BehindCause;
import penstock.wire.MessageBuffer;

/**
 * How the link of an edge is served at one moment. Times in nanoseconds. Immutable.
 *
 * @param openNs for how long it is open
 * @param late   how far it is behind
 * @param socket what its socket does not take
 * @param sent   what it was sent
 */
record EdgeFigure(long openNs, Late late, Socket socket, Sent sent) {
    private static final long NS_PER_MS = 1_000_000;

    /**
     * How far it is behind.
     *
     * @param lateNs   of the oldest value that it should have been sent
     * @param behindNs of the oldest value that it lacks
     * @param cause    null = it is not behind
     */
    record Late(long lateNs, long behindNs, BehindCause cause) {
    }

    /**
     * What its socket does not take.
     *
     * @param blockedNs      for how long it takes nothing now
     * @param blockedInAllNs and in all
     * @param waitingBytes   bytes of messages
     */
    record Socket(long blockedNs, long blockedInAllNs, long waitingBytes) {
    }

    /**
     * What it was sent since it began.
     *
     * @param updates   updates
     * @param conflated updates that were conflated into later ones
     * @param missed    updates that are missing in mode all
     * @param bytes     bytes
     */
    record Sent(long updates, long conflated, long missed, long bytes) {
    }

    /** Of both together: the worse times, and the sums. */
    EdgeFigure plus(final EdgeFigure other) {
        final Late worse = other.late.lateNs > late.lateNs || late.cause == null ? other.late : late;
        return new EdgeFigure(Math.max(openNs, other.openNs),
            new Late(worse.lateNs, Math.max(late.behindNs, other.late.behindNs), worse.cause),
            new Socket(Math.max(socket.blockedNs, other.socket.blockedNs),
            socket.blockedInAllNs + other.socket.blockedInAllNs, socket.waitingBytes + other.socket.waitingBytes),
            new Sent(sent.updates + other.sent.updates, sent.conflated + other.sent.conflated,
            sent.missed + other.sent.missed, sent.bytes + other.sent.bytes));
    }

    /** Members of its edge, each with a comma before it. */
    void write(final MessageBuffer out) {
        out.put(",\"open\":").put(openNs / NS_PER_MS);
        out.put(",\"late\":").put(late.lateNs / NS_PER_MS).put(",\"behind\":").put(late.behindNs / NS_PER_MS);
        if (late.cause != null) {
            out.put(",\"why\":").putString(late.cause.text());
        }
        out.put(",\"blocked\":").put(socket.blockedNs / NS_PER_MS);
        out.put(",\"blockedInAll\":").put(socket.blockedInAllNs / NS_PER_MS);
        out.put(",\"waiting\":").put(socket.waitingBytes).put(",\"missed\":").put(sent.missed);
        out.put(",\"updates\":").put(sent.updates).put(",\"conflated\":").put(sent.conflated);
        out.put(",\"bytes\":").put(sent.bytes);
    }
}
