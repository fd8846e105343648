package penstock.top;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import penstock.text.PrintableText;

/**
 * The lines of a screen, each cut at its width. Texts of peers are escaped: they are not to move the cursor. Owned by
 * the thread that draws.
 */
final class ScreenLines {
    static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    static final AttributedStyle BOLD = PLAIN.bold();
    static final AttributedStyle GOOD = PLAIN.bold().foreground(AttributedStyle.GREEN);
    static final AttributedStyle BAD = PLAIN.bold().foreground(AttributedStyle.RED);
    static final AttributedStyle WARN = PLAIN.bold().foreground(AttributedStyle.YELLOW);
    static final AttributedStyle HEAD = PLAIN.inverse();
    static final AttributedStyle FAINT = PLAIN.faint();

    private final List<AttributedString> lines = new ArrayList<>();
    private final int columns;
    private AttributedStringBuilder line = new AttributedStringBuilder();

    ScreenLines(final int columns) {
        this.columns = columns;
    }

    /** Appends to the line. */
    ScreenLines add(final AttributedStyle style, final String text) {
        line.styled(style, PrintableText.escape(text, Math.max(columns, 1) * 4));
        return this;
    }

    /** The same, in {@code width} columns: cut or filled with spaces, behind the text or before it. */
    ScreenLines cell(final AttributedStyle style, final String text, final int width, final boolean isNumber) {
        final String shown = PrintableText.escape(text, Math.max(columns, 1));
        final String cut = shown.length() > width ? shown.substring(0, Math.max(0, width - 1)) + "…" : shown;
        final String fill = " ".repeat(Math.max(0, width - cut.length()));
        line.styled(style, isNumber ? fill + cut : cut + fill);
        return this;
    }

    /** Ends the line. */
    ScreenLines end() {
        final AttributedString whole = line.toAttributedString();
        lines.add(whole.columnLength() > columns ? whole.columnSubSequence(0, columns) : whole);
        line = new AttributedStringBuilder();
        return this;
    }

    /** Ends the line with {@code style} up to the edge. */
    ScreenLines endFilled(final AttributedStyle style) {
        return add(style, " ".repeat(Math.max(0, columns - line.columnLength()))).end();
    }

    int size() {
        return lines.size();
    }

    /** The first {@code rows} lines. */
    List<AttributedString> first(final int rows) {
        return List.copyOf(lines.subList(0, Math.min(Math.max(rows, 0), lines.size())));
    }
}
