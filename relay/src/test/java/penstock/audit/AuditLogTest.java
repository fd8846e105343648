package penstock.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.telemetry.MetricsPage;
import penstock.telemetry.Telemetry;
import penstock.testkit.Seeds;

class AuditLogTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final List<String> lines = new ArrayList<>();
    private long nowNs = 7;

    @Test
    void shouldWriteOneLineWhenASessionBeginsAndOneWhenItEnds() {
        final AuditLog log = log(1, 0);
        final SessionRecord session = log.onOpened("x1", "ws", "desk-7", "10.0.0.5:51000", 5_000_000_000L);
        log.onEnded(session, Termination.NO_PONG, 1_234, 99_999, 17_345_678_901L);

        assertThat(lines).containsExactly(
            "open session=x1 endpoint=ws principal=desk-7 address=10.0.0.5:51000",
            "close session=x1 endpoint=ws principal=desk-7 address=10.0.0.5:51000 end=cP seconds=12.345 "
                + "updates=1234 bytes=99999");
    }

    @Test
    void shouldWriteOneLineForEachRefusal() {
        final AuditLog log = log(0, 0);
        log.onRefused("ws", null, "10.0.0.5:51000", Termination.UNKNOWN_CLIENT, 401, "token_invalid");
        log.onUnserved("10.0.0.6:1", Termination.NO_REQUEST);

        assertThat(lines).containsExactly(
            "refuse endpoint=ws principal=- address=10.0.0.5:51000 end=PA status=401 error=token_invalid",
            "refuse address=10.0.0.6:1 end=cH");
    }

    @Test
    void shouldSampleSessionsThatEndWellAndWriteEveryOther() {
        final AuditLog log = log(10, 0);
        for (int i = 0; i < 100; i++) {
            log.onEnded(open(log, i), i % 2 == 0 ? Termination.FINISHED : Termination.CLIENT_GONE, 0, 0, 0);
        }
        assertThat(lines.stream().filter(line -> line.startsWith("open "))).hasSize(10);
        assertThat(lines.stream().filter(line -> line.startsWith("close "))).hasSize(10);
        assertThat(lines.get(0)).contains("session=s0 ");
        lines.clear();
        for (int i = 0; i < 100; i++) {
            log.onEnded(open(log, i), Termination.BAD_FRAME, 0, 0, 0);
        }
        assertThat(lines.stream().filter(line -> line.startsWith("close ") && line.contains("end=PF"))).hasSize(100);
    }

    @Test
    void shouldCountEveryEndWhetherItIsWrittenOrNot() {
        final AuditLog log = log(0, 1);
        for (int i = 0; i < 50; i++) {
            log.onEnded(open(log, i), Termination.FINISHED, 0, 0, 0);
            log.onUnserved("a", Termination.FULL);
        }
        final String metrics;
        try (Telemetry telemetry = new Telemetry()) {
            log.register(telemetry);
            metrics = new MetricsPage(telemetry).text();
        }
        assertThat(metrics).contains("# TYPE penstock_sessions_ended_total counter\n",
            "penstock_sessions_ended_total{code=\"--\"} 50.0\n", "penstock_sessions_ended_total{code=\"cP\"} 0.0\n",
            "penstock_handshakes_refused_total{code=\"RQ\"} 50.0\n")
            .doesNotContain("penstock_handshakes_refused_total{code=\"--\"}");
    }

    /** A flood of one cause hides no other. */
    @Test
    void shouldBoundTheLinesOfEachCauseAndSayHowManyItLeftOut() {
        final AuditLog log = log(1, 20);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 1_000; i++) {
                log.onUnserved("flood", Termination.QUOTA);
            }
            log.onUnserved("single", Termination.BAD_FRAME);
            nowNs += TimeUnit.SECONDS.toNanos(1);
            log.tick();
        }
        assertThat(lines.stream().filter(line -> line.contains("flood"))).hasSize(200);
        assertThat(lines.stream().filter(line -> line.contains("single"))).hasSize(10);
        assertThat(lines).endsWith("left-out cause=PQ lines=9800");
        lines.clear();
        log.tick();
        log.report();
        assertThat(lines).isEmpty();
    }

    @Test
    void shouldLeaveOutBeginningsToo() {
        final AuditLog log = log(1, 5);
        for (int i = 0; i < 12; i++) {
            open(log, i);
        }
        log.report();
        assertThat(lines).hasSize(6).last().isEqualTo("left-out cause=open lines=7");
    }

    @Test
    void shouldEscapeWhatCouldBreakALineOrPretendToBeOne() {
        final String hostile = "x\n2026-11-30 INFO fake\u001b[31m\u007f\u0085\u2028\u2029\u202e end=-- \"";
        log(1, 0).onOpened("x1", "ws", hostile, "a", 0);

        assertThat(lines).singleElement().asString().contains("principal=\"x\\u000a2026-11-30 INFO fake\\u001b[31m"
            + "\\u007f\\u0085\\u2028\\u2029\\u202e end=-- \\\"\"");
    }

    @Test
    void shouldShowAtMost256CharactersOfAField() {
        final Random random = seeds.random();
        final AuditLog log = log(1, 0);
        for (int i = 0; i < 2_000; i++) {
            final StringBuilder principal = new StringBuilder();
            final int length = 1 + random.nextInt(600);
            for (int k = 0; k < length; k++) {
                principal.append((char) (random.nextInt(3) == 0 ? random.nextInt(0x3000) : ' ' + random.nextInt(96)));
            }
            lines.clear();
            log.onOpened("x1", "ws", principal.toString(), "a", 0);
            final String line = lines.get(0);
            assertThat(line.chars()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029);
            assertThat(line.substring("open session=x1 endpoint=ws principal=".length(),
                line.length() - " address=a".length()).length()).isLessThanOrEqualTo(256);
        }
    }

    @ParameterizedTest
    @CsvSource({"400,bad_handshake,PH", "403,bad_origin,PH", "414,target_too_long,PH", "421,unknown_host,PH",
        "426,upgrade_required,PH", "505,http_version,PH", "401,token_expired,PA", "413,too_many_symbols,PQ",
        "429,too_many_handshakes,PQ", "503,draining,KS", "503,memory_full,RR", "503,too_many_connections,RQ",
        "500,internal,IH"})
    void shouldGiveEachAnswerTheCodeOfItsCause(final int status, final String error, final String code) {
        assertThat(Termination.ofAnswer(status, error).code()).isEqualTo(code);
    }

    @Test
    void shouldGiveEachEndACodeOfItsOwn() {
        final Set<String> codes = new HashSet<>();
        for (final Termination end : Termination.values()) {
            assertThat(end.code()).hasSize(2);
            assertThat(codes.add(end.code())).as(end.code()).isTrue();
            assertThat(Termination.ofHandshakes().contains(end) || Termination.ofSessions().contains(end)).isTrue();
        }
    }

    private AuditLog log(final int oneIn, final int linesPerSecond) {
        return new AuditLog(line -> lines.add(line.toString()), oneIn, linesPerSecond, () -> nowNs);
    }

    private static SessionRecord open(final AuditLog log, final int number) {
        return log.onOpened("s" + number, "ws", null, "a", 0);
    }
}
