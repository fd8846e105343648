package penstock.feed.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Reads filters: {@code upper}, {@code lower}, {@code split(sep, i)}, {@code re(regex)}, {@code default(x)},
 * <code>lookup({'a':'b'})</code>. Arguments may stand in single quotes, and must when they hold commas, brackets or bars. Stateless.
 */
final class Filters {
    private static final Pattern CALL = Pattern.compile("([a-z]+)(?:\\((.*)\\))?", Pattern.DOTALL);
    private static final String KNOWN = "upper, lower, split(sep, i), re(regex), default(x), lookup({'a':'b'})";

    private Filters() {
    }

    /** The pointer and the filters, as written, trimmed. */
    static List<String> stages(final String source) {
        return split(source, '|');
    }

    static Filter compile(final String call) {
        final Matcher matcher = CALL.matcher(call);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("unknown filter '" + call + "', there are " + KNOWN);
        }
        final String name = matcher.group(1);
        final String inside = matcher.group(2);
        final List<String> arguments = inside == null ? List.of() : split(inside, ',');
        switch (name) {
            case "upper":
                expect(call, arguments, 0);
                return value -> value == null ? null : value.toUpperCase(Locale.ROOT);
            case "lower":
                expect(call, arguments, 0);
                return value -> value == null ? null : value.toLowerCase(Locale.ROOT);
            case "split":
                expect(call, arguments, 2);
                return splitter(unquote(arguments.get(0)), arguments.get(1), call);
            case "re":
                return group(unquote(inside == null ? "" : inside.trim()), call);
            case "default":
                expect(call, arguments, 1);
                final String orElse = arguments.get(0).equals("null") ? null : unquote(arguments.get(0));
                return value -> value == null ? orElse : value;
            case "lookup":
                final Map<String, String> table = table(call, inside == null ? "" : inside.trim());
                return value -> value == null ? null : table.get(value);
            default:
                throw new IllegalArgumentException("unknown filter '" + call + "', there are " + KNOWN);
        }
    }

    private static void expect(final String call, final List<String> arguments, final int count) {
        if (arguments.size() != count) {
            throw new IllegalArgumentException("filter '" + call + "' must have " + count + " argument(s), got " + arguments.size());
        }
    }

    private static Filter splitter(final String separator, final String index, final String call) {
        if (separator.isEmpty() || !index.matches("-?[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                "filter '" + call + "' must be split('separator', index), the index negative to count from the end");
        }
        final Pattern pattern = Pattern.compile(separator, Pattern.LITERAL);
        final int wanted = Integer.parseInt(index);
        return value -> {
            if (value == null) {
                return null;
            }
            final String[] parts = pattern.split(value, -1);
            final int i = wanted < 0 ? parts.length + wanted : wanted;
            return i >= 0 && i < parts.length ? parts[i] : null;
        };
    }

    private static Filter group(final String regex, final String call) {
        final Pattern pattern = pattern(regex);
        if (pattern.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException("filter '" + call + "' must have a group in round brackets: its text is the result");
        }
        return value -> {
            final Matcher matcher = pattern.matcher(value == null ? "" : value);
            return value != null && matcher.find() ? matcher.group(1) : null;
        };
    }

    /** Compiles a regular expression or says on one line what is wrong with it. */
    static Pattern pattern(final String regex) {
        try {
            return Pattern.compile(regex);
        } catch (final PatternSyntaxException e) {
            throw new IllegalArgumentException(
                "bad regular expression '" + regex + "': " + e.getDescription() + " near character " + e.getIndex(), e);
        }
    }

    private static Map<String, String> table(final String call, final String braced) {
        final Map<String, String> table = new LinkedHashMap<>();
        if (braced.length() > 2 && braced.startsWith("{") && braced.endsWith("}")) {
            for (final String entry : split(braced.substring(1, braced.length() - 1), ',')) {
                final List<String> pair = split(entry, ':');
                if (pair.size() == 2) {
                    table.put(unquote(pair.get(0)), unquote(pair.get(1)));
                }
            }
        }
        if (table.isEmpty()) {
            throw new IllegalArgumentException("filter '" + call + "' must be lookup({'from':'to', …})");
        }
        return table;
    }

    private static String unquote(final String argument) {
        final boolean quoted = argument.length() >= 2 && argument.startsWith("'") && argument.endsWith("'");
        return quoted ? argument.substring(1, argument.length() - 1) : argument;
    }

    /** Cuts at a character that stands outside of quotes and brackets. */
    private static List<String> split(final String source, final char separator) {
        final List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int depth = 0;
        int from = 0;
        for (int i = 0; i < source.length(); i++) {
            final char c = source.charAt(i);
            quoted = quoted ^ c == '\'';
            if (!quoted && (c == '(' || c == '{')) {
                depth++;
            } else if (!quoted && (c == ')' || c == '}')) {
                depth--;
            } else if (!quoted && depth == 0 && c == separator) {
                parts.add(source.substring(from, i).trim());
                from = i + 1;
            }
        }
        parts.add(source.substring(from).trim());
        return parts;
    }
}
