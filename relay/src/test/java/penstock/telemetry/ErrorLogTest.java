package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ErrorLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(ErrorLog.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final TurnedClock clock = new TurnedClock();
    private final ErrorLog errors = new ErrorLog(clock);

    @BeforeEach
    void listen() {
        logger.setAdditive(false);
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(logged);
        logger.setAdditive(true);
    }

    @Test
    void shouldCountTheSameErrorInsteadOfRepeatingIt() {
        for (int i = 0; i < 12; i++) {
            clock.now = Instant.ofEpochSecond(i);
            errors.record("a tick", failure("message " + i));
        }

        assertThat(errors.distinctCount()).isEqualTo(1);
        assertThat(errors.count()).isEqualTo(12);
        assertThat(errors.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.text()).startsWith("a tick: java.lang.IllegalStateException: message 0"
                + System.lineSeparator() + "\tat penstock.telemetry.ErrorLogTest.deeper(");
            assertThat(entry.count()).isEqualTo(12);
            assertThat(entry.first()).isEqualTo(Instant.ofEpochSecond(0));
            assertThat(entry.last()).isEqualTo(Instant.ofEpochSecond(11));
        });
    }

    @Test
    void shouldDistinguishErrorsByClassAndPlace() {
        errors.record(failure("x"));
        errors.record(new IllegalStateException("x"));
        errors.record(new IllegalArgumentException("x"));

        assertThat(errors.distinctCount()).isEqualTo(3);
    }

    @Test
    void shouldDistinguishTheFeedsOfAnError() {
        for (final String feed : List.of("feed one", "feed two", "feed one")) {
            errors.record(feed + ": reading a frame", failure("x"));
        }

        assertThat(errors.entries()).extracting(entry -> entry.text().substring(0, 8) + " " + entry.count())
            .containsExactlyInAnyOrder("feed one 2", "feed two 1");
    }

    @Test
    void shouldLogTheFirstTheTenthAndTheHundredth() {
        for (int i = 0; i < 150; i++) {
            errors.record("a tick", failure("x"));
        }

        assertThat(messages()).containsExactly(
            "a tick",
            "a tick: java.lang.IllegalStateException: x; 10 times since 1970-01-01T00:00:00Z",
            "a tick: java.lang.IllegalStateException: x; 100 times since 1970-01-01T00:00:00Z");
        assertThat(logged.list).extracting(event -> event.getThrowableProxy() != null)
            .containsExactly(true, false, false);
    }

    @Test
    void shouldStayBounded() {
        for (int i = 0; i < 5_000; i++) {
            errors.record("peer " + i, new WithoutFrames());
        }

        assertThat(errors.distinctCount()).isEqualTo(1_000);
        assertThat(errors.count()).isEqualTo(5_000);
        assertThat(errors.entries().stream().mapToLong(ErrorLog.Entry::count).sum()).isEqualTo(5_000);
        assertThat(logged.list).hasSizeLessThan(1_010);
    }

    @Test
    void shouldCountEveryErrorOfManyThreads() throws InterruptedException {
        final List<Thread> threads = IntStream.range(0, 4).mapToObj(i -> new Thread(() -> {
            for (int n = 0; n < 1_000; n++) {
                errors.record("a tick", failure("x"));
            }
        })).toList();
        threads.forEach(Thread::start);
        for (final Thread thread : threads) {
            thread.join();
        }

        assertThat(errors.entries()).singleElement().extracting(ErrorLog.Entry::count).isEqualTo(4_000L);
        assertThat(logged.list).hasSize(4);
    }

    private List<String> messages() {
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Thrown at one place, through one path of at least six frames, from any caller. */
    private static IllegalStateException failure(final String message) {
        return deeper(message, 6);
    }

    private static IllegalStateException deeper(final String message, final int depth) {
        return depth == 0 ? new IllegalStateException(message) : deeper(message, depth - 1);
    }

    private static final class WithoutFrames extends Exception {
        private static final long serialVersionUID = 1L;

        WithoutFrames() {
            super("x", null, false, false);
        }
    }

    private static final class TurnedClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(final ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
