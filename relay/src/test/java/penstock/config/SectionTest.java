package penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionTest {
    private enum Conflation {
        LAST_VALUE, ORDER_BOOK
    }

    private final Problems problems = new Problems();

    @Test
    void shouldReadEveryType() {
        final ConfigSection section = section("""
            name = spot
            port = 8080
            wait = 2s
            size = 64k
            on = true
            symbols = [EURUSD, 7]
            class = order-book
            headers { X-Key = abc, "a.b" = 1 }
            parts = [{ a = 1 }, { a = 2 }]
            """);

        assertThat(section.requiredText("name")).isEqualTo("spot");
        assertThat(section.integer("port", 1, 0, 65_535)).isEqualTo(8080);
        assertThat(section.durationMs("wait", 1, 0, 5_000)).isEqualTo(2_000);
        assertThat(section.bytes("size", 1, 0, 1 << 20)).isEqualTo(65_536);
        assertThat(section.flag("on", false)).isTrue();
        assertThat(section.texts("symbols")).containsExactly("EURUSD", "7");
        assertThat(section.choice("class", Conflation.LAST_VALUE, Conflation.class)).isEqualTo(Conflation.ORDER_BOOK);
        assertThat(section.textMap("headers")).isEqualTo(Map.of("X-Key", "abc", "a.b", "1"));
        assertThat(section.sections("parts")).extracting(part -> part.integer("a", 0, 0, 9)).containsExactly(1, 2);
        problems.throwIfAny();
    }

    @Test
    void shouldReadDurationsInSeveralParts() {
        final ConfigSection section = section("a = 23h45m\nb = 1m30s\nc = 1h 5ms\nd = 1m30x\ne = 2h30m");

        assertThat(section.durationMs("a", 0, 0, 86_400_000)).isEqualTo(85_500_000);
        assertThat(section.durationMs("b", 0, 0, 86_400_000)).isEqualTo(90_000);
        assertThat(section.durationMs("c", 0, 0, 86_400_000)).isEqualTo(3_600_005);
        assertThat(problems.all()).isEmpty();
        assertThat(section.durationMs("d", 7, 0, 86_400_000)).isEqualTo(7);
        assertThat(section.durationMs("e", 7, 0, 3_600_000)).isEqualTo(7);
        assertThat(messages()).containsExactly(
            "x.conf:4: server.d: must be a duration like 250ms, 5s or 2m, from 0 to 1d, got 1m30x",
            "x.conf:5: server.e: must be from 0 to 1h in whole milliseconds, got 2h30m");
    }

    @Test
    void shouldReadDefaultsOfAbsentAndNullKeys() {
        final ConfigSection section = section("port = null");

        assertThat(section.integer("port", 7, 0, 65_535)).isEqualTo(7);
        assertThat(section.durationMs("wait", -1, 0, 5_000)).isEqualTo(-1);
        assertThat(section.texts("symbols")).isEmpty();
        assertThat(section.section("inner").keys()).isEmpty();
        assertThat(problems.isEmpty()).isTrue();
    }

    @Test
    void shouldSuggestTheNearestKnownKeyWithItsLine() {
        final ConfigSection section = section("port = 1\n\nsendBufer = 64k\ncolour = red\n");
        section.integer("port", 0, 0, 9);
        section.bytes("send-buffer", 0, 0, 9);

        assertThatThrownBy(problems::throwIfAny).hasMessage(
            "x.conf:3: server.sendBufer: unknown key; did you mean send-buffer?\n"
            + "x.conf:4: server.colour: unknown key; known here: port, send-buffer");
    }

    @Test
    void shouldShowTheValueAndTheExpectation() {
        final ConfigSection section = section("""
            port = 99999
            wait = 5 bananas
            short = 100us
            size = lots
            on = maybe
            class = orderbook
            symbols = EURUSD
            inner = 3
            count = 1.5
            """);
        section.integer("port", 0, 0, 65_535);
        section.durationMs("wait", 0, 0, 60_000);
        section.durationMs("short", 0, 0, 60_000);
        section.bytes("size", 0, 1024, 1 << 20);
        section.flag("on", true);
        section.choice("class", Conflation.LAST_VALUE, Conflation.class);
        section.texts("symbols");
        section.section("inner");
        section.integer("count", 0, 0, 9);
        section.requiredText("name");

        assertThat(messages()).containsExactly(
            "x.conf:1: server.port: must be a whole number from 0 to 65535, got 99999",
            "x.conf:1: server.name: is missing; add a line: name = …",
            "x.conf:2: server.wait: must be a duration like 250ms, 5s or 2m, from 0 to 60s, got \"5 bananas\"",
            "x.conf:3: server.short: must be from 0 to 60s in whole milliseconds, got 100us",
            "x.conf:4: server.size: must be a size like 64k, 512KiB or 8MiB, from 1k to 1MiB, got lots",
            "x.conf:5: server.on: must be true or false, got maybe",
            "x.conf:6: server.class: must be one of last-value, order-book, got orderbook",
            "x.conf:7: server.symbols: must be a list like [a, b], got text",
            "x.conf:8: server.inner: must be an object like { key = value }, got a number",
            "x.conf:9: server.count: must be a whole number from 0 to 9, got 1.5");
    }

    private List<String> messages() {
        return problems.all().stream().map(Problem::toString).toList();
    }

    private ConfigSection section(final String text) {
        final ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("x.conf");
        return new ConfigSection(ConfigFactory.parseString(text, options).root(), "server", problems);
    }
}
