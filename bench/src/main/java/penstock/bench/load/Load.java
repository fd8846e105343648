package penstock.bench.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of the load rig: {@code scripts/load NAME}. Exit code 1 when a truth is broken. Owned by the main thread. */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Measure a relay under load: trades-and-quotes, stalled-all.",
    description = {"", "The relay runs in a process of its own; feed and clients in this one.", ""})
public final class Load implements Callable<Integer> {
    private static final Map<String, Supplier<Scenario>> SCENARIOS = Map.of("trades-and-quotes", TradesAndQuotes::new,
        "stalled-all", StalledAll::new);

    @Parameters(paramLabel = "NAME", description = "trades-and-quotes or stalled-all")
    private String name;

    @Option(names = "--rounds", defaultValue = "5", description = "medians of so many rounds")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "30", description = "of each measurement, and of a stall")
    private int seconds;

    @Option(names = "--quotes", defaultValue = "1500", description = "quotes per second")
    private int quotes;

    @Option(names = "--trades", description = "trades per second; 500, of stalled-all 100: there hundreds take each of them")
    private Integer trades;

    @Option(names = "--symbols", defaultValue = "20", description = "symbols")
    private int symbols;

    @Option(names = "--others", defaultValue = "200", description = "healthy sessions besides")
    private int others;

    @Option(names = "--stalled", defaultValue = "500", description = "sessions that stop to read")
    private int stalled;

    @Option(names = "--home", hidden = true, defaultValue = ".")
    private Path home;

    @Option(names = "--out", paramLabel = "FOLDER", description = "for NAME.txt, NAME.json and the relay's log; else bench/target/load")
    private Path folder;

    /** Runs one scenario and exits. */
    public static void main(final String[] args) {
        System.exit(new CommandLine(new Load()).setUsageHelpWidth(110).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        if (!SCENARIOS.containsKey(name) || rounds < 1 || seconds < 1 || symbols < 1 || symbols > PacedFeed.MOST_SYMBOLS) {
            System.err.println("load: NAME is one of " + SCENARIOS.keySet() + "; rounds and seconds are at least 1, symbols 1 to "
                + PacedFeed.MOST_SYMBOLS);
            return 2;
        }
        final Path results = Files.createDirectories(folder == null ? home.resolve("bench/target/load") : folder).toAbsolutePath();
        final int tradeRate = trades != null ? trades : name.equals("stalled-all") ? 100 : 500;
        final Path root = home.toAbsolutePath().normalize();
        final Plan plan = new Plan(rounds, seconds, quotes, tradeRate, symbols, others, stalled, root, results);
        final Report report = new Report(name, plan);
        SCENARIOS.get(name).get().run(plan, report);
        Files.writeString(results.resolve(name + ".txt"), report.text());
        Files.writeString(results.resolve(name + ".json"), report.json());
        System.out.print(report.text());
        System.out.println("\n" + results.resolve(name + ".json"));
        return report.holds() ? 0 : 1;
    }
}
