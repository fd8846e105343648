package penstock.top;

import java.util.Comparator;

/** What a relay has to do with others: its link to the one in front, and those behind it. Stateless. */
final class RoleScreen {
    private static final int MAX_EDGES = 6;
    private static final double NO_TIME_S = 0.001;

    private RoleScreen() {
    }

    /** The link of an edge; nothing of another relay. */
    static void link(final ScreenLines lines, final MetricValues metrics) {
        final double live = metrics.sum("penstock_link_live");
        if (Double.isNaN(live)) {
            return;
        }
        final double epoch = metrics.sum("penstock_epoch");
        final double hop = metrics.sum("penstock_hop");
        lines.add(ScreenLines.PLAIN, "link ");
        lines.add(live > 0 ? ScreenLines.GOOD : ScreenLines.BAD, live > 0 ? "live" : "not live");
        lines.add(ScreenLines.PLAIN, "  hop " + FigureText.count(hop) + "  epoch "
            + (Double.isNaN(epoch) ? "–" : String.valueOf((long) epoch)));
        lines.add(ScreenLines.PLAIN, "  lag ").add(ScreenLines.BOLD, lag(metrics.sum("penstock_link_lag_seconds")));
        lines.add(ScreenLines.PLAIN, "  waiting " + FigureText.bytes(metrics.sum("penstock_link_held_bytes")))
            .add(ScreenLines.PLAIN, "  resumed " + FigureText.count(metrics.sum("penstock_link_resumed_total"))
            + "  refused " + FigureText.count(metrics.sum("penstock_link_refusals_total")));
        final double snapshots = metrics.sum("penstock_link_bus_snapshots_total");
        if (snapshots > 0) {
            lines.add(ScreenLines.PLAIN, "  bus gaps " + FigureText.count(metrics.sum("penstock_link_bus_gaps_total"))
                + "  snapshots " + FigureText.count(snapshots));
        }
        lines.end();
    }

    /** The bus that the relay publishes on; nothing without one. */
    static void bus(final ScreenLines lines, final MetricValues metrics) {
        final double connected = metrics.sum("penstock_bus_connected");
        if (!Double.isNaN(connected)) {
            lines.add(ScreenLines.PLAIN, "bus ").add(connected > 0 ? ScreenLines.GOOD : ScreenLines.BAD,
                connected > 0 ? "connected" : "not connected");
            lines.add(ScreenLines.PLAIN, "  waiting " + FigureText.bytes(metrics.sum("penstock_bus_pending_bytes"))
                + "  events missed " + FigureText.count(metrics.sum("penstock_bus_missed_total"))).end();
        }
    }

    /** The relays behind it, the latest first. */
    static void edges(final ScreenLines lines, final RelayFigures figures) {
        figures.edges().entrySet().stream()
            .sorted(Comparator.comparingDouble(edge -> -edge.getValue().late())).limit(MAX_EDGES).forEach(edge -> {
                final RelayFigures.EdgeFlow flow = edge.getValue();
                lines.add(ScreenLines.BOLD, "edge " + edge.getKey() + "  ");
                lines.add(flow.late() >= 1 ? ScreenLines.BAD : ScreenLines.PLAIN, "late " + lag(flow.late()));
                lines.add(ScreenLines.PLAIN, "  " + FigureText.rate(flow.updates()) + "  conflated "
                    + FigureText.rate(flow.conflated()) + "  " + FigureText.bytes(flow.bytes()) + "/s").end();
            });
        if (figures.edges().size() > MAX_EDGES) {
            lines.add(ScreenLines.PLAIN, "and " + (figures.edges().size() - MAX_EDGES)
                + " more edges: /admin/v1/edges").end();
        }
    }

    private static String lag(final double seconds) {
        return seconds < NO_TIME_S ? "0 ms" : FigureText.latency(seconds);
    }
}
