package penstock;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.Locale;
import java.util.List;
import java.util.concurrent.Callable;
import penstock.usage.ledger.UsageReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code usage report}: the units of a month, for the exchange. Owned by the main thread. */
@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Report the users or devices of a month as comma-separated values.",
    description = {"",
        "Prints one line per product, display or non-display use, and user or device, sorted by them.",
        "Concurrent sessions of a user count as one unit; the most at a time stand beside. With the ledgers of",
        "several relays a user of all of them is one unit, too.", "",
        "Exit code: 0 done; 1 there is no file of the month, its chain is broken, or two ledgers are copies of one;",
        "2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay usage report --month 2026-11 --unit user --basis accessed /var/lib/penstock/usage",
        "  scripts/relay usage report --month 2026-11 --unit user --basis accessed ingest london tokyo"})
final class UsageReportCommand implements Callable<Integer> {
    @Option(names = "--month", paramLabel = "YYYY-MM", required = true, description = "month of UTC")
    private String month;

    @Option(names = "--unit", paramLabel = "user|device", required = true, description = "what counts as one")
    private String unit;

    @Option(names = "--basis", paramLabel = "enabled|accessed", required = true,
        description = "who counts: everybody who was entitled at any time of the month, or received an update")
    private String basis;

    @Option(names = "--product", paramLabel = "P", description = "only this product. Default: all")
    private String product;

    @Parameters(paramLabel = "DIR", arity = "0..*",
        description = "directories of the ledgers, one of each relay. Default: this one")
    private List<Path> directories = List.of();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        final String text = new UsageReport(one("--unit", UsageReport.Unit.class, unit),
            one("--basis", UsageReport.Basis.class, basis), product)
            .of(directories.isEmpty() ? List.of(Path.of("")) : directories, month());
        // a terminal's encoding must not decide what a file has
        System.out.write(text.getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        return ExitCode.DONE.code();
    }

    private YearMonth month() {
        try {
            return YearMonth.parse(month);
        } catch (final DateTimeException e) {
            throw wrong("--month must be a month like 2026-11, got " + month);
        }
    }

    private <E extends Enum<E>> E one(final String option, final Class<E> type, final String text) {
        for (final E value : type.getEnumConstants()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        throw wrong(option + " must be " + spec.findOption(option).paramLabel().replace("|", " or ") + ", got " + text);
    }

    private CommandLine.ParameterException wrong(final String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
