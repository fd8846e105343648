package penstock.text;

/**
 * The one rule for names of instruments, for the names that the feed sends and for those that subscribers ask for: 1 to
 * 128 characters, none of them a control character, a line separator or half a surrogate pair. Stateless.
 */
public final class SymbolName {
    /** Maximum length of a name or a pattern. */
    public static final int MAX_CHARS = 128;

    private SymbolName() {
    }

    /** What is wrong with a name, as the end of a sentence; null if it follows the rule. */
    public static String problem(final String name) {
        if (name.isEmpty() || name.length() > MAX_CHARS) {
            return "has " + name.length() + " characters";
        }
        final int bad = PrintableText.firstUnprintable(name);
        return bad < 0 ? null : String.format("has U+%04X at %d", (int) name.charAt(bad), bad);
    }
}
