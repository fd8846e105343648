package penstock.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of code of a page. Immutable.
 *
 * @param page     where it is, from the top of the repository
 * @param line     the line of its fence, from 1
 * @param language what the fence names; empty for commands, output and drawings
 * @param text     its lines, without the indent of its fence
 */
public record PageBlock(String page, int line, String language, String text) {
    private static final Pattern FENCE = Pattern.compile("(?ms)^( *)```(\\S*)\\n(.*?)^ *```$");

    /** The blocks of a page, in order. */
    public static List<PageBlock> of(final String page) {
        final String content = Pages.text(page);
        final List<PageBlock> blocks = new ArrayList<>();
        final Matcher matcher = FENCE.matcher(content);
        while (matcher.find()) {
            final int line = 1 + (int) content.substring(0, matcher.start()).chars().filter(c -> c == '\n').count();
            blocks.add(new PageBlock(page, line, matcher.group(2),
                matcher.group(3).replaceAll("(?m)^" + matcher.group(1), "")));
        }
        return blocks;
    }

    /** The block of a page whose text begins so; there must be one. */
    public static PageBlock starting(final String page, final String begin) {
        final List<PageBlock> found = of(page).stream().filter(block -> block.text().startsWith(begin)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(found.size() + " blocks of " + page + " begin with " + begin);
        }
        return found.get(0);
    }

    /** What one types of a block that shows output, too: its lines behind {@code $}; all lines if there is none. */
    public String typed() {
        final List<String> typed =
            text.lines().filter(each -> each.startsWith("$ ")).map(each -> each.substring(2)).toList();
        return typed.isEmpty() ? text : String.join("\n", typed);
    }

    /** Where a reader finds it. */
    public String place() {
        return page + ':' + line;
    }
}
