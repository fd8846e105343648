package penstock.replay;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import penstock.venue.replay.ReplayPings;
import penstock.websocket.CloseCode;

/**
 * One client of a replay as its venue sees it: whether it has subscribed, whether it answers pings, whether it sends
 * too much.
 *
 * <p>Owned by the server's io thread; time is passed in.
 */
final class ReplayClient {
    private static final byte[] NO_PAYLOAD = {};
    /** A client that keeps to the limit may still reach us a little faster: lines have jitter. A tenth is forgiven. */
    private static final int FORGIVEN = 10;

    final FeedClient client;
    private final VenueScript venue;
    private final ReplayPings pings;
    private final long[] heardNs;
    private final long limitNs;
    private long heardCount;
    private long nextPingNs = FeedScript.NEVER;
    private long unansweredNs = FeedScript.NEVER;
    private boolean isSubscribed;
    private boolean isClosed;

    ReplayClient(final FeedClient client, final VenueScript venue, final long nowNs) {
        this.client = client;
        this.venue = venue;
        pings = venue.pings();
        final VenueScript.Limit limit = venue.limit();
        heardNs = new long[limit == null ? 0 : limit.permits()];
        limitNs = limit == null ? 0 : TimeUnit.MILLISECONDS.toNanos(limit.perMs()) * (FORGIVEN - 1) / FORGIVEN;
        venue.onOpen().forEach(this::send);
        isSubscribed = venue.startsOnPath(client.path());
        if (pings != null && pings.beginAtOnce()) {
            nextPingNs = nowNs + ns(pings.everyMs());
        }
    }

    /** It gets the recording. */
    boolean isSubscribed() {
        return isSubscribed && !isClosed;
    }

    void onText(final byte[] buffer, final int offset, final int length, final long nowNs) {
        if (isClosed || isTooMuch(nowNs)) {
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
            isTooMuch(nowNs);
        }
    }

    /** Pings when it is time to; returns when it is time again. */
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

    private boolean isTooMuch(final long nowNs) {
        if (heardNs.length == 0) {
            return false;
        }
        final int oldest = (int) (heardCount % heardNs.length);
        final boolean isTooMuch = heardCount >= heardNs.length && nowNs - heardNs[oldest] < limitNs;
        heardNs[oldest] = nowNs;
        heardCount++;
        if (isTooMuch) {
            close("Too many requests");
        }
        return isTooMuch;
    }

    private void close(final String reason) {
        isClosed = true;
        client.close(CloseCode.POLICY, reason);
    }

    private static long ns(final long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
