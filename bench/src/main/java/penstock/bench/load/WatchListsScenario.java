package penstock.bench.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.Candidate;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * To each session the symbols of its own list: at interval 0 from every server, and from the relay conflated to one
 * update per symbol and interval, where the cost counts per update sent or conflated. Owned by the main thread.
 */
@Command(name = "watch-lists", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description =
        "To each session a list of its own, at interval 0; and from the relay conflated: what does an update cost?")
final class WatchListsScenario extends FanOutScenario {
    private static final double RAW_BAR = 1.05;
    private static final double ENVELOPE_BAR = 1.20;
    private static final double CONFLATED_BAR_US = 0.35;
    private static final long SEED = 20_261_122;

    @Option(names = "--each", description = "symbols of each session, at random")
    private int each = 100;

    @Option(names = "--interval", description = "ms of the conflated measurement")
    private int intervalMs = 100;

    WatchListsScenario() {
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
    List<CandidateRun> runs() {
        final List<CandidateRun> runs = new ArrayList<>();
        for (final Candidate candidate : servers()) {
            runs.add(CandidateRun.of(candidate));
            if (candidate.name().equals(CandidateServers.RELAY)) {
                runs.add(new CandidateRun(conflated(), candidate, "interval=" + intervalMs, true));
            }
        }
        return runs;
    }

    @Override
    void judge(final LoadReport report) {
        for (final CandidateRun run : runs()) {
            final boolean isRelay = run.name().startsWith(CandidateServers.RELAY);
            if (run.mayConflate()) {
                report.bar(run.cost(), FigureBar.atMost(CONFLATED_BAR_US));
            } else {
                final FigureBar cost = !isRelay ? null : FigureBar.atMost(run.hasEnvelope() ? ENVELOPE_BAR : RAW_BAR);
                report.ratio(run.cost(), "cpu per update, " + CandidateServers.FLOOR, cost);
                report.ratio("p99, " + run.name(), "p99, " + CandidateServers.FLOOR, null);
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

    private String conflated() {
        return CandidateServers.RELAY + " at " + intervalMs + " ms";
    }
}
