package penstock.wire.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import penstock.text.SymbolName;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.TopicPartition;

/**
 * A symbol or a pattern: {@code *} matches any characters, {@code \*} a star, every other character itself. Matching
 * never backtracks: the piece between two stars is searched once, from left to right. Immutable.
 */
public final class SymbolPattern {
    /** Every symbol. */
    public static final SymbolPattern ALL = new SymbolPattern("*");

    private static final int OBJECT_BYTES = 160;
    private static final int PIECE_BYTES = 56;

    private final String text;
    /** The only symbol that matches; null of a pattern. */
    private final String symbol;
    /** The text before, between and after the stars; null of a symbol. */
    private final List<String> pieces;
    /** The channel whose topics are chosen by their partition; null = all that match the text. */
    private final String channel;
    private final int partition;

    private SymbolPattern(final String text) {
        this(text, null, 0);
    }

    private SymbolPattern(final String text, final String channel, final int partition) {
        this.text = text;
        this.channel = channel;
        this.partition = partition;
        pieces = star(text, 0) < 0 ? null : split(text);
        symbol = pieces == null ? unescaped(text) : null;
    }

    /**
     * Parses a symbol or pattern.
     *
     * @throws RequestException without a path, if the text cannot name an instrument
     */
    public static SymbolPattern of(final String text) throws RequestException {
        final SymbolPattern pattern = new SymbolPattern(text);
        // an escaped star counts once: each name of the longest that the feed may send can be asked for
        final String problem = SymbolName.problem(pattern.isExact() ? pattern.symbol : text);
        if (problem != null) {
            throw new RequestException(ErrorCode.BAD_SYMBOL_PATTERN, null,
                "a symbol is 1 to " + SymbolName.MAX_CHARS + " characters, none of them a control character; this one "
                + problem, null);
        }
        return pattern;
    }

    /** The symbols whose topics of {@code channel} are in a {@link TopicPartition}. No client can ask for them so. */
    public static SymbolPattern ofPartition(final String channel, final int partition) {
        return new SymbolPattern("*", channel, partition);
    }

    /** Bytes of heap that it takes, at most. */
    public long bytes() {
        return OBJECT_BYTES + 4L * text.length() + (pieces == null ? 0 : (long) PIECE_BYTES * pieces.size());
    }

    /** How many searches in a name a comparison takes, at most: the pieces between, before and behind its stars. */
    public int pieces() {
        return pieces == null ? 1 : pieces.size();
    }

    /** How a request asks for that symbol alone. */
    public static String textOf(final String symbol) {
        return symbol.replace("*", "\\*");
    }

    /** The text of the request. */
    public String text() {
        return text;
    }

    /** The symbol, its stars without backslashes; null of a pattern. */
    public String symbol() {
        return symbol;
    }

    /** True if there is no star that matches anything, so that it names one symbol. */
    public boolean isExact() {
        return symbol != null;
    }

    /** True if the pattern matches {@code name}. */
    public boolean matches(final String name) {
        if (symbol != null) {
            return symbol.equals(name);
        }
        if (channel != null) {
            return TopicPartition.of(channel, name) == partition;
        }
        final String head = pieces.get(0);
        final String tail = pieces.get(pieces.size() - 1);
        if (name.length() < head.length() + tail.length() || !name.startsWith(head) || !name.endsWith(tail)) {
            return false;
        }
        final int end = name.length() - tail.length();
        int from = head.length();
        for (int i = 1; i < pieces.size() - 1; i++) {
            final String piece = pieces.get(i);
            final int at = name.indexOf(piece, from);
            if (at < 0 || at + piece.length() > end) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }

    private static List<String> split(final String text) {
        final List<String> split = new ArrayList<>();
        int from = 0;
        for (int star = star(text, 0); star >= 0; star = star(text, from)) {
            split.add(unescaped(text.substring(from, star)));
            from = star;
            while (from < text.length() && text.charAt(from) == '*') {
                from++;
            }
        }
        split.add(unescaped(text.substring(from)));
        return List.copyOf(split);
    }

    /** Where the next star is that is not escaped; negative if there is none. */
    private static int star(final String text, final int from) {
        int star = text.indexOf('*', from);
        while (star > 0 && text.charAt(star - 1) == '\\') {
            star = text.indexOf('*', star + 1);
        }
        return star;
    }

    private static String unescaped(final String text) {
        return text.replace("\\*", "*");
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof SymbolPattern pattern && pattern.text.equals(text) && pattern.partition == partition
            && Objects.equals(pattern.channel, channel);
    }

    @Override
    public int hashCode() {
        return text.hashCode() + partition;
    }

    @Override
    public String toString() {
        return text;
    }
}
