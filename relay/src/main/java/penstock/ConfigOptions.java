package penstock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;
import picocli.CommandLine.Option;

/** Options of the commands that read a configuration. Owned by the main thread. */
final class ConfigOptions {
    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "set one key of the configuration; overrides file and environment")
    private List<String> settings = new ArrayList<>();

    /** A configuration and the venue that it names. */
    record Loaded(RelayConfig config, Venue venue) {
    }

    Loaded load(final Path file) {
        return withVenue(new RelayConfigLoader(System.getenv()).load(file, settings));
    }

    Loaded loadText(final String name, final String text) {
        return withVenue(new RelayConfigLoader(System.getenv()).loadText(name, text, settings));
    }

    private static Loaded withVenue(final RelayConfig config) {
        final String venue = config.feed().identity().venue();
        return new Loaded(config, Venue.load(venue, config.feed().settings(), System::getenv));
    }
}
