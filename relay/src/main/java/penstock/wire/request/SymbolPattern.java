package penstock.wire.request;

import java.util.List;
import penstock.text.PrintableText;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * A symbol or a pattern: {@code *} matches any characters, every other character matches itself. Matching never
 * backtracks: the piece between two stars is searched once, from left to right. Immutable.
 */
public final class SymbolPattern {
    /** Maximum length of a symbol or pattern. */
    public static final int MAX_CHARS = 128;

    /** Every symbol. */
    public static final SymbolPattern ALL = new SymbolPattern("*");

    private final String text;
    /** The text before, between and after the stars; null if there is no star. */
    private final List<String> pieces;

    private SymbolPattern(final String text) {
        this.text = text;
        pieces = text.indexOf('*') < 0 ? null : List.of(text.split("\\*+", -1));
    }

    /**
     * Parses a symbol or pattern.
     *
     * @throws RequestException without a path, if the text cannot name an instrument
     */
    public static SymbolPattern of(final String text) throws RequestException {
        final int bad = PrintableText.firstUnprintable(text);
        final String problem = text.isEmpty() || text.length() > MAX_CHARS ? "has " + text.length() + " characters"
            : bad < 0 ? null : String.format("has U+%04X at %d", (int) text.charAt(bad), bad);
        if (problem != null) {
            throw new RequestException(ErrorCode.BAD_SYMBOL_PATTERN, null,
                "a symbol is 1 to " + MAX_CHARS + " characters, none of them a control character; this one "
                + problem, null);
        }
        return new SymbolPattern(text);
    }

    /** The text of the request. */
    public String text() {
        return text;
    }

    /** True if there is no star, so that it names one symbol. */
    public boolean isExact() {
        return pieces == null;
    }

    /** True if the pattern matches {@code symbol}. */
    public boolean matches(final String symbol) {
        if (pieces == null) {
            return text.equals(symbol);
        }
        final String head = pieces.get(0);
        final String tail = pieces.get(pieces.size() - 1);
        if (symbol.length() < head.length() + tail.length() || !symbol.startsWith(head) || !symbol.endsWith(tail)) {
            return false;
        }
        final int end = symbol.length() - tail.length();
        int from = head.length();
        for (int i = 1; i < pieces.size() - 1; i++) {
            final String piece = pieces.get(i);
            final int at = symbol.indexOf(piece, from);
            if (at < 0 || at + piece.length() > end) {
                return false;
            }
            from = at + piece.length();
        }
        return true;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof SymbolPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
