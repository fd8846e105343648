package penstock.venue.spec;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageTemplate;

/**
 * The environment variables of a venue file and the values of its plugins, and which of them are missing or required.
 * The thread that reads the file fills it; then the feed thread owns it.
 */
public final class VenueVariables {
    private static final String PLUGIN = "plugin:";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\{plugin:([A-Za-z][A-Za-z0-9_-]*)}");

    private final Function<String, String> environment;
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> pluginValues = new TreeSet<>();
    private Map<String, String> values = Map.of();

    public VenueVariables(final Function<String, String> environment) {
        this.environment = environment;
    }

    /** Values of variables, and of plugins under names like {@code plugin:token}. */
    public Function<String, String> environment() {
        return name -> name.startsWith(PLUGIN) ? values.get(name.substring(PLUGIN.length())) : environment.apply(name);
    }

    public Set<String> missing() {
        return missing;
    }

    /** Values that plugins must supply. */
    public Set<String> pluginValues() {
        return pluginValues;
    }

    /** Takes the values that plugins supplied. */
    public void take(final Map<String, String> given) {
        values = given;
    }

    /** Compiles a template; a template that does not compile becomes a problem and reads as empty. */
    public MessageTemplate template(final ConfigSection section, final String key, final String source,
            final Set<String> names) {
        final MessageTemplate template = section.compiled(key, () -> MessageTemplate.parse(source, names));
        if (template == null) {
            return MessageTemplate.parse("", Set.of());
        }
        template.requiredVariables().stream().filter(name -> environment.apply(name) == null).forEach(missing::add);
        pluginValues.addAll(template.pluginValues());
        return template;
    }

    /** Fills variables into a text, but not values of plugins. A text with a missing variable stays as it is. */
    public String fill(final ConfigSection section, final String key, final String source) {
        return fill(section, key, source, environment);
    }

    /** The same for an address: variables in its query are escaped. */
    public String fillUrl(final ConfigSection section, final String key, final String source) {
        return fill(section, key, source, escaped(environment));
    }

    private String fill(final ConfigSection section, final String key, final String source,
            final Function<String, String> inQuery) {
        final MessageTemplate template = template(section, key, source, Set.of());
        final Function<String, Collection<String>> none = name -> List.of();
        return template.requiredVariables().stream().anyMatch(missing::contains) ? source
            : template.render(none, withoutPlugins(environment), withoutPlugins(inQuery));
    }

    /** Leaves the placeholders of plugins in place. */
    private static Function<String, String> withoutPlugins(final Function<String, String> values) {
        return name -> name.startsWith(PLUGIN) ? "{" + name + "}" : values.apply(name);
    }

    /** Escapes values for the query of an address. */
    static Function<String, String> escaped(final Function<String, String> values) {
        return name -> {
            final String value = values.apply(name);
            return value == null ? null : URLEncoder.encode(value, StandardCharsets.UTF_8);
        };
    }

    /** True if a text has placeholders for values of plugins. */
    static boolean hasPlaceholders(final String text) {
        return PLACEHOLDER.matcher(text).find();
    }

    /** Fills values of plugins into a text, without escaping. */
    public static String filled(final String text, final Map<String, String> values) {
        return replace(text, values, value -> value);
    }

    /**
     * Fills values of plugins into an address. Values in the query are escaped; before the first {@code ?} they may be
     * part of an address.
     */
    static String filledUrl(final String text, final Map<String, String> values) {
        final int query = text.indexOf('?');
        return query < 0 ? filled(text, values) : filled(text.substring(0, query), values)
            + replace(text.substring(query), values, value -> URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static String replace(final String text, final Map<String, String> values,
            final UnaryOperator<String> escape) {
        final Function<MatchResult, String> value = match ->
            Matcher.quoteReplacement(escape.apply(values.getOrDefault(match.group(1), "")));
        return PLACEHOLDER.matcher(text).replaceAll(value);
    }
}
