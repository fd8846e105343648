package penstock.json;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Makes valid JSON, and spoils it. */
public final class RandomJson {
    private static final String[] NUMBERS = {
        "0", "-0", "7", "-12", "1.10", "0.5", "1e5", "9.121E-7", "2E+10",
        "123456789012345678901234567"};
    private static final String[] STRINGS = {
        "", "a", "BTCUSDT", "btcusdt@bookTicker", "\\n", "\\\"", "\\u00e9", "\\ud83d\\ude00", "\\/", "\\\\", "\u00e9",
            "\u20ac\ud83d\ude00",
        "01234567", "012345678", "exactly eight bytes, more"};
    private static final String[] KEYS =
        {"a", "b", "", "symbol", "\\u0061", "a/b", "m~n", "0", "-1", "12345678", "123456789", "\u00e9"};
    private static final String SPOILERS = "{}[]\",:\\ \n\t0123456789-+.eEtrufalsn\u0000\u0001\u001f/'xb";

    private final Random random;

    public RandomJson(final Random random) {
        this.random = random;
    }

    /** A valid text. */
    public String text() {
        return new String(valid(), StandardCharsets.UTF_8);
    }

    byte[] valid() {
        final StringBuilder out = new StringBuilder();
        value(out, 0);
        return (space() + out + space()).getBytes(StandardCharsets.UTF_8);
    }

    /** Changes, removes, adds or doubles a few bytes, or cuts the end. Often no longer UTF-8. */
    byte[] spoiled(final byte[] text) {
        byte[] spoiled = text;
        for (int i = random.nextInt(3); i >= 0; i--) {
            spoiled = spoiledOnce(spoiled);
        }
        return spoiled;
    }

    private byte[] spoiledOnce(final byte[] text) {
        final int at = random.nextInt(text.length + 1);
        final int removed = random.nextInt(3) == 0 ? 0 : Math.min(text.length - at, 1 + random.nextInt(2));
        final byte[] added = new byte[random.nextInt(3)];
        for (int i = 0; i < added.length; i++) {
            added[i] = random.nextInt(4) == 0 && text.length > 0
                ? text[random.nextInt(text.length)] : (byte) SPOILERS.charAt(random.nextInt(SPOILERS.length()));
        }
        final byte[] spoiled = new byte[text.length - removed + added.length];
        System.arraycopy(text, 0, spoiled, 0, at);
        System.arraycopy(added, 0, spoiled, at, added.length);
        System.arraycopy(text, at + removed, spoiled, at + added.length, text.length - at - removed);
        return spoiled;
    }

    private void value(final StringBuilder out, final int depth) {
        switch (random.nextInt(depth > 4 ? 4 : 7)) {
            case 0 -> out.append(one(NUMBERS));
            case 1 -> out.append('"').append(one(STRINGS)).append(one(STRINGS)).append('"');
            case 2 -> out.append(random.nextBoolean());
            case 3 -> out.append("null");
            case 4 -> array(out, depth);
            default -> object(out, depth);
        }
    }

    private void array(final StringBuilder out, final int depth) {
        out.append('[').append(space());
        for (int i = random.nextInt(5); i > 0; i--) {
            value(out, depth + 1);
            out.append(space()).append(i > 1 ? "," : "").append(space());
        }
        out.append(']');
    }

    private void object(final StringBuilder out, final int depth) {
        out.append('{').append(space());
        for (int i = random.nextInt(6); i > 0; i--) {
            out.append('"').append(one(KEYS)).append('"').append(space()).append(':').append(space());
            value(out, depth + 1);
            out.append(space()).append(i > 1 ? "," : "").append(space());
        }
        out.append('}');
    }

    private String space() {
        return random.nextInt(8) == 0 ? " \n\t\r".substring(random.nextInt(4)) : "";
    }

    private String one(final String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
