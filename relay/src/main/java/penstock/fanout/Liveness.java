package penstock.fanout;

/**
 * Whether the peer still lives, and when it must be told that we do. A slow reader is not dead: while its socket is
 * blocked only the bytes that it accepts count, and a pong that waits behind unread data is not missed. Owned by the
 * shard.
 */
final class Liveness {
    enum Verdict { FINE, PING, HEARTBEAT, DEAD, BLOCKED_TOO_LONG }

    private final SessionSettings settings;
    private final boolean canPong;
    private long aliveNs;
    private long pingedNs;
    private boolean isPinged;

    /** {@code canPong} false: it could not answer a ping; of such a peer only what its socket accepts is known. */
    Liveness(final SessionSettings settings, final boolean canPong, final long nowNs) {
        this.settings = settings;
        this.canPong = canPong;
        aliveNs = nowNs;
        pingedNs = nowNs;
    }

    /** Something came from the peer, or a blocked socket moved. */
    void onAlive(final long nowNs) {
        aliveNs = nowNs;
        isPinged = false;
    }

    Verdict check(final long nowNs, final ControlQueue outbox) {
        if (outbox.isBlocked()) {
            return nowNs - outbox.acceptedNs() >= settings.evictBlockedAfterNs() ? Verdict.BLOCKED_TOO_LONG
                : Verdict.FINE;
        }
        if (isPinged && nowNs - Math.max(aliveNs, pingedNs) >= settings.pongWithinNs()) {
            return Verdict.DEAD;
        }
        if (canPong && !isPinged && nowNs - pingedNs >= settings.pingEveryNs()) {
            isPinged = true;
            pingedNs = nowNs;
            return Verdict.PING;
        }
        return nowNs - outbox.sentNs() >= settings.heartbeatNs() ? Verdict.HEARTBEAT : Verdict.FINE;
    }
}
