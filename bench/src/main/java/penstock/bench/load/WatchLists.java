package penstock.bench.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * To each session the symbols of its own list: at interval 0 from every server, and from the relay folded to one update
 * per symbol and interval, where the cost counts per update owed, delivered or folded. Owned by the main thread.
 */
@Command(name = "watch-lists", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description =
        "To each session a list of its own, at interval 0; and from the relay folded: what does an update owed cost?")
final class WatchLists extends FanOut {
    private static final double RAW_BAR = 1.05;
    private static final double ENVELOPE_BAR = 1.20;
    private static final double OWED_BAR_US = 0.35;
    private static final long SEED = 20_261_122;

    @Option(names = "--each", description = "symbols of each session, at random")
    private int each = 100;

    @Option(names = "--interval", description = "ms of the folded measurement")
    private int intervalMs = 100;

    WatchLists() {
        super(1_000, 2_000, 1_000);
    }

    @Override
    Collection<String> symbolsOf(final int session) {
        return list(session, each, symbols);
    }

    @Override
    int symbolCount() {
        return each;
    }

    @Override
    List<Entrant> entrants() {
        final List<Entrant> entrants = new ArrayList<>();
        for (final Contestant contestant : servers()) {
            entrants.add(Entrant.of(contestant));
            if (contestant.name().equals(Contestants.RELAY)) {
                entrants.add(new Entrant(folded(), contestant, "interval=" + intervalMs, true));
            }
        }
        return entrants;
    }

    @Override
    void judge(final Report report) {
        for (final Entrant entrant : entrants()) {
            final boolean isRelay = entrant.name().startsWith(Contestants.RELAY);
            if (entrant.mayFold()) {
                report.bar(entrant.cost(), Bar.atMost(OWED_BAR_US));
            } else {
                final Bar cost = !isRelay ? null : Bar.atMost(entrant.isTelling() ? ENVELOPE_BAR : RAW_BAR);
                report.ratio(entrant.cost(), "cpu per update, " + Contestants.FLOOR, cost);
                report.ratio("p99, " + entrant.name(), "p99, " + Contestants.FLOOR, null);
            }
        }
    }

    /** The same list for the same session in every run. */
    static Set<String> list(final int session, final int count, final int symbols) {
        final SplittableRandom random = new SplittableRandom(SEED + session);
        final Set<String> names = new TreeSet<>();
        while (names.size() < count) {
            names.add(PacedFeed.symbol(random.nextInt(symbols)));
        }
        return names;
    }

    private String folded() {
        return Contestants.RELAY + " at " + intervalMs + " ms";
    }
}
