package penstock.bench.release;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The work of {@code scripts/release}. Owned by the main thread. */
@Command(name = "release", mixinStandardHelpOptions = true,
    subcommands = {MakeCommand.class, PageCommand.class, ChangelogCommand.class},
    header = "Makes a release; its page of results and its changelog can be written alone.")
public final class ReleaseTool {
    /** Exit code of a release that is refused because of its figures. */
    static final int REFUSED = 3;

    /** Runs a part and exits. */
    public static void main(final String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ReleaseTool()).setUsageHelpWidth(110)
            .setParameterExceptionHandler((e, arguments) -> {
                e.getCommandLine().getErr().println("scripts/release: " + e.getMessage()
                    + "; see scripts/release --help");
                return CommandLine.ExitCode.USAGE;
            })
            .setExecutionExceptionHandler((e, line, parsed) -> {
                line.getErr().println("scripts/release: " + (e.getMessage() == null ? e : e.getMessage()));
                return CommandLine.ExitCode.SOFTWARE;
            });
    }
}
