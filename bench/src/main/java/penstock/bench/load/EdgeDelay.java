package penstock.bench.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import penstock.bench.load.client.LatencyWindow;
import penstock.bench.load.client.LoadClient;
import penstock.bench.load.client.SubscriptionStats;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadPlan;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;

/**
 * How much later the median update is at a subscriber of an edge than at one of the relay in front, in the same window.
 * Owned by the main thread.
 */
final class EdgeDelay {
    /** Followed by the place of the edge, like <em>behind a link</em>. */
    static final String FIGURE = "ms that the median is later ";
    private static final double SETTLE_SECONDS = 2;
    private static final long LATE_NS = 500_000_000L;

    /** A subscriber, and what it saw. */
    private record Subscriber(String name, LoadClient client, SubscriptionStats stats) implements AutoCloseable {
        static Subscriber of(final String name, final RelayProcess relay) throws IOException {
            final LoadClient client = new LoadClient(name);
            final SubscriptionStats stats = SubscriptionStats.quotes(0, new LatencyWindow());
            client.open(relay.port(), 0, stats);
            return new Subscriber(name, client, stats);
        }

        void open(final long fromNs, final long toNs) {
            client.ask(() -> {
                stats.window.open(fromNs, toNs);
                return null;
            });
        }

        Histogram latencies() {
            return client.ask(stats.window::latencies);
        }

        void check(final LoadReport report) {
            report.truth("the ledger is exact at " + name, stats.isExact() && stats.updates > 0);
            report.truth("no session failed at " + name + ": " + client.failures(), client.failures().isEmpty());
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private final LoadPlan plan;
    private final RelayProcess relay;
    private final Map<String, RelayProcess> edges;

    /** By their places, like <em>behind a link</em>, {@code edges} that follow {@code relay}. */
    EdgeDelay(final LoadPlan plan, final RelayProcess relay, final Map<String, RelayProcess> edges) {
        this.plan = plan;
        this.relay = relay;
        this.edges = edges;
    }

    /** An edge behind {@code relay}, by a link. */
    static RelayProcess linked(final LoadPlan plan, final RelayProcess relay) throws IOException {
        return new RelayProcess(plan, "ws://127.0.0.1:" + relay.port() + RelayProcess.ENVELOPE, "penstock", "");
    }

    /** Measures the rounds of the plan. */
    void measure(final LoadReport report, final PacedFeed feed) throws IOException {
        for (final RelayProcess edge : edges.values()) {
            RigClock.await("topics of an edge", 30, () -> edge.metric("penstock_topics") >= feed.shape().topics());
        }
        final Map<String, Subscriber> behind = new LinkedHashMap<>();
        try (Subscriber near = Subscriber.of("the relay", relay)) {
            for (final Map.Entry<String, RelayProcess> edge : edges.entrySet()) {
                behind.put(edge.getKey(), Subscriber.of("the edge " + edge.getKey(), edge.getValue()));
            }
            RigClock.await("sessions", 30, () -> near.client().isReady()
                && behind.values().stream().allMatch(far -> far.client().isReady()));
            RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
            for (int round = 1; round <= plan.rounds(); round++) {
                round(report, near, behind);
                report.latency("the rig: feed late", feed.takeLateness());
            }
            near.check(report);
            behind.values().forEach(far -> far.check(report));
        } finally {
            for (final Subscriber far : behind.values()) {
                far.close();
            }
        }
    }

    private void round(final LoadReport report, final Subscriber near, final Map<String, Subscriber> behind) {
        final long fromNs = RigClock.afterSeconds(SETTLE_SECONDS);
        final long toNs = fromNs + plan.seconds() * 1_000_000_000L;
        near.open(fromNs, toNs);
        behind.values().forEach(far -> far.open(fromNs, toNs));
        RigClock.until(toNs + LATE_NS);
        final Histogram direct = near.latencies();
        report.latency("at the relay", direct);
        behind.forEach((place, far) -> {
            final Histogram relayed = far.latencies();
            report.latency("at an edge " + place, relayed);
            report.figure(FIGURE + place, "ms",
                (relayed.getValueAtPercentile(50) - direct.getValueAtPercentile(50)) / 1e6);
        });
    }
}
