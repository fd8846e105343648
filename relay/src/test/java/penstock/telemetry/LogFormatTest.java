package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import penstock.testkit.ParsedJson;

class LogFormatTest {
    @Test
    void shouldWriteAHostileMessageAsOneObjectInOneLine() throws Exception {
        final String hostile = "x\n{\"level\":\"ERROR\"}\r\u001b[2J\u0000\"\\é€";
        final List<Map<?, ?>> lines = logged(log -> log.getLogger("penstock.server.WebSocketEndpoint")
            .warn("refused {}", hostile));

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.get("level")).isEqualTo("\"WARN\"");
            assertThat(line.get("formattedMessage")).isEqualTo("\"refused " + hostile + '"');
            assertThat(line.get("loggerName")).isEqualTo("\"penstock.server.WebSocketEndpoint\"");
            assertThat(line.keySet().stream().map(Object::toString)).containsExactlyInAnyOrder("timestamp", "level",
                "threadName", "loggerName", "formattedMessage", "throwable");
        });
    }

    @Test
    void shouldWriteAnErrorWithItsCause() throws Exception {
        final Exception error = new IllegalStateException("no\nroom", new IllegalArgumentException("too large"));
        final List<Map<?, ?>> lines = logged(log -> log.getLogger("x.Y").error("a tick", error));

        assertThat(lines).singleElement().satisfies(line -> {
            final Map<?, ?> thrown = (Map<?, ?>) line.get("throwable");
            assertThat(thrown.get("message")).isEqualTo("\"no\nroom\"");
            assertThat(((Map<?, ?>) thrown.get("cause")).get("message")).isEqualTo("\"too large\"");
        });
    }

    @Test
    void shouldCutWhatIsLongAndKeepTheRest() throws Exception {
        final Exception error = new IllegalStateException("\u0001".repeat(100_000));
        final List<Map<?, ?>> lines = logged(log -> log.getLogger("x.Y").warn("y".repeat(1_000_000), error));

        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.get("formattedMessage").toString()).hasSizeLessThan(8_010).startsWith("\"yyy")
                .contains("y… (1000000 characters) | java.lang.IllegalStateException");
            assertThat(line.get("loggerName")).isEqualTo("\"x.Y\"");
            assertThat(line.get("level")).isEqualTo("\"WARN\"");
            assertThat(line.get("threadName")).isEqualTo('"' + Thread.currentThread().getName() + '"');
        });
    }

    /** Each line of the log, parsed. */
    private static List<Map<?, ?>> logged(final Consumer<LoggerContext> writer) throws Exception {
        return WrittenLog.of(log -> {
            LogFormat.json(log);
            writer.accept(log);
        }).lines().<Map<?, ?>>map(line -> (Map<?, ?>) ParsedJson.parse(line)).toList();
    }
}
