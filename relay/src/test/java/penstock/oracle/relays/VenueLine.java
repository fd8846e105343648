package penstock.oracle.relays;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.oracle.MarketTopic;
import penstock.oracle.Timeline;
import penstock.oracle.VenueAnswer;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;

/** One connection of a relay to the venue, or one attempt: whole messages, late or never. One thread. */
final class VenueLine implements Upstream {
    private static final long CONNECT_TIMEOUT_NS = 1_000_000_000L;

    final SimulatedProcess process;
    private final SharedVenue owner;
    private final Network network;
    private final Timeline.Actor feed;
    private final UpstreamListener listener;
    private final VenueAnswer venue;
    private boolean isOpen;
    private boolean isOver;
    private boolean isClosing;
    /** Nothing passes any more, and the relay does not learn it. */
    private boolean isHalfOpen;
    private long arrivesNs;

    VenueLine(final SharedVenue owner, final SimulatedProcess process, final Timeline.Actor feed,
            final UpstreamListener listener) {
        this.owner = owner;
        this.process = process;
        this.feed = feed;
        this.listener = listener;
        network = owner.network;
        venue = new VenueAnswer(owner.market);
    }

    void connect() {
        if (network.isCut(process.name, Network.VENUE)) {
            feed.executeAfter(() -> end(LossReason.UNREACHABLE, "no answer"), CONNECT_TIMEOUT_NS);
        } else {
            later(() -> {
                isOpen = true;
                owner.opened++;
                listener.onAlive(network.timeline.nowNs());
                listener.onOpen();
            });
        }
    }

    private boolean isPassing() {
        return isOpen && !isOver && !isHalfOpen;
    }

    /** What arrives at the relay arrives in its order. */
    private void later(final Runnable arrival) {
        arrivesNs = Math.max(arrivesNs, network.passesNs(process.name, Network.VENUE) + network.latencyNs());
        feed.executeAfter(() -> {
            if (!isOver) {
                arrival.run();
            }
        }, arrivesNs - network.timeline.nowNs());
    }

    private void end(final LossReason reason, final String what) {
        if (!isOver) {
            over();
            listener.onClosed(UpstreamLoss.of(reason, what, isOpen));
        }
    }

    /** The relay has none any more. */
    void over() {
        if (!isOver) {
            isOver = true;
            owner.market.disturbAll();
            owner.lines.remove(this);
            network.log(process + " is disconnected from the venue");
        }
    }

    /** The venue ends it. */
    void reset() {
        network.log("the venue ends the connection of " + process);
        later(() -> end(LossReason.DISCONNECTED, "reset"));
        isHalfOpen = true;
    }

    /** Nothing passes from now on. */
    void breakSilently() {
        network.log("the connection of " + process + " to the venue is half-open");
        isHalfOpen = true;
    }

    /** What is on the way, and what follows, is late. */
    void stall(final long ns) {
        network.log("the connection of " + process + " to the venue is late by " + ns / 1_000_000 + " ms");
        arrivesNs = Math.max(arrivesNs, network.timeline.nowNs()) + ns;
    }

    void update(final MarketTopic topic, final long n, final boolean isImage) {
        if (isPassing() && venue.isSubscribed(topic)) {
            message(topic.message(n, isImage), () -> topic.arrive(n, network.timeline.nowNs()));
        }
    }

    void message(final String text) {
        message(text, () -> { });
    }

    private void message(final String text, final Runnable handled) {
        if (!isPassing()) {
            return;
        }
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        later(() -> {
            final long nowNs = network.timeline.nowNs();
            listener.onAlive(nowNs);
            owner.market.arrive(nowNs);
            if (!isClosing) {
                listener.onText(bytes, 0, bytes.length, nowNs);
                handled.run();
            }
            if (!isOver) {
                listener.onBatchEnd();
            }
        });
    }

    @Override
    public void sendText(final byte[] utf8) {
        final String request = new String(utf8, StandardCharsets.UTF_8);
        if (isPassing()) {
            final long delayNs = network.passesNs(process.name, Network.VENUE) - network.timeline.nowNs();
            network.world.executeAfter(() -> answer(request), delayNs + network.latencyNs());
        }
    }

    /** An image is an update that the venue makes for it. */
    private void answer(final String request) {
        if (!isPassing()) {
            return;
        }
        final List<MarketTopic> images = new ArrayList<>();
        message(venue.answer(request, images::add));
        for (final MarketTopic topic : images) {
            final long n = topic.send(network.timeline.nowNs());
            topic.mayRepeat(n);
            List.copyOf(owner.lines).forEach(line -> line.update(topic, n, line == this));
        }
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        // nothing depends on it
    }

    @Override
    public void close(final int code, final String reason) {
        isClosing = true;
        feed.execute(() -> end(LossReason.STOPPED, reason));
    }

    @Override
    public void abort() {
        over();
    }
}
