package penstock;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import penstock.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check}: says what is wrong with a configuration, or what it comes to. Owned by the main thread. */
@Command(name = "check", mixinStandardHelpOptions = true, sortOptions = false,
    header = "Validate a configuration and its venue file.",
    description = {"", "Exit code: 0 fine, and the whole configuration is printed, secrets masked; 78 with every mistake at once,"
        + " each with file, line and remedy.", ""})
final class CheckCommand implements Callable<Integer> {
    @Option(names = {"-c", "--config"}, required = true, paramLabel = "FILE", description = "the configuration")
    private Path file;

    @Mixin
    private ConfigOptions options;

    @Override
    public Integer call() {
        try {
            final ConfigOptions.Loaded loaded = options.load(file);
            Relay.check(loaded.config(), loaded.venue());
            System.out.print(loaded.config().toHocon());
            return 0;
        } catch (final ConfigException e) {
            return ConfigOptions.complain(e, System.err);
        } catch (final IllegalArgumentException e) {
            System.err.println(file + ": " + e.getMessage());
            return ConfigOptions.EXIT_CONFIG;
        }
    }
}
