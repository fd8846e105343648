package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import penstock.oracle.Invariant;
import penstock.oracle.Market;
import penstock.oracle.MarketTopic;
import penstock.oracle.Timeline;
import penstock.oracle.Verdict;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.venue.spec.UpstreamUrl;

/** The venue of several relays: counts who is connected, and sends the same to all. One thread. */
final class SharedVenue {
    final Network network;
    final Market market;
    final List<VenueLine> lines = new ArrayList<>();
    /** Connections that were opened. */
    int opened;
    /** Processes that had a connection while another one, which stood still, had one too. */
    int besidePaused;
    private final Verdict verdict;

    SharedVenue(final Network network, final Market market, final Verdict verdict) {
        this.network = network;
        this.market = market;
        this.verdict = verdict;
    }

    /** The venue as the feed thread of a process reaches it. */
    UpstreamFactory of(final SimulatedProcess process, final Timeline.Actor feed) {
        return new UpstreamFactory() {
            @Override
            public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
                final VenueLine line = new VenueLine(SharedVenue.this, process, feed, listener);
                lines.add(line);
                network.log(process + " connects to the venue");
                check();
                line.connect();
                return line;
            }
        };
    }

    /** The processes that run have one connection together at most. */
    void check() {
        final List<SimulatedProcess> connected = lines.stream().map(line -> line.process).distinct().toList();
        final List<SimulatedProcess> awake = connected.stream().filter(SimulatedProcess::isAwake).toList();
        besidePaused += connected.size() > 1 && awake.size() < connected.size() ? 1 : 0;
        if (awake.size() > 1) {
            verdict.breach(Invariant.I9, "connected to the venue at the same time: " + awake);
        }
    }

    /** The process that is connected; null if none is. */
    SimulatedProcess connected() {
        return lines.stream().map(line -> line.process).filter(process -> !process.isDead()).findFirst().orElse(null);
    }

    /** The connections of a process end with it. */
    void kill(final SimulatedProcess process) {
        List.copyOf(lines).stream().filter(line -> line.process == process).forEach(VenueLine::over);
    }

    /** An update, on every connection that subscribed to the topic. */
    void tick(final MarketTopic topic) {
        final long n = topic.send(network.timeline.nowNs());
        lines.forEach(line -> line.update(topic, n, false));
    }

    void heartbeat() {
        lines.forEach(line -> line.message("hb"));
    }
}
