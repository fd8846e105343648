package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogEscapeTest {
    private static final String PREFIX = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ";

    @Test
    void shouldKeepAHostileMessageInOneLine() throws Exception {
        final String out = WrittenLog.of(log -> log.getLogger("penstock.server.WebSocketEndpoint")
            .warn("refused {}", "x\n2026-01-01T00:00:00Z INFO fake\r\u001b[2J\u0000\u0085\u007f\u2028\u2029\u202eé€"));

        assertThat(out).matches(PREFIX + "WARN  refused "
            + "x\\\\u000a2026-01-01T00:00:00Z INFO fake"
            + "\\\\u000d\\\\u001b\\[2J\\\\u0000\\\\u0085\\\\u007f\\\\u2028\\\\u2029\\\\u202eé€"
            + " \\[WebSocketEndpoint .+]\\R");
    }

    @Test
    void shouldShowAnErrorAndItsCausesInTheSameLine() throws Exception {
        final Exception error = new IllegalStateException("no\nroom", new IllegalArgumentException("too large"));
        final String out = WrittenLog.of(log -> log.getLogger("x.Y").error("a tick", error));

        assertThat(out.strip().lines()).hasSize(1);
        assertThat(out)
            .contains("ERROR a tick | java.lang.IllegalStateException: no\\u000aroom at "
                + "penstock.telemetry.LogEscapeTest.should",
            " | caused by java.lang.IllegalArgumentException: too large at ", "LogEscapeTest.java:");
    }

    @Test
    void shouldCutLongMessages() throws Exception {
        assertThat(WrittenLog.of(log -> log.getLogger("x").info("y".repeat(5_000)))).hasSizeLessThan(4_200)
            .contains("y… (5000 characters)");
    }

    @Test
    void shouldOmitMessagesOfTheHttpServer() throws Exception {
        assertThat(WrittenLog.of(log -> {
            log.getLogger("org.xnio.nio").info("XNIO version");
            log.getLogger("io.undertow.server").info("starting");
        })).isEmpty();
    }
}
