package penstock;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code usage}: what reads the usage ledger of a relay. Owned by the main thread. */
@Command(name = "usage", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Verify the usage ledger of a relay, or report the units of a month.",
    subcommands = {UsageVerifyCommand.class, UsageReportCommand.class},
    description = {"", "Exit code: 0 done; 2 wrong usage.", ""})
final class UsageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(),
            "give a command: relay usage verify, relay usage report");
    }
}
