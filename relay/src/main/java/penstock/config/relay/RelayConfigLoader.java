package penstock.config.relay;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import penstock.config.ConfigException;
import penstock.config.ConfigSection;
import penstock.config.HoconReader;
import penstock.config.Problems;

/**
 * Builds the configuration from four layers, weakest first: defaults, file, {@code PENSTOCK_…} environment, {@code
 * --set}. One {@link ConfigException} reports all mistakes of all layers. The commented {@code config/relay.conf} is
 * the source of the defaults. Owned by the main thread.
 */
public final class RelayConfigLoader {
    private static final String RESOURCE = "penstock/relay.conf";

    private final Map<String, String> environment;

    /** Reads variables from {@code environment}, usually {@code System.getenv()}. */
    public RelayConfigLoader(final Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * A configuration, and where its values come from.
     *
     * @param view for people, secrets masked
     */
    public record Loaded(RelayConfig config, ConfigView view) {
    }

    /** Loads a file. A relative path of a venue file is resolved next to it first. */
    public RelayConfig load(final Path file, final List<String> settings) {
        return read(file, settings).config();
    }

    /** Loads {@code text}; {@code name} stands for the file in messages. */
    public RelayConfig loadText(final String name, final String text, final List<String> settings) {
        return readText(name, text, settings).config();
    }

    /** Like {@link #load}, with the origins. */
    public Loaded read(final Path file, final List<String> settings) {
        return load(file.toAbsolutePath().getParent(), settings, reader -> reader.file(file));
    }

    /** Like {@link #loadText}, with the origins. */
    public Loaded readText(final String name, final String text, final List<String> settings) {
        return load(Path.of(""), settings, reader -> reader.text(name, text));
    }

    private Loaded load(final Path folder, final List<String> settings,
            final Function<HoconReader, ConfigObject> read) {
        final Problems problems = new Problems();
        final HoconReader reader = new HoconReader(environment::get, problems);
        final ConfigObject file = withoutNulls(read.apply(reader));
        problems.throwIfAny();
        final ConfigObject defaults = reader.resource(RESOURCE, ConfigSection.DEFAULTS);
        final ConfigOverrides overrides = new ConfigOverrides(defaults, problems);
        final ConfigObject written =
            overrides.settings(settings, overrides.environment(environment, reader.asked(), file));
        final RelayConfig config = new RelayConfigReader(problems, file, folder).read(written, defaults);
        problems.throwIfAny();
        return new Loaded(config, new ConfigView(config, defaults(defaults, folder), written));
    }

    /** What is required has a value that stands for none. */
    private static RelayConfig defaults(final ConfigObject defaults, final Path folder) {
        final ConfigObject nothing = ConfigFactory.empty().root();
        return new RelayConfigReader(new Problems(), nothing, folder).read(nothing, defaults);
    }

    /** A key set to null counts as not set: its default applies. */
    private static ConfigObject withoutNulls(final ConfigObject object) {
        ConfigObject result = object;
        for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            if (entry.getValue().valueType() == ConfigValueType.NULL) {
                result = result.withoutKey(entry.getKey());
            } else if (entry.getValue() instanceof ConfigObject inner) {
                result = result.withValue(entry.getKey(), withoutNulls(inner));
            }
        }
        return result;
    }
}
