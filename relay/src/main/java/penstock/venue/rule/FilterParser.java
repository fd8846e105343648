package penstock.venue.rule;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Parses filters: {@code upper}, {@code lower}, {@code split(sep, i)}, {@code re(regex)}, {@code default(x)},
 * <code>lookup({'a':'b'})</code>, {@code map(name, field)}, {@code ms(unit)}. Arguments may be in single quotes, and must
 * be if they contain commas, brackets or bars. Stateless.
 */
public final class FilterParser {
    private static final Pattern CALL = Pattern.compile("([a-z]+)(?:\\((.*)\\))?", Pattern.DOTALL);
    private static final String KNOWN =
        "upper, lower, split(sep, i), re(regex), default(x), lookup({'a':'b'}), map(name, field), ms(unit)";

    private FilterParser() {
    }

    /** The pointer and the filters as written, trimmed. */
    public static List<String> stages(final String source) {
        return split(source, '|');
    }

    static Filter compile(final String call, final LearnedMaps maps) {
        final Matcher matcher = CALL.matcher(call);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("unknown filter '" + call + "'; known filters: " + KNOWN);
        }
        final String name = matcher.group(1);
        final String inside = matcher.group(2);
        final List<String> arguments = inside == null ? List.of() : split(inside, ',');
        switch (name) {
            case "upper", "lower":
                expect(call, arguments, 0);
                final boolean toUpper = name.equals("upper");
                return text -> {
                    if (text.isPresent()) {
                        text.changeCase(toUpper);
                    }
                };
            case "split":
                expect(call, arguments, 2);
                return splitter(unquote(arguments.get(0)), arguments.get(1), call);
            case "re":
                return group(unquote(inside == null ? "" : inside.trim()), call);
            case "default":
                expect(call, arguments, 1);
                return orElse(arguments.get(0).equals("null") ? null : bytes(unquote(arguments.get(0))));
            case "lookup":
                final ByteTable<byte[]> table = table(call, inside == null ? "" : inside.trim());
                return text -> text.take(text.isPresent() ? table.get(text) : null);
            case "map":
                expect(call, arguments, 2);
                final LearnedMap map = maps.map(unquote(arguments.get(0)));
                final int field = map.field(unquote(arguments.get(1)));
                return text -> map.replace(text, field);
            case "ms":
                expect(call, arguments, 1);
                return milliseconds(VenueTimeUnit.spelled(unquote(arguments.get(0)), call));
            case "text":
                throw new IllegalArgumentException("the filter text stands last, in a field of emit { … } only");
            default:
                throw new IllegalArgumentException("unknown filter '" + call + "'; known filters: " + KNOWN);
        }
    }

    private static void expect(final String call, final List<String> arguments, final int count) {
        if (arguments.size() != count) {
            throw new IllegalArgumentException("filter '" + call + "' must have " + count + " argument(s), got "
                + arguments.size());
        }
    }

    private static Filter splitter(final String separator, final String index, final String call) {
        if (separator.isEmpty() || !index.matches("-?[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                "filter '" + call + "' must be split('separator', index), the index negative to count from the end");
        }
        final byte[] separatorBytes = bytes(separator);
        final int number = Integer.parseInt(index);
        return text -> {
            if (text.isPresent()) {
                part(text, separatorBytes, number < 0 ? parts(text, separatorBytes) + number : number);
            }
        };
    }

    private static int parts(final ByteSlice text, final byte[] separator) {
        int count = 1;
        int at = find(text, separator, 0);
        while (at < text.length()) {
            count++;
            at = find(text, separator, at + separator.length);
        }
        return count;
    }

    private static void part(final ByteSlice text, final byte[] separator, final int number) {
        int from = 0;
        int to = find(text, separator, 0);
        for (int i = 0; i < number && to <= text.length(); i++) {
            from = to + separator.length;
            to = to == text.length() ? to + 1 : find(text, separator, from);
        }
        if (number < 0 || to > text.length()) {
            text.clear();
        } else {
            text.narrow(from, to - from);
        }
    }

    /** Position of the next separator, or the length of the text. */
    private static int find(final ByteSlice text, final byte[] separator, final int from) {
        for (int at = text.offset() + from; at <= text.offset() + text.length() - separator.length; at++) {
            if (Arrays.equals(text.bytes(), at, at + separator.length, separator, 0, separator.length)) {
                return at - text.offset();
            }
        }
        return text.length();
    }

    /** A time of no known form becomes absent. */
    private static Filter milliseconds(final VenueTimeUnit unit) {
        return text -> {
            if (text.isPresent()) {
                final long us = unit.plausibleMicros(text.bytes(), text.offset(), text.length());
                if (us == VenueTimeUnit.NONE) {
                    text.clear();
                } else {
                    text.set(us / 1_000);
                }
            }
        };
    }

    private static Filter orElse(final byte[] value) {
        return text -> {
            if (!text.isPresent()) {
                text.take(value);
            }
        };
    }

    private static Filter group(final String regex, final String call) {
        final Pattern pattern = pattern(regex);
        if (pattern.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException("filter '" + call
                + "' must have a group in parentheses: its text is the result");
        }
        final Matcher matcher = pattern.matcher("");
        return text -> {
            if (!text.isPresent()) {
                return;
            }
            final boolean isAscii = text.isAscii();
            if (!matcher.reset(isAscii ? text : text.toString()).find() || matcher.start(1) < 0) {
                text.clear();
            } else if (isAscii) {
                text.narrow(matcher.start(1), matcher.end(1) - matcher.start(1));
            } else {
                text.set(matcher.group(1));
            }
        };
    }

    /** Compiles a regular expression; an error is reported on one line. */
    public static Pattern pattern(final String regex) {
        try {
            return Pattern.compile(regex);
        } catch (final PatternSyntaxException e) {
            throw new IllegalArgumentException(
                "bad regular expression '" + regex + "': " + e.getDescription() + " near character " + e.getIndex(), e);
        }
    }

    private static ByteTable<byte[]> table(final String call, final String braced) {
        final ByteTable<byte[]> table = new ByteTable<>();
        if (braced.length() > 2 && braced.startsWith("{") && braced.endsWith("}")) {
            for (final String entry : split(braced.substring(1, braced.length() - 1), ',')) {
                final List<String> pair = split(entry, ':');
                if (pair.size() == 2) {
                    final byte[] from = bytes(unquote(pair.get(0)));
                    table.put(from, 0, from.length, bytes(unquote(pair.get(1))));
                }
            }
        }
        if (table.size() == 0) {
            throw new IllegalArgumentException("filter '" + call + "' must be lookup({'from':'to', …})");
        }
        return table;
    }

    private static byte[] bytes(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String unquote(final String argument) {
        final boolean quoted = argument.length() >= 2 && argument.startsWith("'") && argument.endsWith("'");
        return quoted ? argument.substring(1, argument.length() - 1) : argument;
    }

    /** Splits at a character outside quotes and brackets. */
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
