package penstock.bench.load;

import java.util.List;

/** Whether everyone holds the newest of every symbol, once the feed rests. Stateless. */
final class Newest {
    private static final double WITHIN_SECONDS = 20;

    private Newest() {
    }

    /** Rests the feed, waits for it, and tells; the sessions have all symbols. */
    static void check(final Report report, final PacedFeed feed, final Fleet fleet, final List<FleetSession> sessions) {
        feed.rest(true);
        report.truth("all hold the newest within " + WITHIN_SECONDS + " s once the feed rests", Clock.within(WITHIN_SECONDS,
            () -> fleet.ask(() -> sessions.stream().allMatch(session -> holds(feed, session)))));
        report.truth("nobody was cut: " + fleet.failures(), fleet.goneCount() == 0);
    }

    private static boolean holds(final PacedFeed feed, final FleetSession session) {
        for (int i = 0; i < feed.shape().symbols(); i++) {
            if (session.newest(i) != feed.newestQuote(i)) {
                return false;
            }
        }
        return true;
    }
}
