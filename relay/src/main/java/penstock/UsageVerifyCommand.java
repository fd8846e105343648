package penstock;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import penstock.usage.ledger.Chain;
import penstock.usage.ledger.LedgerCheck;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code usage verify}: follows the chain of hashes through all files of a ledger. Owned by the main thread. */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Check that no line of a usage ledger was changed, removed, inserted or moved.",
    description = {"",
        "Follows the chain of hashes through all files and prints the last hash, or the first line that breaks it.",
        "Lines that are missing at the end cannot be found in the files alone: keep the last hash elsewhere and",
        "give it to --expect later. Somebody who can write the files could also write the whole chain again: only",
        "--expect finds that.", "",
        "Exit code: 0 the chain holds; 1 it is broken, or the expected hash is not in it; 2 wrong usage.", ""},
    footer = {"", "Examples:",
        "  scripts/relay usage verify /var/lib/penstock/usage",
        "  scripts/relay usage verify /var/lib/penstock/usage --expect 5f0c…"})
final class UsageVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", arity = "0..1", description = "directory of the ledger. Default: this one")
    private Path directory = Path.of("");

    @Option(names = "--expect", paramLabel = "HASH", description = "a hash that was the last one at some time")
    private String expected;

    @Option(names = "--after", paramLabel = "HASH",
        description = "the last hash of archived files that came before these")
    private String after = Chain.START;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        checkHash("--expect", expected);
        checkHash("--after", after);
        final PrintWriter out = spec.commandLine().getOut();
        final LedgerCheck check = LedgerCheck.of(directory, after, expected);
        if (check.firstBreak() != null) {
            out.println("BROKEN " + check.firstBreak());
            out.println("the " + check.lines() + " lines before it hold; the last hash of those files that hold is "
                + check.lastHash());
            out.flush();
            return ExitCode.FAILED.code();
        }
        out.println("holds: " + check.lines() + (check.lines() == 1 ? " line in " : " lines in ") + check.files()
            + (check.files() == 1 ? " file" : " files"));
        if (expected != null) {
            out.println(check.anchor() == null
                ? "MISSING the expected hash: lines at the end are missing, or the ledger was written again"
                : "expected hash: " + check.anchor());
        }
        out.println("last hash: " + check.lastHash());
        out.flush();
        return (expected == null || check.anchor() != null ? ExitCode.DONE : ExitCode.FAILED).code();
    }

    private void checkHash(final String option, final String hash) {
        if (hash != null && !Chain.isHash(hash)) {
            throw new CommandLine.ParameterException(spec.commandLine(),
                option + " must be 64 characters from 0 to 9 and a to f, got " + hash);
        }
    }
}
