package penstock.top;

/** What a relay has to do with others: its link to the one in front. Stateless. */
final class RoleScreen {
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
            + "  refused " + FigureText.count(metrics.sum("penstock_link_refusals_total"))).end();
    }

    private static String lag(final double seconds) {
        return seconds < NO_TIME_S ? "0 ms" : FigureText.latency(seconds);
    }
}
