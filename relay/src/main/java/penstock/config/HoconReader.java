package penstock.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Parses HOCON and substitutes <code>${?NAME}</code> from the given environment. Text that does not parse becomes one
 * problem and reads as empty. Owned by the thread that reads the configuration.
 */
public final class HoconReader {
    /** The parser's remedy does not apply here: every file is read as HOCON. */
    private static final String PROPERTIES = ", or you may be able to rename the file .properties rather than .conf";

    private static final String OPTIONS = "options";

    private final Function<String, String> environment;
    private final Problems problems;
    private final Map<String, String> options;
    private final Set<String> asked = new LinkedHashSet<>();

    /** {@code environment} returns null for a variable that is not set; problems go to {@code problems}. */
    public HoconReader(final Function<String, String> environment, final Problems problems) {
        this(environment, problems, Map.of());
    }

    /** {@code options} replace those that the text has under {@code options}, before substitutions refer to them. */
    public HoconReader(final Function<String, String> environment, final Problems problems,
            final Map<String, String> options) {
        this.environment = environment;
        this.problems = problems;
        this.options = options;
    }

    /** Parses a file. */
    public ConfigObject file(final Path file) {
        if (!Files.exists(file)) {
            return refuse(file.toString(), "no such file; looked for " + file.toAbsolutePath().normalize());
        }
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            return refuse(file.toString(), Files.isDirectory(file) ? "is a directory; name a file in it"
                : "cannot be read: permission denied");
        }
        return read(() -> ConfigFactory.parseFile(file.toFile(), options(file.toString())), file.toString());
    }

    /** Parses {@code text}; {@code name} stands for the file in messages. */
    public ConfigObject text(final String name, final String text) {
        return read(() -> ConfigFactory.parseString(text, options(name)), name);
    }

    /** Parses a class-path resource; {@code name} stands for the file in messages. */
    public ConfigObject resource(final String resource, final String name) {
        try (InputStream stream = HoconReader.class.getClassLoader().getResourceAsStream(resource)) {
            if (stream == null) {
                return refuse(name, "not in the jar: " + resource);
            }
            return text(name, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (final IOException unreadable) {
            return refuse(name, "cannot be read: " + unreadable.getMessage());
        }
    }

    /** Names of the variables that substitutions used. */
    public Set<String> asked() {
        return asked;
    }

    private ConfigObject read(final Supplier<Config> parse, final String name) {
        try {
            return withOptions(parse.get())
                .resolve(ConfigResolveOptions.noSystem().appendResolver(new FromEnvironment())).root();
        } catch (final com.typesafe.config.ConfigException wrong) {
            final ConfigOrigin where = wrong.origin() == null ? ConfigOriginFactory.newSimple(name) : wrong.origin();
            problems.add(where, "", sentence(wrong.getMessage(), where.description()));
            return ConfigFactory.empty(name).root();
        }
    }

    private Config withOptions(final Config parsed) {
        if (options.isEmpty()) {
            return parsed;
        }
        final ConfigValue written = parsed.root().get(OPTIONS);
        final Set<String> known = written instanceof ConfigObject object ? new TreeSet<>(object.keySet()) : Set.of();
        for (final String name : options.keySet()) {
            if (!known.contains(name)) {
                problems.add(written == null ? parsed.origin() : written.origin(), OPTIONS + "." + name,
                    "is set by feed.options, and this venue has no such option; "
                    + (known.isEmpty() ? "it has none" : "it has " + String.join(", ", known)));
            }
        }
        return ConfigFactory.parseMap(Map.of(OPTIONS, options), "feed.options").withFallback(parsed);
    }

    private ConfigObject refuse(final String name, final String message) {
        problems.add(ConfigOriginFactory.newSimple(name), "", message);
        return ConfigFactory.empty(name).root();
    }

    private static String sentence(final String message, final String place) {
        final String plain = message.startsWith(place + ": ") ? message.substring(place.length() + 2) : message;
        return plain.replace(PROPERTIES, "");
    }

    private static ConfigParseOptions options(final String name) {
        return ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setOriginDescription(name)
            .setAllowMissing(false);
    }

    private final class FromEnvironment implements ConfigResolver {
        @Override
        public ConfigValue lookup(final String name) {
            asked.add(name);
            final String value = environment.apply(name);
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, name);
        }

        @Override
        public ConfigResolver withFallback(final ConfigResolver fallback) {
            return this;
        }
    }
}
