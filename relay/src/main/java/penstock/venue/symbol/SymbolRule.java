package penstock.venue.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import penstock.venue.rule.FilterParser;

/**
 * One rule that renames symbols, and its inverse: {@code venue = "(.+)(USDT|BTC)"}, {@code publish = "$1/$2"}. Because
 * both sides are literal characters and groups, and the published side has each group, the inverse follows. Immutable.
 */
final class SymbolRule {
    private static final String PLAIN = "*+?[]{}|.^$";
    private static final Pattern REFERENCE = Pattern.compile("\\$([1-9])");

    private final Pattern venue;
    private final String publish;
    private final Pattern published;
    private final String inverse;
    private final Words words;

    /** What a rule does with the words of a name beside moving them. */
    record Words(Letters publishCase, Letters venueCase, Currencies currencies) {
        static final Words UNCHANGED = new Words(Letters.KEEP, Letters.KEEP, Currencies.NONE);
    }

    private SymbolRule(final Pattern venue, final String publish, final Pattern published, final String inverse,
            final Words words) {
        this.venue = venue;
        this.publish = publish;
        this.published = published;
        this.inverse = inverse;
        this.words = words;
    }

    /**
     * Compiles a rule.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    static SymbolRule compile(final String venue, final String publish, final Words words) {
        final List<String> parts = parts(venue);
        final List<String> groups = parts.stream().filter(SymbolRule::isGroup).toList();
        final List<Integer> order = new ArrayList<>();
        final StringBuilder published = new StringBuilder();
        final Matcher reference = REFERENCE.matcher(publish);
        int from = 0;
        while (reference.find()) {
            published.append(quoted(publish.substring(from, reference.start()), publish, words))
                .append(group(Integer.parseInt(reference.group(1)), groups, order, publish));
            from = reference.end();
        }
        published.append(quoted(publish.substring(from), publish, words));
        for (int number = 1; number <= groups.size(); number++) {
            if (!order.contains(number)) {
                throw new IllegalArgumentException("must have $" + number + ", or a published name would not show "
                    + "the venue's, got " + publish);
            }
        }
        final String forward =
            parts.stream().map(part -> isGroup(part) ? part : Pattern.quote(part)).collect(Collectors.joining());
        return new SymbolRule(Pattern.compile(forward), publish, Pattern.compile(published.toString()),
            inverse(parts, order), words);
    }

    /** {@code order}: the numbers of the groups as the published name has them. */
    private static String inverse(final List<String> parts, final List<Integer> order) {
        final StringBuilder inverse = new StringBuilder();
        int number = 0;
        for (final String part : parts) {
            if (isGroup(part)) {
                number++;
                inverse.append('$').append(order.indexOf(number) + 1);
            } else {
                inverse.append(Matcher.quoteReplacement(part));
            }
        }
        return inverse.toString();
    }

    private static boolean isGroup(final String part) {
        return part.startsWith("(");
    }

    /** The published name; null if the rule is not for that symbol. */
    String publish(final String symbol) {
        final Matcher matcher = venue.matcher(symbol);
        if (!matcher.matches()) {
            return null;
        }
        final String name = words.publishCase().of(matcher.replaceFirst(publish));
        final String translated = words.currencies().published(name);
        return symbol.equals(venue(translated)) ? translated : null;
    }

    /** The venue's spelling of a published name; null if the rule makes no such name. */
    String venue(final String name) {
        final Matcher matcher = published.matcher(words.venueCase().of(words.currencies().venue(name)));
        return matcher.matches() ? matcher.replaceFirst(inverse) : null;
    }

    private static String group(final int number, final List<String> groups, final List<Integer> order,
            final String publish) {
        if (number > groups.size()) {
            throw new IllegalArgumentException("has $" + number + ", but venue has "
                + (groups.size() == 1 ? "one group" : groups.size() + " groups") + ", got " + publish);
        }
        if (order.contains(number)) {
            return "\\" + (order.indexOf(number) + 1);
        }
        order.add(number);
        return groups.get(number - 1);
    }

    private static String quoted(final String literal, final String publish, final Words words) {
        if (literal.indexOf('$') >= 0 || literal.indexOf('\\') >= 0) {
            throw new IllegalArgumentException("may have $1 to $9 and literal characters, got " + publish);
        }
        return literal.isEmpty() ? "" : Pattern.quote(words.venueCase().of(literal));
    }

    /** Literals, without escapes, and groups with their parentheses, in order. */
    static List<String> parts(final String written) {
        final String source = written.replaceFirst("^\\^", "").replaceFirst("(?<!\\\\)\\$$", "");
        final List<String> parts = new ArrayList<>();
        final StringBuilder literal = new StringBuilder();
        for (int at = 0; at < source.length(); at++) {
            final char c = source.charAt(at);
            if (c == '(') {
                final int end = endOfGroup(source, at);
                addLiteral(parts, literal);
                parts.add(checked(source.substring(at, end)));
                at = end - 1;
            } else if (c == '\\' && at + 1 < source.length() && !Character.isLetterOrDigit(source.charAt(at + 1))) {
                at++;
                literal.append(source.charAt(at));
            } else if (PLAIN.indexOf(c) >= 0 || c == '\\' || c == ')') {
                throw new IllegalArgumentException("may have only literal characters outside of its groups; put '" + c
                    + "' into parentheses or write \\" + c + ", got " + written);
            } else {
                literal.append(c);
            }
        }
        addLiteral(parts, literal);
        if (parts.stream().noneMatch(SymbolRule::isGroup)) {
            throw new IllegalArgumentException("must have a group in parentheses, like (.+)(USDT|BTC); one name alone "
                + "belongs in symbols.names, got " + written);
        }
        return parts;
    }

    private static void addLiteral(final List<String> parts, final StringBuilder literal) {
        if (!literal.isEmpty()) {
            parts.add(literal.toString());
            literal.setLength(0);
        }
    }

    private static int endOfGroup(final String source, final int from) {
        int depth = 0;
        boolean isClass = false;
        for (int i = from; i < source.length(); i++) {
            switch (source.charAt(i)) {
                case '\\' -> i++;
                case '[' -> isClass = true;
                case ']' -> isClass = false;
                case '(' -> depth += isClass ? 0 : 1;
                case ')' -> depth -= isClass ? 0 : 1;
                default -> { }
            }
            if (depth == 0) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("has a group without its closing parenthesis, got " + source);
    }

    private static String checked(final String group) {
        final Pattern pattern = FilterParser.pattern(group);
        if (pattern.matcher("").groupCount() != 1) {
            throw new IllegalArgumentException("has a group that is none or that has another inside; write (?:…) "
                + "inside of a group, got " + group);
        }
        return group;
    }
}
