package penstock.venue.rule;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import penstock.json.JsonType;

/**
 * Compiles the right side of a condition: a literal, a list (any of), {@code *} (present and not null), {@code null}
 * (absent or null), {@code ~regex} (matches anywhere), {@code type:array|object}. A leading {@code =} marks a literal
 * that would read as one of these. A regular expression that is plain text, with or without anchors, becomes a byte
 * comparison. Stateless.
 */
final class ConditionParser {
    private static final String TYPE = "type:";
    private static final String SPECIAL = "\\[](){}.*+?^$|";

    private ConditionParser() {
    }

    static Condition compile(final ConfigValue written) {
        if (written.valueType() == ConfigValueType.NULL) {
            return (type, text) -> !isThere(type, text);
        }
        if (written instanceof ConfigList) {
            final ConfigList list = (ConfigList) written;
            if (list.isEmpty()) {
                throw new IllegalArgumentException("an empty list matches nothing; name the values that match");
            }
            return anyOf(list.stream().map(ConditionParser::compile).toArray(Condition[]::new));
        }
        if (written.valueType() == ConfigValueType.OBJECT) {
            throw new IllegalArgumentException(
                "must be a literal, a list, \"*\", null, \"~regex\" or \"type:…\", got an object; "
                + "quote a pointer as one key: \"$/data/s\"");
        }
        return ofText(written.atKey("v").getString("v"));
    }

    private static Condition ofText(final String source) {
        if (source.equals("*")) {
            return ConditionParser::isThere;
        }
        if (source.startsWith(TYPE)) {
            final int expected = types(source.substring(TYPE.length()));
            return (type, text) -> (type & expected) != 0;
        }
        if (source.startsWith("~")) {
            return ofRegex(source.substring(1));
        }
        return equalTo(source.startsWith("=") ? source.substring(1) : source);
    }

    private static boolean isThere(final int type, final ByteSlice text) {
        return text.isPresent() || (type & (JsonType.OBJECT | JsonType.ARRAY)) != 0;
    }

    private static int types(final String names) {
        int types = 0;
        for (final String name : names.split("\\|", -1)) {
            final int type = JsonType.named(name.trim());
            if (type == JsonType.ABSENT) {
                throw new IllegalArgumentException(
                    "unknown type '" + name.trim() + "'; known types: object, array, string, number, boolean, null");
            }
            types |= type;
        }
        return types;
    }

    private static Condition anyOf(final Condition... conditions) {
        return (type, text) -> {
            for (final Condition condition : conditions) {
                if (condition.passes(type, text)) {
                    return true;
                }
            }
            return false;
        };
    }

    static Condition ofRegex(final String regex) {
        final boolean fromStart = regex.startsWith("^");
        final boolean toEnd = regex.endsWith("$") && !isEscaped(regex, regex.length() - 1)
            && regex.length() > (fromStart ? 1 : 0);
        final String literal = literal(regex.substring(fromStart ? 1 : 0, regex.length() - (toEnd ? 1 : 0)));
        if (literal == null) {
            return matching(FilterParser.pattern(regex).matcher(""));
        }
        if (fromStart && toEnd) {
            return equalTo(literal);
        }
        final byte[] expected = literal.getBytes(StandardCharsets.UTF_8);
        if (fromStart) {
            return (type, text) -> text.isPresent() && regionMatches(text, 0, expected);
        }
        if (toEnd) {
            return (type, text) -> text.isPresent() && regionMatches(text, text.length() - expected.length, expected);
        }
        return (type, text) -> text.isPresent() && contains(text, expected);
    }

    private static Condition equalTo(final String literal) {
        final byte[] expected = literal.getBytes(StandardCharsets.UTF_8);
        return (type, text) -> text.isPresent() && text.length() == expected.length && regionMatches(text, 0, expected);
    }

    private static Condition matching(final Matcher matcher) {
        return (type, text) -> text.isPresent() && matcher.reset(text.isAscii() ? text : text.toString()).find();
    }

    private static boolean regionMatches(final ByteSlice text, final int at, final byte[] expected) {
        final int from = text.offset() + at;
        return at >= 0 && at + expected.length <= text.length()
            && Arrays.equals(text.bytes(), from, from + expected.length, expected, 0, expected.length);
    }

    private static boolean contains(final ByteSlice text, final byte[] expected) {
        for (int i = 0; i <= text.length() - expected.length; i++) {
            if (regionMatches(text, i, expected)) {
                return true;
            }
        }
        return false;
    }

    /** The text that a regular expression matches, or null if it matches several. */
    private static String literal(final String regex) {
        final StringBuilder literal = new StringBuilder();
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\' && i + 1 < regex.length() && SPECIAL.indexOf(regex.charAt(i + 1)) >= 0) {
                i++;
                c = regex.charAt(i);
            } else if (SPECIAL.indexOf(c) >= 0) {
                return null;
            }
            literal.append(c);
        }
        return literal.toString();
    }

    private static boolean isEscaped(final String regex, final int at) {
        int backslashes = 0;
        while (at - backslashes > 0 && regex.charAt(at - backslashes - 1) == '\\') {
            backslashes++;
        }
        return (backslashes & 1) == 1;
    }
}
