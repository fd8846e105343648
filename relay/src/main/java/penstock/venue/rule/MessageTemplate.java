package penstock.venue.rule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message to send, with placeholders: <code>{"method":"SUBSCRIBE","params":{topics|json},"id":{id}}</code>. A brace
 * followed by a letter or {@code $} opens a placeholder; any other brace is text, so JSON needs no escaping.
 * <code>{env:NAME}</code> and <code>{env:NAME:-default}</code>, also with a leading {@code $}, come from the
 * environment when the message is written; values that are read at each login, like <code>{plugin:NAME}</code> or
 * <code>{file:PATH}</code>, come from there too. A template that begins like JSON escapes the values for a JSON string,
 * unless the placeholder has {@code json}, has {@code raw} for values that are JSON already, or is a slice of another
 * message. Immutable; not for the hot path.
 */
public final class MessageTemplate {
    /** Among the values available: slices of another message may have filters. */
    public static final String FILTERED = "$|";

    /** A value that is read at each login: its origin, then where to find it there. */
    public static final String LOGIN_VALUE = "plugin:[A-Za-z][A-Za-z0-9_-]*|file:[^{}\"]+|exec:[^{}\"]+"
        + "|http:[A-Za-z][A-Za-z0-9_-]*/[A-Za-z][A-Za-z0-9_-]*";

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\{([A-Za-z$@][^{}\"]*)}");
    private static final Pattern VARIABLE = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?");
    private static final Pattern LOGIN = Pattern.compile(LOGIN_VALUE);
    /** JSON, also after the packet type and the namespace of socket.io: {@code 42/market,["…"]}. */
    private static final Pattern JSON = Pattern.compile("([0-9]+(/[^,\\[{\"]*,)?)?[\\[{]");
    private static final Pattern VALUE =
        Pattern.compile("([a-zA-Z]+)(?:\\|(upper|lower|json|raw|join)(?:\\(([^)]*)\\))?)?");

    /**
     * Text or a placeholder; {@code name} is null for text, {@code env} for a variable, {@code $} for a slice of the
     * message to answer.
     */
    private record Part(String text, String name, String filter, String argument) {
        static Part text(final String text) {
            return new Part(text, null, "", "");
        }
    }

    private final List<Part> parts;
    private final boolean isJson;

    private MessageTemplate(final List<Part> parts, final boolean isJson) {
        this.parts = parts;
        this.isJson = isJson;
    }

    /**
     * Compiles a template.
     *
     * @param names the values available; {@code $} among them allows pointers into another message, {@code @} its
     *     element
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    public static MessageTemplate parse(final String source, final Set<String> names) {
        final List<Part> parts = new ArrayList<>();
        final Matcher matcher = PLACEHOLDER.matcher(source);
        int from = 0;
        while (matcher.find()) {
            parts.add(Part.text(source.substring(from, matcher.start())));
            parts.add(hole(matcher.group(1), names));
            from = matcher.end();
        }
        parts.add(Part.text(source.substring(from)));
        return new MessageTemplate(List.copyOf(parts), JSON.matcher(parts.get(0).text().trim()).lookingAt());
    }

    private static Part hole(final String inside, final Set<String> names) {
        if (LOGIN.matcher(inside).matches()) {
            return new Part(inside, "login", "", "");
        }
        final Matcher variable = VARIABLE.matcher(inside);
        if (variable.matches()) {
            return new Part(variable.group(1), "env", "", variable.group(2));
        }
        if (inside.startsWith("$") && names.contains("$")) {
            if (names.contains(FILTERED)) {
                Expression.compile(inside, new PointerBindings());
            } else {
                Expression.compilePointer(inside, new PointerBindings());
            }
            return new Part(inside, "$", "", "");
        }
        if (inside.equals("@") && names.contains("@")) {
            return new Part(inside, "$", "", "");
        }
        final VenueTimeUnit unit = names.contains(NowText.MILLIS) ? NowText.unit(inside) : null;
        if (unit != null) {
            return new Part(unit.name(), NowText.MILLIS, "unit", "");
        }
        final Matcher value = VALUE.matcher(inside);
        if (!value.matches() || !names.contains(value.group(1))) {
            final Set<String> known = new TreeSet<>(names);
            known.remove(FILTERED);
            if (names.contains(NowText.MILLIS)) {
                known.add("now|UNIT");
            }
            known.add("plugin:NAME");
            known.add("env:NAME");
            known.add("env:NAME:-default");
            throw new IllegalArgumentException("unknown {" + inside + "}; allowed here: " + String.join(", ", known)
                + "; filters after a bar: upper, lower, json, raw or join(,); read at each login: file:PATH, "
                + "exec:COMMAND, http:FETCH/VALUE");
        }
        final String filter = value.group(2) == null ? "" : value.group(2);
        return new Part(value.group(1), value.group(1), filter, value.group(3) == null ? "," : value.group(3));
    }

    /** True if the template uses the value of this name. */
    public boolean uses(final String name) {
        return parts.stream().anyMatch(part -> name.equals(part.name()));
    }

    /** True if it begins like JSON. */
    public boolean isJson() {
        return isJson;
    }

    /** Its type as the body of a request over HTTP: JSON, or else a form. */
    public String contentType() {
        return isJson ? "application/json" : "application/x-www-form-urlencoded";
    }

    /** Values that are read at each login, like {@code plugin:token} or {@code file:/run/secrets/token}. */
    public Set<String> loginValues() {
        final Set<String> values = new TreeSet<>();
        parts.stream().filter(part -> "login".equals(part.name())).forEach(part -> values.add(part.text()));
        return values;
    }

    /** Environment variables that must be set. */
    public Set<String> requiredVariables() {
        final Set<String> variables = new TreeSet<>();
        parts.stream().filter(part -> "env".equals(part.name()) && part.argument() == null)
            .forEach(part -> variables.add(part.text()));
        return variables;
    }

    /**
     * Writes the message.
     *
     * @param values      one or several texts of a name or pointer
     * @param environment value of a variable, or one that is read at each login; null if not set
     * @throws IllegalStateException that names a variable that is not set
     */
    public String render(final Function<String, Collection<String>> values,
            final Function<String, String> environment) {
        return render(values, environment, environment);
    }

    /** Writes an address: behind the first {@code ?} of the template values come from {@code inQuery}, escaped. */
    public String render(final Function<String, Collection<String>> values,
            final Function<String, String> beforeQuery, final Function<String, String> inQuery) {
        final StringBuilder out = new StringBuilder();
        Function<String, String> environment = beforeQuery;
        for (final Part part : parts) {
            if (part.name() == null) {
                out.append(part.text());
                environment = part.text().indexOf('?') < 0 ? environment : inQuery;
            } else if (part.name().equals("login")) {
                out.append(inside(login(part, environment)));
            } else if (part.name().equals("env")) {
                out.append(inside(variable(part, environment)));
            } else if (part.name().equals("$")) {
                out.append(String.join("", values.apply(part.text())));
            } else {
                out.append(filled(part, values.apply(part.name())));
            }
        }
        return out.toString();
    }

    private static String login(final Part part, final Function<String, String> environment) {
        final String value = environment.apply(part.text());
        if (value == null) {
            throw new IllegalStateException("{" + part.text() + "} has no value before a login; the venue needs it");
        }
        return value;
    }

    private static String variable(final Part part, final Function<String, String> environment) {
        final String value = environment.apply(part.text());
        if (value == null && part.argument() == null) {
            throw new IllegalStateException("environment variable " + part.text()
                + " is not set; the venue's messages need it");
        }
        return value == null ? part.argument() : value;
    }

    private String filled(final Part part, final Collection<String> values) {
        return switch (part.filter()) {
            case "json" -> "[" + String.join(",", values.stream().map(Json::quoted).toList()) + "]";
            case "unit" -> NowText.of(Long.parseLong(values.iterator().next()), VenueTimeUnit.valueOf(part.text()));
            case "raw" -> String.join(",", values);
            case "upper" -> inside(String.join(part.argument(), values).toUpperCase(Locale.ROOT));
            case "lower" -> inside(String.join(part.argument(), values).toLowerCase(Locale.ROOT));
            default -> inside(String.join(part.argument(), values));
        };
    }

    private String inside(final String value) {
        return isJson ? Json.escaped(value) : value;
    }

    /** Writes the JSON of this package. */
    private static final class Json {
        static String quoted(final String value) {
            return '"' + escaped(value) + '"';
        }

        static String escaped(final String value) {
            final StringBuilder out = new StringBuilder();
            for (int i = 0; i < value.length(); i++) {
                final char c = value.charAt(i);
                if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else if (c < ' ') {
                    out.append(String.format("\\u%04x", (int) c));
                } else {
                    out.append(c);
                }
            }
            return out.toString();
        }
    }
}
