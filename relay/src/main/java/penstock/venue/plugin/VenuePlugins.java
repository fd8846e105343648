package penstock.venue.plugin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.venue.spec.VenueVariables;

/**
 * The plugins that a venue file uses for values. The thread that reads the file fills it; then the feed thread owns it.
 */
public final class VenuePlugins {
    /** The keys of {@code plugins[]}. */
    public static final KeyTable KEYS = KeyTable.of("plugins[]");
    private static final String NAME = KEYS.key("name", "text", KeyTable.REQUIRED,
        "`coinbase-signature`, `kraken-signature`, or the name of your own. `kraken-crc32` and `okx-crc32` are "
        + "checksums for `book.checksum`.");
    private static final String WITH = KEYS.key("with", "map of templates", "`{}`",
        "Arguments; values that are read at each login are read before the call.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 10_000, 100, 600_000,
        "A slower plugin counts as a failed login.");
    private static final String PLUGIN = "plugin:";

    private final List<Spec> specs;
    private final VenueVariables variables;

    /** One plugin of the file; {@code with} holds secrets. */
    private record Spec(String name, Map<String, String> with, long timeoutMs) {
    }

    private VenuePlugins(final List<Spec> specs, final VenueVariables variables) {
        this.specs = specs;
        this.variables = variables;
    }

    /** Reads the plugins. Call it last: then all placeholders are known. */
    public static VenuePlugins read(final ConfigSection root, final VenueVariables variables) {
        final List<Spec> specs = new ArrayList<>();
        for (final ConfigSection section : root.sections("plugins")) {
            final String name = section.requiredText(NAME);
            final Map<String, String> with = section.textMap(WITH);
            with.replaceAll((key, value) -> variables.fillInner(section, WITH, value));
            specs.add(new Spec(name, with, TIMEOUT.readMs(section)));
            if (section.has(NAME)) {
                section.compiled(NAME, () -> find(name));
            }
        }
        final Set<String> needed = pluginValues(variables);
        if (specs.isEmpty() && !needed.isEmpty()) {
            root.problem("plugins", "are missing, {plugin:" + needed.iterator().next()
                + "} needs one; add: plugins = [ { name = … } ]; available: " + String.join(", ", names()));
        }
        return new VenuePlugins(List.copyOf(specs), variables);
    }

    /** A new instance of the plugin with this name; throws with all names if there is none. */
    public static VenuePlugin find(final String name) {
        for (final VenuePlugin plugin : PluginJars.plugins()) {
            if (plugin.name().equals(name)) {
                return plugin;
            }
        }
        throw new IllegalArgumentException("unknown plugin " + name + "; available: " + String.join(", ", names()));
    }

    private static Set<String> names() {
        final Set<String> names = new TreeSet<>();
        PluginJars.plugins().forEach(plugin -> names.add(plugin.name()));
        return names;
    }

    public boolean isEmpty() {
        return specs.isEmpty();
    }

    /** The values of the login that the arguments need. */
    public Set<String> loginValues() {
        final Set<String> names = new TreeSet<>();
        specs.forEach(spec -> spec.with().values()
            .forEach(value -> names.addAll(VenueVariables.loginValuesOf(value))));
        return names;
    }

    private static Set<String> pluginValues(final VenueVariables variables) {
        final Set<String> names = new TreeSet<>();
        variables.knownValues().stream().filter(name -> name.startsWith(PLUGIN))
            .forEach(name -> names.add(name.substring(PLUGIN.length())));
        return names;
    }

    /** The sum of all timeouts. */
    public long timeoutMs() {
        return specs.stream().mapToLong(Spec::timeoutMs).sum();
    }

    /**
     * Calls each plugin; a later value replaces an earlier one of the same name. Call it on a thread that may block.
     *
     * @param given values for the arguments
     */
    public Map<String, String> call(final String url, final long nowMs, final Map<String, String> given)
            throws Exception {
        final Map<String, String> values = new LinkedHashMap<>();
        for (final Spec spec : specs) {
            try {
                values.putAll(find(spec.name()).values(new PluginCall(url, filled(spec.with(), given), nowMs)));
            } catch (final FatalPluginException e) {
                throw new FatalPluginException("plugin " + spec.name() + ": " + e.getMessage(), e);
            } catch (final InterruptedException e) {
                throw e;
            } catch (final Exception e) {
                final String what = e.getMessage() == null ? e.toString() : e.getMessage();
                throw new IllegalStateException("plugin " + spec.name() + ": " + what, e);
            }
        }
        final Set<String> missing = pluginValues(variables);
        missing.removeAll(values.keySet());
        if (!missing.isEmpty()) {
            throw new FatalPluginException("no plugin supplies " + String.join(", ", missing)
                + ", which the venue file needs; supplied: " + String.join(", ", values.keySet()));
        }
        return values;
    }

    private static Map<String, String> filled(final Map<String, String> with, final Map<String, String> given) {
        final Map<String, String> filled = new LinkedHashMap<>(with);
        filled.replaceAll((key, value) -> VenueVariables.filled(value, given));
        return filled;
    }
}
