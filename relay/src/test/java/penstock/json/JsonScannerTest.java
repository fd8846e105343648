package penstock.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", " [ ] ", "\"\"", "0", "-0", "-0.0e-0", "1e5", "1E+5", "12.50", "true", "false", "null",
            "\t\r\n null \n",
        "[1,2 , 3]", "{\"a\":{},\"b\":[[]]}", "\"\\ud800\"", "\"\\u00e9\\n\\/\"", "{\"\":1}",
        "\"\u007f\u20ac\ud83d\ude00\"",
        "123456789012345678901234567890", "{\"a\":1,\"a\":2}", "\"12345678\\\"12345678\""})
    void shouldAcceptValidJson(final String text) {
        assertThat(scan(text, "").isPresent(0)).as(text).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "{", "[", "\"", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "[1,]", "[,1]", "[1 2]",
            "{,}", "{1:2}",
        "{'a':1}", "{a:1}", "01", "-", "-a", "+1", ".5", "1.",
        "1.e5", "1e", "1e+", "0x10", "--1", "1..2", "NaN", "Infinity", "tru", "truee",
        "nul",
        "True", "\"\\x\"", "\"\\u12g4\"", "\"\\u12\"", "\"\n\"", "\"\u0000\"", "\"12345678\t\"", "{} {}", "[]]", "1,",
        "// a\n1",
        "/**/1",
        "[1;2]", "\u00a01", "\ufeff1", "{\"a\" 1}", "{\"a\"::1}", "[\"a\":1]", "Connected", "pong"})
    void shouldRejectInvalidJson(final String text) {
        final JsonScanner scanner = scanner("");
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(bytes, 0, bytes.length)).as(text).isFalse();
        assertThat(scanner.errorAt()).isBetween(0, bytes.length);
    }

    @Test
    void shouldRejectEveryPrefixOfAText() {
        final byte[] text = "{\"a\":[1.5e3,\"b\\u00e9\\n\",true,null,{\"c\":{}}]}".getBytes(StandardCharsets.UTF_8);
        final JsonScanner scanner = scanner("/a/1");
        for (int length = 0; length < text.length; length++) {
            assertThat(scanner.scan(text, 0, length)).as("%d bytes", length).isFalse();
            assertThat(scanner.errorAt()).isEqualTo(length);
        }
        assertThat(scanner.scan(text, 0, text.length)).isTrue();
        assertThat(scanner.errorAt()).isEqualTo(-1);
    }

    @Test
    void shouldNestSixtyFourDeepAndNoDeeper() {
        assertThat(scan("[".repeat(64) + "]".repeat(64), "").isPresent(0)).isTrue();
        final byte[] tooDeep = ("{\"a\":".repeat(64) + "[1]" + "}".repeat(64)).getBytes(StandardCharsets.UTF_8);
        final JsonScanner scanner = scanner("");
        assertThat(scanner.scan(tooDeep, 0, tooDeep.length)).isFalse();
        assertThat(scanner.errorAt()).isEqualTo(64 * 5);
    }

    @Test
    void shouldSurviveANestingBomb() {
        final byte[] bomb = "[".repeat(5_000_000).getBytes(StandardCharsets.UTF_8);
        assertThat(scanner("").scan(bomb, 0, bomb.length)).isFalse();
    }

    @Test
    void shouldKeepTheSlicesAsTheyAreWritten() {
        assertThat(slice("{ \"a\" : { \"b\" : 1.10 } }", "/a/b")).isEqualTo("1.10");
        assertThat(slice("{ \"a\" : { \"b\" : 1.10 } }", "/a")).isEqualTo("{ \"b\" : 1.10 }");
        assertThat(slice(" [1, 2] ", "")).isEqualTo("[1, 2]");
        assertThat(slice("{\"a/b\":1,\"c~d\":2,\"\":3,\"0\":4}", "/a~1b")).isEqualTo("1");
        assertThat(slice("{\"a/b\":1,\"c~d\":2,\"\":3,\"0\":4}", "/c~0d")).isEqualTo("2");
        assertThat(slice("{\"a/b\":1,\"c~d\":2,\"\":3,\"0\":4}", "/")).isEqualTo("3");
        assertThat(slice("{\"a/b\":1,\"c~d\":2,\"\":3,\"0\":4}", "/0")).isEqualTo("4");
        assertThat(slice("{\"a\":\"x\\ty\"}", "/a")).isEqualTo("\"x\\ty\"");
        assertThat(slice("{\"exactly8\":1,\"exactly89\":2,\"exactly890123456789\":3}", "/exactly89")).isEqualTo("2");
        assertThat(slice("{\"exactly8\":1,\"exactly89\":2,\"exactly890123456789\":3}", "/exactly8")).isEqualTo("1");
        assertThat(slice("{\"exactly890123456780\":2,\"exactly890123456789\":3}", "/exactly890123456789"))
            .isEqualTo("3");
    }

    @Test
    void shouldFindNothingAtADeadPointer() {
        assertThat(slice("{\"a\":1}", "/b")).isNull();
        assertThat(slice("{\"a\":1}", "/a/b")).isNull();
        assertThat(slice("[1]", "/1")).isNull();
        assertThat(slice("[1]", "/-2")).isNull();
        assertThat(slice("[]", "/-1")).isNull();
        assertThat(slice("[1,2]", "/01")).isNull();
        assertThat(slice("\"a\"", "/a")).isNull();
    }

    @Test
    void shouldCountElementsFromTheEnd() {
        final String kraken = "[1920,{\"a\":[[\"1\"]]},{\"b\":[],\"c\":\"41\"},\"book-1000\",\"SC/EUR\"]";
        assertThat(slice(kraken, "/-1")).isEqualTo("\"SC/EUR\"");
        assertThat(slice(kraken, "/-2")).isEqualTo("\"book-1000\"");
        assertThat(slice(kraken, "/-3/c")).isEqualTo("\"41\"");
        assertThat(slice(kraken, "/-5")).isEqualTo("1920");
        assertThat(slice(kraken, "/-6")).isNull();
        assertThat(slice("[[1,[2,3]],[4,[5,6]]]", "/-1/-1/-2")).isEqualTo("5");
        assertThat(slice("{\"-1\":7}", "/-1")).isEqualTo("7");
        final JsonValues both = scan("[1,{\"x\":2}]", "/1/x", "/-1/x", "/-1");
        assertThat(List.of(both.length(0), both.length(1), both.length(2))).containsExactly(1, 1, 7);
    }

    @Test
    void shouldUseTheFirstOfEqualKeys() {
        assertThat(slice("{\"a\":1,\"a\":2}", "/a")).isEqualTo("1");
        assertThat(slice("{\"a\":0,\"a\":{\"b\":2}}", "/a/b")).isNull();
        assertThat(slice("{\"a\":{\"c\":1},\"a\":{\"b\":2}}", "/a/b")).isNull();
        assertThat(slice("[{\"a\":1},{\"a\":2}]", "/1/a")).isEqualTo("2");
        assertThat(slice("[{\"a\":1,\"\\u0061\":3}]", "/-1/a")).isEqualTo("1");
    }

    @Test
    void shouldCompareUnescapedKeys() {
        assertThat(slice("{\"\\u0061b\":1}", "/ab")).isEqualTo("1");
        assertThat(slice("{\"caf\\u00e9\":1}", "/caf\u00e9")).isEqualTo("1");
        assertThat(slice("{\"\\ud83d\\ude00\":1}", "/\ud83d\ude00")).isEqualTo("1");
        assertThat(slice("{\"a\\/b\":1}", "/a~1b")).isEqualTo("1");
        assertThat(slice("{\"a\\u0000\":1}", "/a")).isNull();
    }

    @Test
    void shouldReadNothingAfterTheFrame() {
        final JsonScanner scanner = scanner("/a");
        final byte[] text = "[[{\"a\":12345678901234567890}]".getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(text, 2, text.length - 3)).isTrue();
        assertThat(scanner.values().length(0)).isEqualTo(20);
        assertThat(scanner.scan(text, 2, text.length - 4)).isFalse();
    }

    @Test
    void shouldReportTypes() {
        final JsonValues values =
            scan("[{},[],\"\",0,false,null,\"\\n\"]", "/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7");
        assertThat(List.of(values.type(0), values.type(1), values.type(2), values.type(3), values.type(4),
            values.type(5), values.type(7)))
            .containsExactly(
                JsonType.OBJECT, JsonType.ARRAY, JsonType.STRING, JsonType.NUMBER, JsonType.BOOLEAN, JsonType.NULL,
                JsonType.ABSENT);
        assertThat(values.isEscaped(2)).isFalse();
        assertThat(values.isEscaped(6)).isTrue();
    }

    @Test
    void shouldForgetThePreviousText() {
        final JsonScanner scanner = scanner("/a");
        final byte[] with = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        final byte[] without = "{\"b\":1}".getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(with, 0, with.length)).isTrue();
        assertThat(scanner.scan(without, 0, without.length)).isTrue();
        assertThat(scanner.values().isPresent(0)).isFalse();
    }

    @Test
    void shouldRejectInvalidPointers() {
        final PointerTrie.Builder builder = new PointerTrie.Builder();
        assertThatThrownBy(() -> builder.slot("a")).hasMessageContaining("begins with '/'");
        assertThatThrownBy(() -> builder.slot("/a~2")).hasMessageContaining("~0");
        assertThatThrownBy(() -> builder.slot("/a/-100")).hasMessageContaining("up to -99");
        assertThat(builder.slot("/a")).isEqualTo(builder.slot("/a")).isZero();
        assertThat(builder.slot("/a/b")).isEqualTo(1);
    }

    private static String slice(final String text, final String pointer) {
        final JsonValues values = scan(text, pointer);
        return values.isPresent(0)
            ? new String(values.buffer(), values.offset(0), values.length(0), StandardCharsets.UTF_8) : null;
    }

    private static JsonValues scan(final String text, final String... pointers) {
        final JsonScanner scanner = scanner(pointers);
        final byte[] bytes = ("\"\"" + text + "\"\"").getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(bytes, 2, bytes.length - 4)).as("%s, error at %d", text, scanner.errorAt() - 2)
            .isTrue();
        return scanner.values();
    }

    private static JsonScanner scanner(final String... pointers) {
        final PointerTrie.Builder builder = new PointerTrie.Builder();
        for (final String pointer : pointers) {
            builder.slot(pointer);
        }
        return new JsonScanner(builder.build());
    }
}
