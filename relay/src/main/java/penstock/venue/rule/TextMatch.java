package penstock.venue.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;

/**
 * Recognises a message by its characters, JSON or not: one text, or a regular expression for the whole text. No
 * garbage. One thread at a time.
 */
public final class TextMatch {
    /** A longer text matches no pattern, so that a pattern costs little on data. */
    private static final int MAX_BYTES = 1_024;
    private static final Pattern GROUP = Pattern.compile("\\(\\?<([A-Za-z][A-Za-z0-9]*)>");

    private final String source;
    private final byte[] exact;
    private final Matcher matcher;
    private final ByteSlice slice = new ByteSlice();

    private TextMatch(final String source, final Matcher matcher) {
        this.source = source;
        this.matcher = matcher;
        exact = source.getBytes(StandardCharsets.UTF_8);
    }

    /** Exactly this text. */
    public static TextMatch exactly(final String text) {
        return new TextMatch(text, null);
    }

    /** Reads a text at one key or a pattern at the other; null if both are absent. */
    public static TextMatch read(final ConfigSection section, final String exactKey, final String patternKey) {
        if (section.has(exactKey) && section.has(patternKey)) {
            section.problem(patternKey, "is set, and " + exactKey + " too; keep one of them");
        }
        if (section.has(patternKey)) {
            return section.compiled(patternKey, () -> pattern(section.text(patternKey, "")));
        }
        return section.has(exactKey) ? exactly(section.text(exactKey, "")) : null;
    }

    private static TextMatch pattern(final String regex) {
        if (!regex.chars().allMatch(c -> c < 0x80)) {
            throw new IllegalArgumentException("must be ASCII, because it is compared with bytes; write . for others");
        }
        return new TextMatch(regex, FilterParser.pattern(regex).matcher(""));
    }

    /** True if the whole message is the text, or matches the pattern. */
    public boolean matches(final byte[] message, final int offset, final int length) {
        if (matcher == null) {
            return length == exact.length && Arrays.equals(message, offset, offset + length, exact, 0, length);
        }
        if (length > MAX_BYTES) {
            return false;
        }
        slice.take(message, offset, length);
        return matcher.reset(slice).matches();
    }

    /** Length of the longest message that it can match. */
    public int maxBytes() {
        return matcher == null ? exact.length : MAX_BYTES;
    }

    /** The names of the pattern's groups. */
    public Set<String> groups() {
        final Set<String> names = new TreeSet<>();
        if (matcher != null) {
            GROUP.matcher(source).results().forEach(group -> names.add(group.group(1)));
        }
        return names;
    }

    /** What a group matched in the message that matched last; empty if it took no part. */
    public String group(final String name) {
        final String bytes = matcher.group(name);
        return bytes == null ? "" : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The text or the pattern. */
    @Override
    public String toString() {
        return source;
    }
}
