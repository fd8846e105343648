package penstock.bench.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line of the load rig: {@code scripts/load NAME}. Exit code 1 if a truth is broken, 2 for a wrong call.
 * Owned by the main thread.
 */
@Command(name = "scripts/load", mixinStandardHelpOptions = true, sortOptions = false, synopsisSubcommandLabel = "NAME",
    header = "Measures servers under load: the relay and servers to compare it with.",
    description =
    {"", "Each server runs in a process of its own; feed and clients run in this one. Open loop: when each update is "
        + "due is fixed in advance, and latency counts from it. "
        + "Servers are measured in turn within each round, and ratios are taken within the round.",
        "scripts/load NAME --help lists the options of a scenario.", ""},
    commandListHeading = "%nScenarios:%n",
    subcommands =
    {BroadcastScenario.class, LatencyScenario.class, WatchListsScenario.class, SecuredScenario.class,
        WatchedScenario.class, AllRateScenario.class, TradesAndQuotesScenario.class, StalledAllScenario.class,
        StalledReadersScenario.class, SlowReadersScenario.class, IdleScenario.class, ConnectStormScenario.class,
        UpstreamRateScenario.class, LinksScenario.class, BusScenario.class, BurstScenario.class,
        StartTimeScenario.class, FirstRequestsScenario.class})
public final class LoadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Runs one scenario and exits. */
    public static void main(final String[] args) {
        System.exit(command().execute(args));
    }

    /** The command line, ready to execute. */
    static CommandLine command() {
        final CommandLine command = new CommandLine(new LoadCommand());
        command.setUsageHelpWidth(110);
        command.setParameterExceptionHandler(LoadCommand::refuse);
        command.setExecutionExceptionHandler((why, at, result) -> fail(why, at));
        return command;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which scenario?");
    }

    /** A refusal of the machine or a server is one line; anything else is a fault of the rig and gets its trace. */
    private static int fail(final Exception why, final CommandLine command) throws Exception {
        if (!(why instanceof IOException) && !(why instanceof IllegalStateException)) {
            throw why;
        }
        final String what = why instanceof NoSuchFileException ? "there is no file " + why.getMessage()
            : why.getMessage();
        command.getErr().println("load " + command.getCommandName() + ": " + what);
        command.getErr().flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static int refuse(final ParameterException why, final String[] args) {
        final CommandLine command = why.getCommandLine();
        final PrintWriter err = command.getErr();
        if (command.getCommandSpec().userObject() instanceof LoadCommand) {
            final boolean isUnknown = args.length > 0 && !args[0].startsWith("-")
                && !command.getSubcommands().containsKey(args[0]);
            err.println("load: " + (isUnknown ? "there is no scenario " + args[0] : why.getMessage())
                + "; the scenarios are "
                + String.join(", ", command.getSubcommands().keySet()) + "; scripts/load --help lists them");
        } else {
            err.println("load " + command.getCommandName() + ": " + why.getMessage() + "; scripts/load "
                + command.getCommandName()
                + " --help lists the options");
        }
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }
}
