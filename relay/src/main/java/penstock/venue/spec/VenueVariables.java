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
 * Environment variables of a venue file, and which of them are not set; values of its plugins, and which of them are
 * needed. Read by whoever reads the file, then owned by the feed thread.
 */
public final class VenueVariables {
    private static final String PLUGIN = "plugin:";
    private static final Pattern HOLE = Pattern.compile("\\$?\\{plugin:([A-Za-z][A-Za-z0-9_-]*)}");

    private final Function<String, String> environment;
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> pluginValues = new TreeSet<>();
    private Map<String, String> values = Map.of();

    public VenueVariables(final Function<String, String> environment) {
        this.environment = environment;
    }

    /** Of variables, and of what plugins gave for the connection: {@code plugin:token}. */
    public Function<String, String> environment() {
        return name -> name.startsWith(PLUGIN) ? values.get(name.substring(PLUGIN.length())) : environment.apply(name);
    }

    public Set<String> missing() {
        return missing;
    }

    /** What plugins must give. */
    public Set<String> pluginValues() {
        return pluginValues;
    }

    /** What plugins gave. */
    public void take(final Map<String, String> given) {
        values = given;
    }

    /** A compiled template; one that can't be compiled is a problem and becomes empty. */
    public MessageTemplate template(final ConfigSection section, final String key, final String source,
            final Set<String> names) {
        try {
            final MessageTemplate template = MessageTemplate.parse(source, names);
            template.requiredVariables().stream().filter(name -> environment.apply(name) == null).forEach(missing::add);
            pluginValues.addAll(template.pluginValues());
            return template;
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return MessageTemplate.parse("", Set.of());
        }
    }

    /**
     * A text with its variables filled in, but not the values of plugins; left as it is while a variable is missing.
     */
    public String fill(final ConfigSection section, final String key, final String source) {
        final MessageTemplate template = template(section, key, source, Set.of());
        final Function<String, Collection<String>> none = name -> List.of();
        return template.requiredVariables().stream().anyMatch(missing::contains) ? source
            : template.render(none, name -> name.startsWith(PLUGIN) ? "{" + name + "}" : environment.apply(name));
    }

    /** Whether values of plugins belong into a text. */
    static boolean hasHoles(final String text) {
        return HOLE.matcher(text).find();
    }

    /** A text with values of plugins filled in as they are. */
    public static String filled(final String text, final Map<String, String> values) {
        return replace(text, values, hole -> hole);
    }

    /**
     * An address with values of plugins filled in: behind the first {@code ?} they are escaped, before it they may be
     * part of one.
     */
    static String filledUrl(final String text, final Map<String, String> values) {
        final int query = text.indexOf('?');
        return query < 0 ? filled(text, values) : filled(text.substring(0, query), values)
            + replace(text.substring(query), values, value -> URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static String replace(final String text, final Map<String, String> values,
            final UnaryOperator<String> escape) {
        final Function<MatchResult, String> value = hole ->
            Matcher.quoteReplacement(escape.apply(values.getOrDefault(hole.group(1), "")));
        return HOLE.matcher(text).replaceAll(value);
    }
}
