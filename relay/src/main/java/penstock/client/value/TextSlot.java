package penstock.client.value;

import java.util.Arrays;

/**
 * A text that changes in place: a field's JSON, a message. It keeps its array for the next text.
 *
 * <p>Owned by the client's thread.
 */
public final class TextSlot {
    private static final int MIN_CHARS = 16;

    private char[] chars = new char[0];
    private int length;

    /** Takes over the range. */
    public void set(final char[] text, final int from, final int to) {
        length = to - from;
        ensure();
        System.arraycopy(text, from, chars, 0, length);
    }

    /** Takes over a text. */
    public void set(final CharSequence text) {
        length = text.length();
        ensure();
        if (text instanceof String whole) {
            whole.getChars(0, length, chars, 0);
        } else if (text instanceof StringBuilder built) {
            built.getChars(0, length, chars, 0);
        } else {
            for (int i = 0; i < length; i++) {
                chars[i] = text.charAt(i);
            }
        }
    }

    /** The array of the text, which begins at 0 and is longer than the text. */
    public char[] chars() {
        return chars;
    }

    /** Number of characters. */
    public int length() {
        return length;
    }

    private void ensure() {
        if (chars.length < length) {
            chars = new char[Math.max(MIN_CHARS, Math.max(length, 2 * chars.length))];
        }
    }

    /** Whether it is the same as the range. */
    boolean isSame(final char[] text, final int from, final int to) {
        return Arrays.equals(chars, 0, length, text, from, to);
    }

    @Override
    public String toString() {
        return new String(chars, 0, length);
    }
}
