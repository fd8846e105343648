package penstock;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code run}: the relay. Owned by the main thread. */
@Command(name = "run", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Run the relay.",
    description = {"", "Every key of the configuration, with its default and meaning: config/relay.conf.",
        "Order: defaults < file < PENSTOCK_… environment < --set.", "",
        RunCommand.EXIT_CODES, ""})
final class RunCommand implements Callable<Integer> {
    /** Also of the demo. */
    static final String EXIT_CODES = "Exit code: 0 after SIGTERM or Ctrl-C, when the sessions are drained; "
        + "1 a port is taken; 2 wrong usage; 3 out of memory; 77 the venue, or those of all feeds, rejected "
        + "the connection permanently; 78 the configuration is wrong.";

    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", description = "the configuration")
    private Path file;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        try (RelayShutdown shutdown = RelayShutdown.install()) {
            return RelayService.run(options.load(file), file.toString(), shutdown);
        }
    }
}
