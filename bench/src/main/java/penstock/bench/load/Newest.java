package penstock.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Whether everyone holds the newest of every symbol, once the feed rests. Stateless. */
final class Newest {
    private static final double WITHIN_SECONDS = 20;
    private static final int MOST_TOLD = 5;

    private Newest() {
    }

    /** Rests the feed, waits for it, and tells; the sessions have all symbols. */
    static void check(final Report report, final PacedFeed feed, final Fleet fleet, final List<FleetSession> sessions) {
        final int[] all = IntStream.range(0, feed.shape().symbols()).toArray();
        check(report, feed, fleet, sessions, i -> all);
    }

    /** Rests the feed, waits for it, and tells; of each session the symbols that it has. */
    static void check(final Report report, final PacedFeed feed, final Fleet fleet, final List<FleetSession> sessions,
                      final IntFunction<int[]> symbols) {
        feed.rest(true);
        final boolean holds =
            Clock.within(WITHIN_SECONDS, () -> fleet.ask(() -> behind(feed, sessions, symbols).isEmpty()));
        report.truth("all hold the newest within " + WITHIN_SECONDS + " s once the feed rests", holds);
        if (!holds) {
            final List<String> behind = fleet.ask(() -> behind(feed, sessions, symbols));
            report.fact("behind in the end", behind.size() + " pairs of session and symbol, like "
                + behind.subList(0, Math.min(MOST_TOLD, behind.size())));
        }
        report.truth("nobody was cut: " + fleet.failures(), fleet.goneCount() == 0);
    }

    private static List<String> behind(final PacedFeed feed, final List<FleetSession> sessions,
            final IntFunction<int[]> symbols) {
        final List<String> behind = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            for (final int symbol : symbols.apply(i)) {
                if (sessions.get(i).newest(symbol) != feed.newestQuote(symbol)) {
                    behind.add("session " + i + " " + PacedFeed.symbol(symbol) + " at "
                        + sessions.get(i).newest(symbol) + " of "
                        + feed.newestQuote(symbol));
                }
            }
        }
        return behind;
    }
}
