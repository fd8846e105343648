package penstock.replay;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import penstock.venue.replay.ReplayPings;
import penstock.websocket.CloseCode;

/**
 * One client of a replay as its venue sees it: whether it has subscribed, answers pings, and keeps to the rate limit.
 *
 * <p>Owned by the server's io thread; time is passed in.
 */
final class ReplayClient {
    private static final byte[] NO_PAYLOAD = {};
    /** Network jitter makes a client within the limit look faster: one tenth is tolerated. */
    private static final int TOLERANCE = 10;
    /** The service restarts; RFC 6455's registry of close codes. */
    private static final int RESTART = 1012;

    final FeedClient client;
    private final VenueScript venue;
    private final ReplayPings pings;
    private final long[] messageNs;
    private final long limitNs;
    private long messageCount;
    private long nextPingNs = FeedScript.NEVER;
    private long unansweredNs = FeedScript.NEVER;
    private boolean isSubscribed;
    private boolean isClosed;

    ReplayClient(final FeedClient client, final VenueScript venue, final long nowNs) {
        this.client = client;
        this.venue = venue;
        pings = venue.pings();
        final VenueScript.Limit limit = venue.limit();
        messageNs = new long[limit == null ? 0 : limit.permits()];
        limitNs = limit == null ? 0 : TimeUnit.MILLISECONDS.toNanos(limit.perMs()) * (TOLERANCE - 1) / TOLERANCE;
        venue.onOpen().forEach(this::send);
        isSubscribed = venue.startsOnPath(client.path());
        if (pings != null && pings.beginAtOnce()) {
            nextPingNs = nowNs + ns(pings.everyMs());
        }
    }

    /** True if the client receives the recording. */
    boolean isSubscribed() {
        return isSubscribed && !isClosed;
    }

    void onText(final byte[] buffer, final int offset, final int length, final long nowNs) {
        if (isClosed || exceedsLimit(nowNs)) {
            return;
        }
        if (pings != null) {
            if (pings.isAnswer(buffer, offset, length)) {
                unansweredNs = FeedScript.NEVER;
            }
            if (pings.beginAfter(buffer, offset, length) && nextPingNs == FeedScript.NEVER) {
                nextPingNs = nowNs + ns(pings.everyMs());
            }
        }
        final VenueScript.Answer answer = venue.answer(buffer, offset, length);
        answer.texts().forEach(this::send);
        isSubscribed |= answer.starts();
    }

    void onLife(final boolean isPong, final long nowNs) {
        if (isPong) {
            unansweredNs = FeedScript.NEVER;
        }
        if (!isClosed && venue.limit() != null && venue.limit().isAnyFrame()) {
            exceedsLimit(nowNs);
        }
    }

    /** Sends a ping if one is due; returns when the next one is due. */
    long onTurn(final long nowNs) {
        if (isClosed || nextPingNs == FeedScript.NEVER) {
            return FeedScript.NEVER;
        }
        final long endNs = pings.withinMs() == 0 || unansweredNs == FeedScript.NEVER ? FeedScript.NEVER
            : unansweredNs + ns(pings.withinMs());
        if (nowNs >= endNs) {
            close("pong timeout");
            return FeedScript.NEVER;
        }
        if (nowNs >= nextPingNs) {
            nextPingNs = nowNs + ns(pings.everyMs());
            unansweredNs = Math.min(unansweredNs, nowNs);
            ping();
            return onTurn(nowNs);
        }
        return Math.min(nextPingNs, endNs);
    }

    private void ping() {
        final String text = pings.text(System.currentTimeMillis());
        if (text == null) {
            client.sendPing(NO_PAYLOAD);
        } else {
            send(text);
        }
    }

    private void send(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final byte[] packed = venue.packed(bytes, 0, bytes.length);
        if (packed == null) {
            client.send(bytes, 0, bytes.length);
        } else {
            client.sendBinary(packed, 0, packed.length);
        }
    }

    private boolean exceedsLimit(final long nowNs) {
        if (messageNs.length == 0) {
            return false;
        }
        final int oldest = (int) (messageCount % messageNs.length);
        final boolean isTooFast = messageCount >= messageNs.length && nowNs - messageNs[oldest] < limitNs;
        messageNs[oldest] = nowNs;
        messageCount++;
        if (isTooFast) {
            close("Too many requests");
        }
        return isTooFast;
    }

    /** The recording has a break here. */
    void restart() {
        if (!isClosed) {
            isClosed = true;
            client.close(RESTART, "the recording has a break here");
        }
    }

    private void close(final String reason) {
        isClosed = true;
        client.close(CloseCode.POLICY, reason);
    }

    private static long ns(final long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
