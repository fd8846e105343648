package penstock.bench.load.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;

/** Checks that every session has the newest value of every symbol once the feed has stopped. Stateless. */
public final class NewestValueCheck {
    private static final double WITHIN_SECONDS = 20;
    private static final int MAX_SHOWN = 5;

    private NewestValueCheck() {
    }

    /** Stops the feed, waits, and reports; every session has all symbols. */
    public static void check(final LoadReport report, final PacedFeed feed, final ClientSwarm swarm,
            final List<SwarmSession> sessions) {
        final int[] all = IntStream.range(0, feed.shape().symbols()).toArray();
        check(report, feed, swarm, sessions, i -> all);
    }

    /** Stops the feed, waits, and reports; each session has the symbols given for it. */
    public static void check(final LoadReport report, final PacedFeed feed, final ClientSwarm swarm,
            final List<SwarmSession> sessions,
                      final IntFunction<int[]> symbols) {
        feed.rest(true);
        final boolean holds =
            RigClock.within(WITHIN_SECONDS, () -> swarm.ask(() -> behind(feed, sessions, symbols).isEmpty()));
        report.truth("all hold the newest within " + WITHIN_SECONDS + " s once the feed rests", holds);
        if (!holds) {
            final List<String> behind = swarm.ask(() -> behind(feed, sessions, symbols));
            report.fact("behind in the end", behind.size() + " pairs of session and symbol, like "
                + behind.subList(0, Math.min(MAX_SHOWN, behind.size())));
        }
        report.truth("no session was cut: " + swarm.failures(), swarm.goneCount() == 0);
    }

    private static List<String> behind(final PacedFeed feed, final List<SwarmSession> sessions,
            final IntFunction<int[]> symbols) {
        final List<String> behind = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
            for (final int symbol : symbols.apply(i)) {
                if (sessions.get(i).newest(symbol) != feed.newestQuote(symbol)) {
                    behind.add("session " + i + " " + PacedFeed.symbol(symbol) + " at "
                        + sessions.get(i).newest(symbol) + " of " + feed.newestQuote(symbol));
                }
            }
        }
        return behind;
    }
}
