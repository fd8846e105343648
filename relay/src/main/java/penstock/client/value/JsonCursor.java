package penstock.client.value;

/**
 * Reads JSON in place: goes into an object or an array and names the range of each member. It makes no objects, so a
 * message of a thousand values costs no garbage.
 *
 * <p>It reads what a relay sends, which is strict JSON: it finds where values end and does not check the inside of
 * those that it skips. What is no JSON throws {@link IllegalArgumentException} with the place.
 *
 * <p>Owned by the client's thread.
 */
public final class JsonCursor {
    private char[] text = new char[0];
    private int at;
    private int end;
    private boolean isFirst;
    private int nameFrom;
    private int nameTo;
    private int from;
    private int to;

    /** Goes into the object between {@code first} and {@code last}. */
    public void enterObject(final char[] json, final int first, final int last) {
        enter(json, first, last, '{');
    }

    /** Goes into the array between {@code first} and {@code last}. */
    public void enterArray(final char[] json, final int first, final int last) {
        enter(json, first, last, '[');
    }

    private void enter(final char[] json, final int first, final int last, final char bracket) {
        text = json;
        at = first;
        end = last;
        skipSpace();
        expect(bracket);
        isFirst = true;
    }

    /** Moves to the next member of the object; false after the last one. */
    public boolean nextMember() {
        if (isOver('}')) {
            return false;
        }
        nameFrom = at + 1;
        skipString();
        nameTo = at - 1;
        skipSpace();
        expect(':');
        readValue();
        return true;
    }

    /** Moves to the next element of the array; false after the last one. */
    public boolean nextElement() {
        if (isOver(']')) {
            return false;
        }
        readValue();
        return true;
    }

    /** Nothing but space follows the object or array that was read. */
    public void expectEnd() {
        skipSpace();
        if (at < end) {
            throw bad("the end");
        }
    }

    /** Whether the member is named {@code name}, which needs no escapes. */
    public boolean isNamed(final String name) {
        return CharRanges.equal(text, nameFrom, nameTo, name);
    }

    /** Where the member's name begins, without its quotes; it may have escapes. */
    public int nameFrom() {
        return nameFrom;
    }

    /** Where the member's name ends. */
    public int nameTo() {
        return nameTo;
    }

    /** Where the value begins. */
    public int from() {
        return from;
    }

    /** Where the value ends. */
    public int to() {
        return to;
    }

    /** Where the value ends that begins at {@code first}. */
    public int endOf(final char[] json, final int first, final int last) {
        text = json;
        at = first;
        end = last;
        from = first;
        skipValue();
        return at;
    }

    private boolean isOver(final char bracket) {
        skipSpace();
        if (at < end && text[at] == bracket) {
            at++;
            return true;
        }
        if (!isFirst) {
            expect(',');
            skipSpace();
        }
        isFirst = false;
        return false;
    }

    private void readValue() {
        skipSpace();
        from = at;
        skipValue();
        to = at;
    }

    private void skipValue() {
        final char first = at < end ? text[at] : 0;
        if (first == '"') {
            skipString();
        } else if (first == '{' || first == '[') {
            skipNested();
        } else {
            while (at < end && isScalar(text[at])) {
                at++;
            }
            if (at == from) {
                throw bad("a value");
            }
        }
    }

    private void skipNested() {
        int depth = 0;
        do {
            if (at >= end) {
                throw bad("the end of what begins at " + from);
            }
            final char c = text[at];
            if (c == '"') {
                skipString();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }

    private void skipString() {
        expect('"');
        while (at < end && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        expect('"');
    }

    private void skipSpace() {
        while (at < end && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) {
            at++;
        }
    }

    private void expect(final char c) {
        if (at >= end || text[at] != c) {
            throw bad("'" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException bad(final String expected) {
        return new IllegalArgumentException("no JSON at character " + at + ": " + expected + " expected");
    }

    private static boolean isScalar(final char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.';
    }
}
