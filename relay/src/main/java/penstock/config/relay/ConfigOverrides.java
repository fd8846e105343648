package penstock.config.relay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import penstock.config.Problems;
import penstock.text.Suggestion;

/**
 * Applies {@code PENSTOCK_…} variables and {@code --set} on top of a file. The defaults define which keys exist, and
 * which of them are lists. Owned by the thread that reads the configuration.
 */
final class ConfigOverrides {
    private static final String PREFIX = "PENSTOCK_";
    private static final String HEADERS = "feed.headers";
    private static final Pattern OF_FEEDS = Pattern.compile("^feeds\\.[^.]+\\.");
    private static final String URL = "feed.url";
    private static final String URLS = "feed.urls";
    private static final Set<String> SECRETS = Set.of("admin.token", "auth.rights.token", HEADERS);

    private final Map<String, ConfigValue> known = new TreeMap<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final Problems problems;

    ConfigOverrides(final ConfigObject defaults, final Problems problems) {
        this.problems = problems;
        collect("", defaults);
        known.keySet().forEach(path -> variables.put(variable(path), path));
    }

    /** Applies variables on top of {@code below}. Ignores variables that the file itself substitutes. */
    ConfigObject environment(final Map<String, String> environment, final Set<String> asked, final ConfigObject below) {
        Config config = below.toConfig();
        for (final String name : new TreeMap<>(environment).keySet()) {
            if (name.startsWith(PREFIX)) {
                final String path = path(name);
                if (path != null && !environment.get(name).isEmpty()) {
                    config = laid(config, path, value(path, environment.get(name), name));
                } else if (path == null && !asked.contains(name)) {
                    problems.add(ConfigOriginFactory.newSimple(name), "", "no such key; "
                        + Suggestion.remedy(name, variables.keySet()));
                }
            }
        }
        return config.root();
    }

    /** Applies each {@code key=value} on top of {@code below}; the last one wins. */
    ConfigObject settings(final List<String> settings, final ConfigObject below) {
        Config config = below.toConfig();
        for (final String setting : settings) {
            final int equals = setting.indexOf('=');
            final String path = (equals < 0 ? setting : setting.substring(0, equals)).trim();
            final String refusal = refusal(path, equals);
            if (refusal == null) {
                config = laid(config, path, value(path, setting.substring(equals + 1).trim(), "--set"));
            } else {
                problems.add(ConfigOriginFactory.newSimple("--set"), path, refusal);
            }
        }
        return config.root();
    }

    private static String refusal(final String path, final int equals) {
        if (equals < 0) {
            return "has no value; write --set key=value";
        }
        if (ofFeeds(path).startsWith(HEADERS) && !path.startsWith(HEADERS)) {
            return "is a secret, and every user of this machine can read a command line; write ${NAME} in the file, "
                + "for a variable";
        }
        if (SECRETS.contains(path) || path.startsWith(HEADERS + ".")) {
            return "is a secret, and every user of this machine can read a command line; use " + variable(path)
                + " or the file";
        }
        final boolean isPath = path.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
        return isPath ? null : "is not a key; write --set key=value, for example --set server.port=8080";
    }

    /** An address in a stronger layer replaces the addresses below, under either of the two keys. */
    private static Config laid(final Config below, final String path, final ConfigValue value) {
        final String plain = ofFeeds(path);
        final String section = path.substring(0, path.length() - plain.length() + "feed".length());
        final Config config = plain.equals(URL) ? below.withoutPath(section + ".urls")
            : plain.equals(URLS) ? below.withoutPath(section + ".url") : below;
        return config.withValue(path, value);
    }

    private ConfigValue value(final String path, final String text, final String origin) {
        final ConfigValue usual = known.get(ofFeeds(path));
        final boolean isList = usual == null ? text.startsWith("[") : usual.valueType() == ConfigValueType.LIST;
        if (!isList) {
            return ConfigValueFactory.fromAnyRef(text, origin);
        }
        if (!text.startsWith("[")) {
            return items(text, origin);
        }
        try {
            return ConfigValueFactory.fromAnyRef(ConfigFactory.parseString("v = " + text).getList("v").unwrapped(),
                origin);
        } catch (final com.typesafe.config.ConfigException notHocon) {
            // a shell takes the quotes that HOCON wants around EUR*
            return text.endsWith("]") ? items(text.substring(1, text.length() - 1), origin)
                : ConfigValueFactory.fromAnyRef(text, origin);
        }
    }

    private static ConfigValue items(final String text, final String origin) {
        return ConfigValueFactory.fromIterable(Arrays.stream(text.split(",")).map(String::trim)
            .filter(item -> !item.isEmpty()).toList(), origin);
    }

    /** The key of the only feed that means the same as a key of one of several. */
    private static String ofFeeds(final String path) {
        return OF_FEEDS.matcher(path).replaceFirst("feed.");
    }

    private String path(final String variable) {
        final String headers = variable(HEADERS) + "_";
        if (variable.startsWith(headers) && variable.length() > headers.length()) {
            return ConfigUtil.joinPath("feed", "headers", variable.substring(headers.length()).replace('_', '-'));
        }
        return variables.get(variable);
    }

    private void collect(final String prefix, final ConfigObject object) {
        for (final Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            final String path = prefix + entry.getKey();
            if (entry.getValue() instanceof ConfigObject inner && !path.equals(HEADERS)) {
                collect(path + ".", inner);
            } else if (!path.equals(HEADERS)) {
                known.put(path, entry.getValue());
            }
        }
    }

    private static String variable(final String path) {
        return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
