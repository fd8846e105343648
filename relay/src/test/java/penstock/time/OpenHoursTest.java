package penstock.time;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.config.ConfigException;
import penstock.config.ConfigSection;
import penstock.config.Problem;
import penstock.config.Problems;
import penstock.testkit.ManualClock;
import penstock.venue.Venue;

/** Hours in which silence is a fault. */
class OpenHoursTest {
    @ParameterizedTest
    @ValueSource(strings = {"tradermade-v1", "tradermade-v2"})
    void shouldOpenAndCloseCurrenciesAtFiveInNewYorkInWinterAndInSummer(final String venue) {
        final Hours fx = Venue.load(venue, name -> "k").connection().idle().open();
        assertThat(changes(fx, "2026-11-20T00:00:00Z", "2026-11-27T00:00:00Z"))
            .containsExactly("closed 2026-11-20T22:00:00Z", "open 2026-11-22T22:00:00Z");
        assertThat(changes(fx, "2026-07-10T00:00:00Z", "2026-07-17T00:00:00Z"))
            .containsExactly("closed 2026-07-10T21:00:00Z", "open 2026-07-12T21:00:00Z");
    }

    @Test
    void shouldFollowTheClockOnTheWallOnTheDaysThatChangeIt() {
        // New York moved its clocks on Sunday, 8 March, and on Sunday, 1 November 2026
        final OpenHours fx = hours("open = [\"Sun 17:00\", \"Fri 17:00\"], zone = America/New_York");
        assertThat(changes(fx, "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z"))
            .containsExactly("closed 2026-03-06T22:00:00Z", "open 2026-03-08T21:00:00Z");
        assertThat(changes(fx, "2026-10-30T00:00:00Z", "2026-11-06T00:00:00Z"))
            .containsExactly("closed 2026-10-30T21:00:00Z", "open 2026-11-01T22:00:00Z");
        // London moved its clocks three weeks after New York
        final OpenHours london = hours("pauses = [\"16:30-08:00\"], zone = Europe/London");
        assertThat(changes(london, "2026-03-28T12:00:00Z", "2026-03-29T18:00:00Z")).containsExactly(
            "closed 2026-03-28T16:30:00Z", "open 2026-03-29T07:00:00Z", "closed 2026-03-29T15:30:00Z");
    }

    @Test
    void shouldPauseEveryDay() {
        final OpenHours futures = hours(
            "open = [\"Sun 17:00\", \"Fri 16:00\"], zone = America/Chicago, pauses = [\"16:00 - 17:00\"]");
        assertThat(changes(futures, "2026-07-13T12:00:00Z", "2026-07-15T12:00:00Z")).containsExactly(
            "closed 2026-07-13T21:00:00Z", "open 2026-07-13T22:00:00Z", "closed 2026-07-14T21:00:00Z",
            "open 2026-07-14T22:00:00Z");
        final OpenHours shares =
            hours("open = [\"Mon 09:30\", \"Fri 16:00\"], zone = America/New_York, pauses = [\"16:00-09:30\"]");
        assertThat(changes(shares, "2026-07-16T12:00:00Z", "2026-07-21T12:00:00Z")).containsExactly(
            "open 2026-07-16T13:30:00Z", "closed 2026-07-16T20:00:00Z", "open 2026-07-17T13:30:00Z",
            "closed 2026-07-17T20:00:00Z", "open 2026-07-20T13:30:00Z", "closed 2026-07-20T20:00:00Z");
    }

    @Test
    void shouldCloseOnHolidays() {
        final OpenHours fx = hours("""
            open = ["Sun 17:00", "Fri 17:00"], zone = America/New_York
            holidays = ["2026-12-24 13:00 to 2026-12-25 18:00", "2026-01-01"]""");
        assertThat(changes(fx, "2026-12-23T00:00:00Z", "2026-12-27T00:00:00Z"))
            .containsExactly("closed 2026-12-24T18:00:00Z");
        assertThat(changes(fx, "2025-12-31T00:00:00Z", "2026-01-02T12:00:00Z"))
            .containsExactly("closed 2026-01-01T05:00:00Z", "open 2026-01-02T05:00:00Z");
    }

    @Test
    void shouldBeOpenAlwaysWithoutHours() {
        assertThat(hours("")).isEqualTo(OpenHours.ALWAYS);
        assertThat(changes(OpenHours.ALWAYS, "2026-11-01T00:00:00Z", "2026-11-09T00:00:00Z")).isEmpty();
        assertThat(hours("open = [\"Sun 22:00\", \"Fri 22:00\"]").zone().getRules())
            .isEqualTo(ZoneId.of("UTC").getRules());
    }

    @Test
    void shouldExplainMistakes() {
        assertThat(problems("zone = America/NewYork, open = [\"Sun 22:00\", \"Fri 22:00\"]")).containsExactly(
            "idle.zone: must be a name of the IANA time zone database like America/New_York, or UTC, got "
                + "America/NewYork");
        assertThat(problems("zone = EST, pauses = [\"17:00-18:00\"]")).singleElement().asString().endsWith("got EST");
        assertThat(problems("zone = Asia/Tokyo")).containsExactly(
            "idle.zone: has no effect without open, pauses or holidays; remove it, or add one of them");
        assertThat(problems("pauses = [\"17:00-18:00\", \"17:00\", \"17:00-17:00\", \"25:00-26:00\"]")).containsExactly(
            "idle.pauses: \"17:00\" is no pause of each day; write it like \"17:00-18:00\"",
            "idle.pauses: \"17:00-17:00\" is no pause of each day; write it like \"17:00-18:00\"",
            "idle.pauses: \"25:00-26:00\" is no pause of each day; write it like \"17:00-18:00\"");
        for (final String wrong : List.of("25.12.2026", "2026-02-30", "2026-12-24 13:00",
            "2026-12-25 13:00 to 2026-12-24 13:00")) {
            assertThat(problems("holidays = [\"" + wrong + "\"]")).containsExactly("idle.holidays: \"" + wrong
                + "\" is no holiday; write it like \"2026-12-25\" or \"2026-12-24 13:00 to 2026-12-25 18:00\"");
        }
        assertThat(problems("open = [\"Sun 22:00\"]")).singleElement().asString()
            .startsWith("idle.open: must be the start and end of the open hours of a week, in the time of zone");
    }

    @Test
    void shouldStayQuietOnAWeekend() {
        final ManualClock clock = new ManualClock();
        final int minute = (int) Math.floorMod(clock.epochUs() / 60_000_000L + 3 * 1440, 7 * 1440L);
        final int[] barks = {0};
        // closed for the next ten minutes
        final OpenHours open = new OpenHours(ZoneId.of("UTC"), new WeeklyHours((minute + 10) % (7 * 1440), minute),
            List.of(), List.of());
        final Watchdog watchdog = new Watchdog(clock, 60_000, open, () -> barks[0]++);
        watchdog.start();
        clock.advance(9 * 60_000);
        assertThat(barks[0]).isZero();
        clock.advance(3 * 60_000);
        assertThat(barks[0]).isEqualTo(1);
    }

    @Test
    void shouldNotCountAPauseThatIsShorterThanTheLimit() {
        final ManualClock clock = new ManualClock();
        final int minute = (int) Math.floorMod(clock.epochUs() / 60_000_000L, 1440L);
        final int[] barks = {0};
        final OpenHours open = new OpenHours(ZoneId.of("UTC"), WeeklyHours.ALL,
            List.of(new OpenHours.Pause((minute + 5) % 1440, (minute + 8) % 1440)), List.of());
        new Watchdog(clock, 600_000, open, () -> barks[0]++).start();
        clock.advance(17 * 60_000);
        assertThat(barks[0]).as("nine open minutes since the pause").isZero();
        clock.advance(2 * 60_000);
        assertThat(barks[0]).isEqualTo(1);
    }

    /** Opens and closes, to the minute. */
    private static List<String> changes(final Hours hours, final String from, final String to) {
        final List<String> changes = new ArrayList<>();
        boolean isOpen = hours.isOpen(Instant.parse(from).toEpochMilli() * 1_000);
        for (long s = Instant.parse(from).getEpochSecond(); s < Instant.parse(to).getEpochSecond(); s += 60) {
            final boolean isOpenNow = hours.isOpen(s * 1_000_000);
            if (isOpenNow != isOpen) {
                changes.add((isOpenNow ? "open " : "closed ") + Instant.ofEpochSecond(s));
                isOpen = isOpenNow;
            }
        }
        return changes;
    }

    private static OpenHours hours(final String idle) {
        final Problems problems = new Problems();
        final OpenHours hours = OpenHours.read(
            new ConfigSection(ConfigFactory.parseString("{" + idle + "}").root(), "idle", problems));
        problems.throwIfAny();
        return hours;
    }

    private static List<String> problems(final String idle) {
        try {
            hours(idle);
            return List.of();
        } catch (final ConfigException e) {
            return e.problems().stream().map(Problem::toString).map(text -> text.replaceFirst("^.*?(?=idle\\.)", ""))
                .toList();
        }
    }
}
