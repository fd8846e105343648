package penstock.feed.request;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.time.SlidingWindow;
import penstock.upstream.SendQueue;
import penstock.venue.spec.HeartbeatSpec;

/**
 * Keeps one connection alive with the venue's own heartbeat messages and with pings, and reports a heartbeat without an
 * answer. Reads only messages that are not data, so it costs the hot path nothing. Owned by the feed thread.
 */
public final class Heartbeat {
    private final HeartbeatSpec spec;
    private final FeedClock clock;
    private final SendQueue queue;
    private final Consumer<String> onMissed;
    private final long pingMs;
    private final SingleTimer ping;
    private final SingleTimer next;
    private final SingleTimer deadline;
    private boolean isAwaited;
    private long lastSentNs;
    private long lastAliveNs;

    /**
     * Not started.
     *
     * @param pingMs   interval of our pings, 0 = none
     * @param onMissed the venue did not answer; with the words for the operator
     */
    public Heartbeat(final HeartbeatSpec spec, final long pingMs, final FeedClock clock, final SendQueue queue,
            final Consumer<String> onMissed) {
        this.spec = spec;
        this.pingMs = pingMs;
        ping = new SingleTimer(clock);
        this.clock = clock;
        next = new SingleTimer(clock);
        deadline = new SingleTimer(clock);
        this.queue = queue;
        this.onMissed = onMissed;
    }

    /** The login is done. */
    public void start() {
        lastSentNs = clock.nowNs();
        lastAliveNs = lastSentNs;
        if (spec.send() != null) {
            next.set(this::onTimer, spec.everyMs());
        }
        if (pingMs > 0) {
            ping.set(this::ping, pingMs);
        }
    }

    public void stop() {
        ping.cancel();
        next.cancel();
        deadline.cancel();
        isAwaited = false;
    }

    public void onAlive(final long nowNs) {
        lastAliveNs = nowNs;
    }

    /** A message that is not data; true if it was a heartbeat of the venue, or the answer to ours. */
    public boolean onMessage(final byte[] frame, final int offset, final int length) {
        if (isAwaited && spec.expect().takes(frame, offset, length)) {
            isAwaited = false;
            deadline.cancel();
            return true;
        }
        for (final HeartbeatSpec.Reply reply : spec.replies()) {
            if (reply.to().takes(frame, offset, length)) {
                final String message = reply.send().render(name -> List.of(name.equals("nowMs") ? nowMs()
                    : reply.to().value(name, frame, offset, length)), spec.environment());
                queue.reply(message.getBytes(StandardCharsets.UTF_8), () -> { });
                return true;
            }
        }
        return false;
    }

    /** The watchdog of the connection waits for the pong. */
    private void ping() {
        queue.ping();
        ping.set(this::ping, pingMs);
    }

    private void onTimer() {
        final long sinceNs = spec.onlyIfIdle() ? Math.max(lastSentNs, lastAliveNs) : lastSentNs;
        final long restNs = sinceNs + spec.everyMs() * 1_000_000 - clock.nowNs();
        if (restNs > 0) {
            next.set(this::onTimer, SlidingWindow.timerMs(restNs));
            return;
        }
        lastSentNs = clock.nowNs();
        next.set(this::onTimer, spec.everyMs());
        if (!isAwaited) {
            isAwaited = spec.expect() != null;
            final String message = spec.send().render(name -> List.of(nowMs()), spec.environment());
            queue.reply(message.getBytes(StandardCharsets.UTF_8), this::onSent);
        }
    }

    /** The deadline runs from here: the rate limit may have delayed the heartbeat. */
    private void onSent() {
        if (isAwaited) {
            deadline.set(() ->
                onMissed.accept("heartbeat not answered within " + spec.withinMs() + " ms"), spec.withinMs());
        }
    }

    private String nowMs() {
        return Long.toString(clock.epochUs() / 1000);
    }
}
