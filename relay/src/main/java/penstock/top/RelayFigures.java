package penstock.top;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What two looks at a relay say together: rates per second, shares of a core, percentiles. NaN = unknown. Immutable.
 *
 * @param look      the newer look
 * @param flow      how much flows
 * @param cores     the part of a core that each thread of the data path used, and the whole process
 * @param feedsIn   updates of each feed's thread, by the names of its counters
 * @param latencies each stage
 * @param edges     the relays behind it, by their names
 */
record RelayFigures(RelayLook look, Flow flow, Map<String, Double> cores, Map<String, Double> feedsIn,
        List<StageLatency> latencies, Map<String, EdgeFlow> edges) {
    /**
     * How much flows, per second.
     *
     * @param in        updates that came from the venues
     * @param delivered updates that subscribers were sent
     * @param conflated updates that were conflated into later ones
     * @param bytes     bytes that subscribers' sockets took
     * @param blocked   writes that a socket took only in part
     */
    record Flow(double in, double delivered, double conflated, double bytes, double blocked) {
        /** Updates conflated for each one that was delivered. */
        double conflation() {
            return delivered > 0 ? conflated / delivered : Double.NaN;
        }
    }

    /**
     * A relay behind it.
     *
     * @param late      seconds
     * @param updates   updates that it is sent per second
     * @param conflated updates that are conflated into later ones for it, per second
     * @param bytes     bytes that it is sent per second
     */
    record EdgeFlow(double late, double updates, double conflated, double bytes) {
    }

    private static final Map<String, String> STAGES = stages();
    private static final String CPU = "penstock_thread_cpu_seconds_total";
    private static final String IN = "penstock_feed_updates_total";
    private static final double NS_PER_SECOND = 1e9;

    /** Of {@code look}, and of {@code before}, which is older; null = there was none. */
    static RelayFigures of(final RelayLook before, final RelayLook look) {
        final double seconds = before == null ? Double.NaN : (look.atNs() - before.atNs()) / NS_PER_SECOND;
        final MetricValues then = before == null ? new MetricValues() : before.metrics();
        final MetricValues now = look.metrics();
        final Map<String, Double> cores = each(CPU, then, now, seconds);
        final double process = rate("process_cpu_seconds_total", then, now, seconds);
        if (!Double.isNaN(process)) {
            cores.put("process", process);
        }
        final List<StageLatency> latencies = new ArrayList<>();
        STAGES.forEach((stage, metric) ->
            latencies.add(StageLatency.of(stage, then.buckets(metric), now.buckets(metric))));
        return new RelayFigures(look, new Flow(rate(IN, then, now, seconds),
            rate("penstock_updates_delivered_total", then, now, seconds),
            rate("penstock_updates_conflated_total", then, now, seconds),
            rate("penstock_bytes_sent_total", then, now, seconds),
            rate("penstock_writes_blocked_total", then, now, seconds)), cores, each(IN, then, now, seconds), latencies,
            edges(then, now, seconds));
    }

    /** Sessions that are open; the counters file has no gauges. */
    double sessions() {
        final double open = look.metrics().sum("penstock_sessions");
        return Double.isNaN(open) ? look.metrics().sum("penstock_sessions_opened_total")
            - look.metrics().sum("penstock_sessions_closed_total") : open;
    }

    /** After a restart of the relay a count is less than before. */
    private static double perSecond(final double before, final double now, final double seconds) {
        return now >= before && seconds > 0 ? (now - before) / seconds : Double.NaN;
    }

    private static double rate(final String metric, final MetricValues then, final MetricValues now,
            final double seconds) {
        return perSecond(then.sum(metric), now.sum(metric), seconds);
    }

    private static Map<String, Double> each(final String metric, final MetricValues then, final MetricValues now,
            final double seconds) {
        final Map<String, Double> rates = new LinkedHashMap<>();
        now.byOwner(metric).forEach((owner, value) -> rates.put(owner,
            perSecond(then.byOwner(metric).getOrDefault(owner, Double.NaN), value, seconds)));
        return rates;
    }

    private static Map<String, EdgeFlow> edges(final MetricValues then, final MetricValues now, final double seconds) {
        final Map<String, Double> updates = each("penstock_edge_updates_total", then, now, seconds);
        final Map<String, Double> conflated = each("penstock_edge_conflated_total", then, now, seconds);
        final Map<String, Double> bytes = each("penstock_edge_bytes_total", then, now, seconds);
        final Map<String, EdgeFlow> edges = new LinkedHashMap<>();
        // of one that has gone there are no counts, and times are NaN
        now.byOwner("penstock_edge_late_seconds").forEach((edge, late) -> {
            if (updates.containsKey(edge)) {
                edges.put(edge, new EdgeFlow(late, updates.get(edge), conflated.getOrDefault(edge, Double.NaN),
                    bytes.getOrDefault(edge, Double.NaN)));
            }
        });
        return edges;
    }

    private static Map<String, String> stages() {
        final Map<String, String> stages = new LinkedHashMap<>();
        stages.put("read to ring", "penstock_ingest_seconds");
        stages.put("in the ring", "penstock_ring_seconds");
        stages.put("to the write", "penstock_write_seconds");
        stages.put("interval (meant)", "penstock_dwell_seconds");
        stages.put("queueing (not meant)", "penstock_queueing_seconds");
        stages.put("age when sent", "penstock_age_seconds");
        return stages;
    }
}
