package penstock.fanout;

import penstock.fanout.frame.ControlQueue;
import penstock.fanout.subscription.SessionProfile;

/**
 * Decides whether the peer is alive, and when the session must show that the relay is. A slow reader is not dead: while
 * its socket is blocked only the bytes that it accepts count, and a pong queued behind unread data is not missing.
 * Another relay is sent heartbeats among data too: they say which relays are in front of this one by now.
 *
 * <p>Owned by the shard's io thread.
 */
final class Liveness {
    /** A session ends within a second after its token expires: half of it is left to a thread that is busy. */
    private static final long EXPIRY_CHECK_NS = 500_000_000L;

    enum Verdict { FINE, PING, HEARTBEAT, DEAD, BLOCKED_TOO_LONG }

    private final SessionTimeouts timeouts;
    private final SessionProfile session;
    private long aliveNs;
    private long pingedNs;
    /** When it was sent a heartbeat last. */
    private long beatNs;
    private boolean isPinged;

    /** Of a session that begins now. Its format decides whether it is sent pings and heartbeats. */
    Liveness(final SessionTimeouts timeouts, final SessionProfile session, final long nowNs) {
        this.timeouts = timeouts;
        this.session = session;
        aliveNs = nowNs;
        pingedNs = nowNs;
        beatNs = nowNs;
    }

    /** The peer sent something, or its blocked socket took bytes. */
    void onAlive(final long nowNs) {
        aliveNs = nowNs;
        isPinged = false;
    }

    Verdict check(final long nowNs, final ControlQueue queue) {
        if (!session.frames().hasPeer()) {
            return Verdict.FINE;
        }
        if (queue.isBlocked()) {
            return nowNs - queue.acceptedNs() >= timeouts.evictBlockedAfterNs() ? Verdict.BLOCKED_TOO_LONG
                : Verdict.FINE;
        }
        if (isPinged && nowNs - Math.max(aliveNs, pingedNs) >= timeouts.pongWithinNs()) {
            return Verdict.DEAD;
        }
        if (session.frames().isTwoWay() && !isPinged && nowNs - pingedNs >= timeouts.pingEveryNs()) {
            isPinged = true;
            pingedNs = nowNs;
            return Verdict.PING;
        }
        if (session.hasMessages() && nowNs - shownNs(queue) >= timeouts.heartbeatNs()) {
            beatNs = nowNs;
            return Verdict.HEARTBEAT;
        }
        return Verdict.FINE;
    }

    private long shownNs(final ControlQueue queue) {
        return session.isLink() ? beatNs : queue.sentNs();
    }

    /**
     * When to check again: at the next deadline, and once per heartbeat or ping at the latest, so that a deadline which
     * begins between two checks is not missed.
     */
    long nextCheckNs(final long nowNs, final ControlQueue queue) {
        final long everyNs = Math.min(timeouts.heartbeatNs(), timeouts.pingEveryNs());
        // the wall clock, which decides whether a token has expired, may be set at any time
        final long latestNs = nowNs + (session.access().isTemporary() ? Math.min(EXPIRY_CHECK_NS, everyNs) : everyNs);
        if (!session.frames().hasPeer()) {
            return latestNs;
        }
        if (queue.isBlocked()) {
            return Math.min(latestNs, queue.acceptedNs() + timeouts.evictBlockedAfterNs());
        }
        final long peerNs = isPinged ? Math.max(aliveNs, pingedNs) + timeouts.pongWithinNs()
            : session.frames().isTwoWay() ? pingedNs + timeouts.pingEveryNs() : latestNs;
        final long heartbeatNs = session.hasMessages() ? shownNs(queue) + timeouts.heartbeatNs() : latestNs;
        return Math.min(latestNs, Math.min(peerNs, heartbeatNs));
    }
}
