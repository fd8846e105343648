package penstock;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import penstock.config.VenueName;
import penstock.config.VenueSettings;
import penstock.progress.ProgressLine;
import penstock.recording.Recording;
import penstock.recording.RecordingOpener;
import penstock.telemetry.Telemetry;
import penstock.upstream.HttpSnapshotFetch;
import penstock.upstream.ProxyRoutes;
import penstock.upstream.SnapshotFetch;
import penstock.venue.RecordingCheck;
import penstock.venue.Venue;
import penstock.venue.listing.ListedSymbols;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code check}: validates a configuration or a venue file, or tries a venue file on a recording. Owned by the main
 * thread.
 */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Validate a configuration and its venue file, or try a venue file on a recording.",
    description = {"",
        "With -c: prints the complete configuration, secrets masked; or every mistake with file, line and remedy.",
        "With --venue: validates the venue file alone. With --against too: counts the messages of the recording that "
            + "each rule takes, the topics, repetitions and gaps of each channel (unknown where the venue has no "
            + "numbers), builds the books, compares checksums, and says what is wrong: messages that no rule takes, "
            + "pointers that lead to nothing, times, levels and numbers that do not fit.",
        "With --venue and --symbols: asks the venue for its list of instruments, where the file has one, and says "
            + "which of the symbols it does not have.", "",
        "Exit code: 0 fine; 1 something is wrong; 2 wrong usage; 78 a file is wrong.", ""},
    footer = {"", "Examples:",
        "  scripts/relay check -c feed.conf",
        "  scripts/relay check --venue binance --symbols BTC/USDT,ETH/USDT",
        "  scripts/relay check --venue my-venue.conf --against feeds/my-venue.jsonl.gz"})
final class CheckCommand implements Callable<Integer> {
    @Option(names = {"-c", "--config"}, paramLabel = "FILE", description = "the configuration")
    private Path file;

    @Option(names = "--venue", paramLabel = "V", completionCandidates = VenueName.Candidates.class,
        description = "a venue file, or a built-in venue: ${COMPLETION-CANDIDATES}")
    private String venue;

    @Option(names = "--against", paramLabel = "RECORDING",
        description = "NAME.jsonl or NAME.jsonl.gz, one message per line")
    private Path recording;

    @Option(names = "--symbols", paramLabel = "LIST", split = ",",
        description = "with --venue: symbols to look up in the venue's list of instruments")
    private List<String> symbols = List.of();

    @Option(names = "--option", paramLabel = "NAME=VALUE",
        description = "with --venue: an option of the venue file; repeatable")
    private Map<String, String> venueOptions = Map.of();

    @Mixin
    private ConfigOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (file == null == (venue == null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "give either --config FILE or --venue V");
        }
        if (recording != null && venue == null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--against needs --venue");
        }
        if (!symbols.isEmpty() && (venue == null || recording != null)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--symbols needs --venue, without --against");
        }
        try {
            return venue == null ? checkConfiguration() : checkVenue();
        } catch (final IllegalArgumentException e) {
            System.err.println(file + ": " + e.getMessage());
            return ExitCode.CONFIG.code();
        }
    }

    private int checkConfiguration() {
        final ConfigOptions.Loaded loaded = options.load(file);
        // throws if they do not fit together
        new RelayPlan(loaded.config(), loaded.venues());
        // throws if the clients' keys cannot be read
        RelayAccess.of(loaded.config(), new Telemetry(), Clock.systemUTC()).close();
        System.out.print(loaded.config().toHocon());
        return 0;
    }

    private int checkVenue() {
        final Venue loaded = Venue.load(venue, VenueSettings.of(venueOptions), System::getenv);
        loaded.missingVariables()
            .forEach(name -> System.err.println(venue + ": environment variable " + name + " is not set"));
        if (recording == null) {
            System.out.println("venue " + loaded.name() + ": " + loaded.channels().size() + " channels, "
                + loaded.rules().size() + " rules" + ListedSymbols.where(loaded));
            return symbols.isEmpty() ? 0 : checkSymbols(loaded);
        }
        final RecordingCheck check = new RecordingCheck(loaded, line -> { });
        try (Recording messages = RecordingOpener.open(recording);
             ProgressLine progress = ProgressLine.of("checking", ProgressLine.bytesOf(recording))) {
            long bytes = 0;
            while (messages.next()) {
                if (!messages.isBreak()) {
                    check.onRecorded(messages.buffer(), messages.offset(), messages.length());
                }
                bytes += messages.length() + 1;
                progress.at(bytes, messages.number(), "messages");
            }
        }
        check.report().forEach(System.out::println);
        return check.problems().isEmpty() ? 0 : 1;
    }

    private int checkSymbols(final Venue loaded) {
        final SnapshotFetch fetch = new HttpSnapshotFetch(null, null, ProxyRoutes.of(null, System::getenv));
        final List<String> lines = new ListedSymbols(loaded, (list, part) -> {
            final CompletableFuture<SnapshotFetch.Fetched> answer = new CompletableFuture<>();
            fetch.fetch(SnapshotFetch.Request.of(list, part), answer::complete);
            final SnapshotFetch.Fetched fetched = answer.join();
            if (fetched.problem() != null || fetched.status() != 200) {
                throw new IOException(fetched.problem() == null ? "HTTP status " + fetched.status() + " of "
                    + list.uri(part).getHost() : fetched.problem());
            }
            return fetched.body();
        }).report(symbols);
        lines.forEach(System.out::println);
        return lines.stream().anyMatch(line -> line.startsWith("WRONG ")) ? 1 : 0;
    }
}
