package penstock.bench.release;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The parts of {@code scripts/release} that are more than a script should do. Owned by the main thread. */
@Command(name = "release", mixinStandardHelpOptions = true, subcommands = {PageCommand.class, ChangelogCommand.class},
    header = "What scripts/release needs: the page of results, and that of changes.")
public final class Release {
    /** Exit code of a release that is refused because of its figures. */
    static final int REFUSED = 3;

    /** Runs a part and exits. */
    public static void main(final String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Release()).setUsageHelpWidth(110).setExecutionExceptionHandler((e, line, parsed) -> {
            line.getErr().println("release: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        });
    }
}
