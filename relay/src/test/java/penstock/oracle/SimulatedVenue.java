package penstock.oracle;

import java.util.ArrayList;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.venue.spec.UpstreamUrl;

/**
 * The venue's side of a simulation: connections that fail in every way, and bytes that arrive late, in pieces, or
 * never. One thread.
 */
final class SimulatedVenue implements UpstreamFactory {
    private static final int LOG_LINES = 60;
    static final int FRAME_BYTES = 1 << 20;
    private static final long CONNECT_TIMEOUT_NS = 1_000_000_000L;
    final List<SimulatedLine> lines = new ArrayList<>();
    /** The last faults, for a failure. */
    final Deque<String> faults = new ArrayDeque<>();
    /** Connections that were open and were lost. */
    int losses;
    /** How many connection attempts fail, in percent. */
    int refusedPercent;
    private int connects;
    /** The relay keeps two connections for the same topics. */
    final boolean isRedundant;
    final Timeline timeline;
    final Timeline.Actor feed;
    final Market market;
    final Random random;
    final byte[] scratch = new byte[FRAME_BYTES];

    SimulatedVenue(final Timeline timeline, final Timeline.Actor feed, final Market market, final Random random,
            final boolean isRedundant) {
        this.isRedundant = isRedundant;
        this.timeline = timeline;
        this.feed = feed;
        this.market = market;
        this.random = random;
    }

    void log(final Object what) {
        if (faults.size() == LOG_LINES) {
            faults.remove();
        }
        faults.add(timeline.nowNs() / 1_000 + " us: " + what);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        final SimulatedLine line = new SimulatedLine(this, ++connects, listener);
        lines.add(line);
        if (random.nextInt(100) >= refusedPercent) {
            feed.executeAfter(line::open, 1_000_000 + random.nextInt(20_000_000));
        } else if (random.nextBoolean()) {
            feed.executeAfter(() -> line.end(LossReason.UNREACHABLE, "refused"), random.nextInt(5_000_000));
        } else {
            feed.executeAfter(() -> line.end(LossReason.UNREACHABLE, "no answer"), CONNECT_TIMEOUT_NS);
        }
        return line;
    }

    private long send(final MarketTopic topic) {
        final long n = topic.send(timeline.nowNs());
        // one connection may bring newer ones sooner; if one ends, the other one's repetition counts as an update
        if (lines.size() > 1 && !isRedundant
            || isRedundant && lines.stream().filter(line -> line.carries(topic)).count() < 2) {
            topic.mayRepeat(n);
        }
        return n;
    }

    /** An update of a topic, on every connection that subscribed to it. */
    void tick(final MarketTopic topic) {
        final long n = send(topic);
        lines.forEach(line -> line.update(topic, n, false));
    }

    /** An update that one connection loses, or two do. */
    void loseOne(final MarketTopic topic) {
        final long n = send(topic);
        log("lost " + topic + " " + n);
        disturb(topic, n);
        final int lost = random.nextInt(Math.max(1, lines.size()));
        if (isRedundant && random.nextInt(4) == 0) {
            return;
        }
        for (int i = 0; i < lines.size(); i++) {
            if (i != lost) {
                lines.get(i).update(topic, n, false);
            }
        }
    }

    /** An update that comes twice. */
    void repeat(final MarketTopic topic) {
        log("repeated " + topic + " " + (topic.sent() + 1));
        tick(topic);
        lines.forEach(line -> line.update(topic, topic.sent(), false));
    }

    /** The venue numbers the updates of a topic from 1 again, while nothing hides that from the relay. */
    void countAgain(final MarketTopic topic) {
        if (isHigh(topic) && !isRedundant && lines.size() == 1 && lines.get(0).isInStep()) {
            log("new count of " + topic + " after " + topic.sent());
            topic.restartCount();
            // the first number looks like a repetition
            topic.disturb(topic.sent() + 1);
        }
        tick(topic);
        tick(topic);
    }

    /** The numbers that arrived are so high that the first ones of a new count are none of them. */
    static boolean isHigh(final MarketTopic topic) {
        return topic.arrived() > 0 && topic.number(topic.arrived()) > 40 && !topic.isCountUnseen();
    }

    /** Two updates in the wrong order. */
    void swap(final MarketTopic topic) {
        final long n = send(topic);
        final long next = send(topic);
        log("swapped " + topic + " " + n);
        disturb(topic, n);
        disturb(topic, next);
        lines.forEach(line -> {
            line.update(topic, next, false);
            line.update(topic, n, false);
        });
    }

    /** An update may not reach the relay, or not in its place; by another connection it may come later. */
    private void disturb(final MarketTopic topic, final long n) {
        if (lines.size() > 1) {
            topic.mayRepeat(n);
        } else {
            topic.disturb(n);
        }
    }

    void heartbeat() {
        lines.stream().filter(SimulatedLine::isOpen).forEach(line -> line.message("hb"));
    }

    void flush() {
        lines.forEach(SimulatedLine::flush);
    }

    /** One of the open connections; null if there is none. */
    SimulatedLine anyOpen() {
        final List<SimulatedLine> open = lines.stream().filter(SimulatedLine::isOpen).toList();
        return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }
}
