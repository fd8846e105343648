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
import java.util.stream.Collectors;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageTemplate;

/**
 * The environment variables of a venue file and the values that are read at each login, and which of them are missing
 * or required.
 * The thread that reads the file fills it; then the feed thread owns it.
 */
public final class VenueVariables {
    private static final String PLUGIN = "plugin:";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\{(" + MessageTemplate.LOGIN_VALUE + ")}");

    private final Function<String, String> environment;
    private final Set<String> missing = new TreeSet<>();
    private final Set<String> loginValues = new TreeSet<>();
    private final Set<String> knownValues = new TreeSet<>();
    private Map<String, String> values = Map.of();

    public VenueVariables(final Function<String, String> environment) {
        this.environment = environment;
    }

    /** Values of variables, and of the login under names like {@code plugin:token}. */
    public Function<String, String> environment() {
        return name -> isLoginValue(name) ? values.get(name) : environment.apply(name);
    }

    /** The same for another login; {@code given}: its values so far, and no others. */
    public Function<String, String> environment(final Map<String, String> given) {
        return name -> isLoginValue(name) ? given.get(name) : environment.apply(name);
    }

    /** A variable has no colon. */
    private static boolean isLoginValue(final String name) {
        return name.indexOf(':') > 0;
    }

    public Set<String> missing() {
        return missing;
    }

    /** Values that addresses, headers and messages need: they are read at each login. */
    public Set<String> loginValues() {
        return loginValues;
    }

    /** These, and the values that are needed to read them. */
    public Set<String> knownValues() {
        return knownValues;
    }

    /** Whether a value can change while the relay runs: all but those of plugins are made to be changed by others. */
    boolean hasChangingValues() {
        return knownValues.stream().anyMatch(name -> !name.startsWith(PLUGIN));
    }

    /** Takes the values of a login. */
    public void take(final Map<String, String> given) {
        values = given;
    }

    /** Compiles a template; a template that does not compile becomes a problem and reads as empty. */
    public MessageTemplate template(final ConfigSection section, final String key, final String source,
            final Set<String> names) {
        final MessageTemplate template = innerTemplate(section, key, source, names);
        loginValues.addAll(template.loginValues());
        return template;
    }

    /** The same for what is needed to read a value of the login: its own values are read only then. */
    public MessageTemplate innerTemplate(final ConfigSection section, final String key, final String source,
            final Set<String> names) {
        final MessageTemplate template = section.compiled(key, () -> MessageTemplate.parse(source, names));
        if (template == null) {
            return MessageTemplate.parse("", Set.of());
        }
        template.requiredVariables().stream().filter(name -> environment.apply(name) == null).forEach(missing::add);
        knownValues.addAll(template.loginValues());
        return template;
    }

    /** Fills variables into a text, but not values of the login. A text with a missing variable stays as it is. */
    public String fill(final ConfigSection section, final String key, final String source) {
        return fill(template(section, key, source, Set.of()), source, environment);
    }

    /** The same for an argument that is needed to read a value of the login. */
    public String fillInner(final ConfigSection section, final String key, final String source) {
        return fill(innerTemplate(section, key, source, Set.of()), source, environment);
    }

    /**
     * The same for an address: variables in its query are escaped. Values of the login that it needs are read when it
     * is dialled, not for another address in its place.
     */
    public String fillUrl(final ConfigSection section, final String key, final String source) {
        return fill(innerTemplate(section, key, source, Set.of()), source, escaped(environment));
    }

    private String fill(final MessageTemplate template, final String source,
            final Function<String, String> inQuery) {
        final Function<String, Collection<String>> none = name -> List.of();
        return template.requiredVariables().stream().anyMatch(missing::contains) ? source
            : template.render(none, withoutLogin(environment), withoutLogin(inQuery));
    }

    /** Leaves the placeholders of the login in place. */
    private static Function<String, String> withoutLogin(final Function<String, String> values) {
        return name -> isLoginValue(name) ? "{" + name + "}" : values.apply(name);
    }

    /** Escapes values for the query of an address. */
    public static Function<String, String> escaped(final Function<String, String> values) {
        return name -> {
            final String value = values.apply(name);
            return value == null ? null : URLEncoder.encode(value, StandardCharsets.UTF_8);
        };
    }

    /** True if a text has placeholders for values of the login. */
    static boolean hasPlaceholders(final String text) {
        return PLACEHOLDER.matcher(text).find();
    }

    /** True if a text begins with such a placeholder. */
    static boolean beginsWithLoginValue(final String text) {
        return PLACEHOLDER.matcher(text).lookingAt();
    }

    /** The values of the login that a text has placeholders for. */
    public static Set<String> loginValuesOf(final String text) {
        return PLACEHOLDER.matcher(text).results().map(match -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Fills values of the login into a text, without escaping. */
    public static String filled(final String text, final Map<String, String> values) {
        return replace(text, values, value -> value);
    }

    /**
     * Fills values of the login into an address. Values in the query are escaped; before the first {@code ?} they may
     * be part of an address.
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
