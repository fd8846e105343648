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
        "Exit code: 0 after SIGTERM or Ctrl-C, when the sessions are drained; 77 the venue rejected the connection "
            + "permanently; 78 the configuration is wrong; 1 a port is taken.", ""})
final class RunCommand implements Callable<Integer> {
    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", description = "the configuration")
    private Path file;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        return RelayService.run(options.load(file), file.toString());
    }
}
