package penstock.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/** Which texts are numbers, wherever they stand in an array: against the grammar of RFC 8259, section 6. */
class JsonNumberTest {
    private static final Pattern GRAMMAR = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    /** The neighbours of the digits among them. */
    private static final String CHARS = "019.-e+/:\u00b0";
    private static final int SHORT = 4;
    private static final int LONGEST = 20;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldKnowAllShortTexts() {
        final char[] text = new char[SHORT];
        for (int length = 0; length <= SHORT; length++) {
            for (int number = 0; number < Math.pow(CHARS.length(), length); number++) {
                int rest = number;
                for (int i = 0; i < length; i++) {
                    text[i] = CHARS.charAt(rest % CHARS.length());
                    rest /= CHARS.length();
                }
                check(new String(text, 0, length));
            }
        }
    }

    @Test
    void shouldKnowAPointAndAnyOtherByteAtAnyPlace() {
        for (int length = 1; length <= LONGEST; length++) {
            check("1".repeat(length));
            for (int point = 0; point < length; point++) {
                final String decimal = with("1".repeat(length), point, '.');
                check(decimal);
                check(with(decimal, 0, '0'));
                check(with(decimal, 0, '-'));
                for (int other = 0; other < length; other++) {
                    for (final char c : new char[] {'.', '/', ':', 'e', ' ', 0, 0x80, 0xb0, 0xff}) {
                        check(with(decimal, other, c));
                    }
                }
            }
        }
    }

    @Test
    void shouldKnowRandomTexts() {
        for (final long seed : seeds.rounds(20)) {
            final Random random = Seeds.random(seed);
            for (int i = 0; i < 1_000; i++) {
                final StringBuilder text = new StringBuilder();
                for (int length = random.nextInt(LONGEST); text.length() < length;) {
                    text.append(random.nextInt(8) == 0 ? CHARS.charAt(random.nextInt(CHARS.length()))
                        : (char) ('0' + random.nextInt(10)));
                }
                check(text.toString());
            }
        }
    }

    /** Alone in its array, at its end, at its beginning, and amid digits. */
    private static void check(final String text) {
        final boolean isNumber = GRAMMAR.matcher(text).matches();
        for (final String before : new String[] {"", "7", "\"7.777777777777777"}) {
            for (final String after : new String[] {"", "7", "7777777777777777\""}) {
                final byte[] around = (before + text + after).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(JsonNumber.is(around, before.length(), text.length()))
                    .as("%s is a number, between '%s' and '%s'", text, before, after).isEqualTo(isNumber);
            }
        }
    }

    private static String with(final String text, final int at, final char c) {
        return text.substring(0, at) + c + text.substring(at + 1);
    }
}
