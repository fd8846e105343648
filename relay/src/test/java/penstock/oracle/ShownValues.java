package penstock.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import penstock.client.PriceGrid;
import penstock.client.TopicView;
import penstock.client.ValueState;
import penstock.testkit.ParsedJson;

/** What a grid of the client in Java shows, compared with a snapshot of the relay. Stateless. */
final class ShownValues {
    private ShownValues() {
    }

    /**
     * How a grid is unlike the entries of a snapshot; on the client's executor. {@code mayRest}: an update that changes
     * nothing of what is shown is not sent, so the sequence may be an earlier one.
     */
    static List<String> differences(final String name, final boolean mayRest, final PriceGrid grid,
            final List<?> entries) {
        final List<String> differences = new ArrayList<>();
        if (entries.isEmpty()) {
            differences.add(name + " has nothing");
        }
        for (final Object each : entries) {
            final Map<?, ?> entry = ParsedJson.object(each);
            final TopicView view = grid.get(ParsedJson.bare(entry.get("s")));
            final long q = Long.parseLong((String) entry.get("q"));
            if (view == null || view.json() == null || (mayRest ? view.q() > q : view.q() != q)
                    || view.state() != state(entry) || !ParsedJson.parse(view.json()).equals(entry.get("v"))) {
                differences.add(name + " shows " + view + " at " + (view == null ? 0 : view.q())
                    + ", and the relay has " + entry);
            }
        }
        return differences;
    }

    private static ValueState state(final Map<?, ?> entry) {
        return entry.containsKey("st") ? ValueState.valueOf(ParsedJson.bare(entry.get("st")).toUpperCase(Locale.ROOT))
            : ValueState.LIVE;
    }
}
