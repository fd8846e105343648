package penstock.venue.login;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.venue.plugin.VenuePlugins;
import penstock.venue.spec.VenueVariables;

/**
 * The values of a venue file that are read at each login, so that a token which has changed costs one reconnect. The
 * thread that reads the file fills it; {@link #read} runs on a thread of the login; the feed thread owns the rest.
 */
public final class LoginValues {
    /** The keys of {@code fetch}. */
    public static final KeyTable KEYS = FetchSpec.KEYS;
    private static final long FILE_MS = 1_000;

    private final VenuePlugins plugins;
    private final VenueVariables variables;
    private final Map<String, FetchSpec> fetches;
    private final FetchedAnswers answers;

    private LoginValues(final VenuePlugins plugins, final VenueVariables variables,
            final Map<String, FetchSpec> fetches, final FetchedAnswers answers) {
        this.plugins = plugins;
        this.variables = variables;
        this.fetches = fetches;
        this.answers = answers;
    }

    /**
     * Reads {@code plugins} and {@code fetch}. Call it last: then all placeholders are known. {@code answers}: shared
     * by all connections.
     */
    public static LoginValues read(final ConfigSection root, final VenueVariables variables,
            final FetchedAnswers answers) {
        final Map<String, FetchSpec> fetches = FetchSpec.readAll(root, variables);
        final LoginValues login =
            new LoginValues(VenuePlugins.read(root, variables), variables, fetches, answers);
        for (final String name : variables.knownValues()) {
            final String fetch = fetchOf(name);
            if (fetch != null && (!fetches.containsKey(fetch)
                    || !fetches.get(fetch).values().containsKey(name.substring(name.indexOf('/') + 1)))) {
                root.problem("fetch", "has no value {" + name + "}; add: fetch { " + fetch
                    + " { url = \"https://…\", values { " + name.substring(name.indexOf('/') + 1)
                    + " = \"$/…\" } } }");
            }
        }
        for (final String name : fetches.keySet()) {
            if (login.needsItself(name)) {
                root.section("fetch").problem(name, "needs a value that it has itself to bring");
            }
        }
        return login;
    }

    /** True if the file needs nothing before a login. */
    public boolean isEmpty() {
        return plugins.isEmpty() && variables.loginValues().isEmpty();
    }

    /** The values that a login needs: those of the file, and those of more texts, such as an address and headers. */
    public Set<String> names(final Collection<String> texts) {
        final Set<String> names = new TreeSet<>(variables.loginValues());
        texts.forEach(text -> names.addAll(VenueVariables.loginValuesOf(text)));
        return names;
    }

    /** True if a mistake in a value cannot be mended while the relay runs: all come from plugins. */
    public boolean isOfPluginsAlone(final Collection<String> names) {
        return names.stream().allMatch(name -> name.startsWith("plugin:"))
            && plugins.loginValues().isEmpty();
    }

    /** How long {@link #read} may take. */
    public long timeoutMs(final Collection<String> names) {
        long sumMs = plugins.timeoutMs();
        for (final FetchSpec fetch : fetches.values()) {
            sumMs += fetch.limits().timeoutMs();
        }
        final Set<String> all = new HashSet<>(names);
        all.addAll(variables.knownValues());
        for (final String name : all) {
            sumMs += name.startsWith("exec:") ? SecretCommand.TIMEOUT_MS : name.startsWith("file:") ? FILE_MS : 0;
        }
        return sumMs;
    }

    /**
     * Reads values, and calls all plugins. On a thread that may block.
     *
     * @throws LoginException if one cannot be read now
     * @throws penstock.venue.plugin.FatalPluginException if a retry makes no sense
     * @throws Exception what a plugin throws
     */
    public Map<String, String> read(final Collection<String> names, final LoginCall call, final HttpExchange http)
            throws Exception {
        final LoginReading reading = new LoginReading(this, call, http);
        reading.read(names);
        if (!plugins.isEmpty()) {
            reading.callPlugins();
        }
        return reading.values();
    }

    /** Uses these values in the messages from now on. Feed thread. */
    public void take(final Map<String, String> values) {
        variables.take(values);
    }

    /** A connection has ended: without data from it, fetched values are fetched again. Feed thread. */
    public void onEnded(final boolean hadData) {
        if (!hadData) {
            answers.forget();
        }
    }

    VenuePlugins plugins() {
        return plugins;
    }

    Map<String, FetchSpec> fetches() {
        return fetches;
    }

    FetchedAnswers answers() {
        return answers;
    }

    Function<String, String> environment(final Map<String, String> given) {
        return variables.environment(given);
    }

    private boolean needsItself(final String fetch) {
        final Set<String> seen = new HashSet<>();
        addNeeded(fetches.get(fetch).request().loginValues(), seen);
        return seen.contains(fetch);
    }

    /** Adds all fetches that these values need; {@code plugin:}: the plugins, which are called together. */
    private void addNeeded(final Collection<String> names, final Set<String> seen) {
        for (final String name : names) {
            final boolean isOfPlugin = name.startsWith("plugin:");
            final String node = isOfPlugin ? "plugin:" : fetchOf(name);
            if (node != null && seen.add(node)) {
                if (isOfPlugin) {
                    addNeeded(plugins.loginValues(), seen);
                } else if (fetches.containsKey(node)) {
                    addNeeded(fetches.get(node).request().loginValues(), seen);
                }
            }
        }
    }

    /** The name of the fetch that has the value, null if it has another origin. */
    private static String fetchOf(final String name) {
        return name.startsWith("http:") ? name.substring("http:".length(), name.indexOf('/')) : null;
    }
}
