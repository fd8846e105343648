package penstock.venue.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Templates use single quotes for readability. */
class MessageTemplateTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("KEY", "a\"b", "EMPTY", "");

    @Test
    void shouldKeepJsonUnchanged() {
        assertThat(render("{'a':{'b':[{}]},'c':{ }}")).isEqualTo("{\"a\":{\"b\":[{}]},\"c\":{ }}");
        assertThat(render("")).isEmpty();
    }

    @Test
    void shouldFillInOneOrSeveralValues() {
        assertThat(render("{symbol}@x", "BTC")).isEqualTo("BTC@x");
        assertThat(render("{symbol|lower}/{symbol|upper}", "Btc")).isEqualTo("btc/BTC");
        assertThat(render("{'a':{symbol|json}}", "A", "B\"")).isEqualTo("{\"a\":[\"A\",\"B\\\"\"]}");
        assertThat(render("{'a':'{symbol|join(,)}'}", "A", "B\"")).isEqualTo("{\"a\":\"A,B\\\"\"}");
        assertThat(render("{symbol|join(/)}", "A", "B\"")).isEqualTo("A/B\"");
        assertThat(render("{symbol|join}", "A", "B")).isEqualTo("A,B");
        assertThat(render("{'params':{{symbol}}}", "A")).isEqualTo("{\"params\":{A}}");
        assertThat(render("{'a':'{symbol|upper}'}", "x\n")).isEqualTo("{\"a\":\"X\\u000a\"}");
    }

    @Test
    void shouldEscapeValuesInJsonAfterAPrefix() {
        assertThat(render("42['sub','{symbol}']", "A\"")).isEqualTo("42[\"sub\",\"A\\\"\"]");
        assertThat(render("42/market,['sub','{symbol}']", "A\"")).isEqualTo("42/market,[\"sub\",\"A\\\"\"]");
        assertThat(render("sub 42[{symbol}]", "A\"")).isEqualTo("sub 42[A\"]");
    }

    @Test
    void shouldReadTheEnvironment() {
        assertThat(render("{'k':'{env:KEY}'}")).isEqualTo("{\"k\":\"a\\\"b\"}");
        assertThat(render("wss://h/?k=${env:KEY}")).isEqualTo("wss://h/?k=a\"b");
        assertThat(render("{env:NONE:-iex}{env:EMPTY:-x}")).isEqualTo("iex");
        assertThat(MessageTemplate.parse("{env:B}{env:A}{env:C:-c}", Set.of()).requiredVariables())
            .containsExactly("A", "B");
        assertThatThrownBy(() -> render("{env:NONE}")).isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("NONE is not set");
    }

    @Test
    void shouldFillInSlicesOfAnotherMessage() {
        final MessageTemplate template = MessageTemplate.parse("{\"id\":{$/id}}", Set.of("$"));
        assertThat(template.render(pointer -> List.of(pointer.equals("$/id") ? "\"7\"" : "?"), name -> null))
            .isEqualTo("{\"id\":\"7\"}");
        assertThatThrownBy(() -> MessageTemplate.parse("{$/id}", Set.of("id"))).hasMessageContaining("unknown {$/id}");
    }

    @Test
    void shouldFillInRawJson() {
        assertThat(render("{'args':[{symbol|raw}]}", "{\"a\":1}", "{\"b\":2}"))
            .isEqualTo("{\"args\":[{\"a\":1},{\"b\":2}]}");
    }

    @Test
    void shouldRejectUnknownPlaceholders() {
        assertThatThrownBy(() -> render("{topics}")).hasMessageContaining("unknown {topics}")
            .hasMessageContaining("symbol");
        assertThatThrownBy(() -> render("{symbol|row}")).hasMessageContaining("unknown {symbol|row}")
            .hasMessageContaining("join(,)");
    }

    private static String render(final String source, final String... symbols) {
        return MessageTemplate.parse(source.replace('\'', '"'), Set.of("symbol"))
            .render(name -> List.of(symbols), ENVIRONMENT::get);
    }

    @Test
    void shouldWriteThePresentTimeInTheUnitsOfVenues() {
        for (final String pair : List.of("s=1700000000", "ms=1700000000123", "us=1700000000123000",
                "ns=1700000000123000000", "rfc3339=2023-11-14T22:13:20.123Z", "utc=2023-11-14T22:13:20.123",
                "fix=20231114-22:13:20.123")) {
            final String[] expected = pair.split("=");
            final MessageTemplate template =
                MessageTemplate.parse("{\"t\":\"{now|" + expected[0] + "}\"}", Set.of("nowMs"));
            assertThat(template.render(name -> List.of("1700000000123"), name -> null))
                .isEqualTo("{\"t\":\"" + expected[1] + "\"}");
            final byte[] text = expected[1].getBytes(StandardCharsets.US_ASCII);
            assertThat(VenueTimeUnit.valueOf(expected[0].toUpperCase(Locale.ROOT)).micros(text, 0, text.length))
                .as("what we write, we read").isBetween(1_700_000_000_000_000L, 1_700_000_000_123_000L);
        }
        for (final String wrong : List.of("{now}", "{now|}", "{now|sec}", "{now|upper}")) {
            assertThatThrownBy(() -> MessageTemplate.parse(wrong, Set.of("nowMs")))
                .hasMessageContaining("must have a unit after a bar, one of s, ms, us, ns, rfc3339, utc, fix, like "
                    + "{now|s}");
        }
        assertThatThrownBy(() -> MessageTemplate.parse("{now|s}", Set.of("id")))
            .hasMessageContaining("unknown {now|s}");
    }
}
