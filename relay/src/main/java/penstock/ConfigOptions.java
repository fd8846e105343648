package penstock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import penstock.config.relay.ConfigView;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;
import picocli.CommandLine.Option;

/** Options of the commands that read a configuration. Owned by the main thread. */
final class ConfigOptions {
    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "set one key of the configuration; overrides file and environment")
    private List<String> settings = new ArrayList<>();

    /**
     * A configuration.
     *
     * @param view   where its values come from; null in a test
     * @param venues those that it names, in the order of the feeds
     * @param again  reads it again
     */
    record Loaded(RelayConfig config, ConfigView view, List<Venue> venues, Supplier<Loaded> again) {
    }

    Loaded load(final Path file) {
        return withVenues(new RelayConfigLoader(System.getenv()).read(file, settings), () -> load(file));
    }

    Loaded loadText(final String name, final String text) {
        return withVenues(new RelayConfigLoader(System.getenv()).readText(name, text, settings),
            () -> loadText(name, text));
    }

    private static Loaded withVenues(final RelayConfigLoader.Loaded read, final Supplier<Loaded> again) {
        final RelayConfig config = read.config();
        final List<Venue> venues = config.feeds().values().stream()
            .map(feed -> Venue.load(feed.identity().venue(), feed.settings(), System::getenv)).toList();
        return new Loaded(config, read.view(), venues, again);
    }
}
