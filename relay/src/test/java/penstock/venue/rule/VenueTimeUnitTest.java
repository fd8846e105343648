package penstock.venue.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;

class VenueTimeUnitTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldReadNumbersOfEveryUnit() {
        assertThat(micros(VenueTimeUnit.S, "1618678073")).isEqualTo(1_618_678_073_000_000L);
        assertThat(micros(VenueTimeUnit.S, "1618678073.1")).isEqualTo(1_618_678_073_100_000L);
        assertThat(micros(VenueTimeUnit.S, "1618678073.123456789")).isEqualTo(1_618_678_073_123_456L);
        assertThat(micros(VenueTimeUnit.MS, "1636114682174")).isEqualTo(1_636_114_682_174_000L);
        assertThat(micros(VenueTimeUnit.MS, "1636114682174.5")).isEqualTo(1_636_114_682_174_500L);
        assertThat(micros(VenueTimeUnit.US, "1636114682174001")).isEqualTo(1_636_114_682_174_001L);
        assertThat(micros(VenueTimeUnit.US, "1636114682174001.9")).isEqualTo(1_636_114_682_174_001L);
        assertThat(micros(VenueTimeUnit.NS, "1636114682174001999")).isEqualTo(1_636_114_682_174_001L);
        assertThat(micros(VenueTimeUnit.NS, "0")).isZero();
        assertThat(micros(VenueTimeUnit.US, "9007199254740991")).isEqualTo(9_007_199_254_740_991L);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "-1", "+1", "1e3", "1.", ".5", " 1", "1 ", "abc", "0x1", "9007199254740992", "99999999999999999",
            "9999999999999999999",
        "99999999999999999999999999999999999999999", "1.5x", "1.5.5", "2024-01-01T00:00:00Z"})
    void shouldRejectInvalidTimes(final String text) {
        for (final VenueTimeUnit unit : new VenueTimeUnit[] {VenueTimeUnit.S, VenueTimeUnit.US}) {
            assertThat(micros(unit, text)).as("%s of %s", unit, text).isEqualTo(VenueTimeUnit.NONE);
        }
    }

    @Test
    void shouldReadDates() {
        assertThat(micros(VenueTimeUnit.RFC3339, "1970-01-01T00:00:00Z")).isZero();
        assertThat(micros(VenueTimeUnit.RFC3339, "2021-07-22T22:25:41.123456789Z")).isEqualTo(1_626_992_741_123_456L);
        assertThat(micros(VenueTimeUnit.RFC3339, "2021-07-22T22:25:41.5Z")).isEqualTo(1_626_992_741_500_000L);
        assertThat(micros(VenueTimeUnit.RFC3339, "2021-07-23T00:25:41+02:00")).isEqualTo(1_626_992_741_000_000L);
        assertThat(micros(VenueTimeUnit.RFC3339, "2021-07-22 16:55:41.000-05:30")).isEqualTo(1_626_992_741_000_000L);
        assertThat(micros(VenueTimeUnit.RFC3339, "2024-02-29t23:59:60z"))
            .isEqualTo(Instant.parse("2024-03-01T00:00:00Z").toEpochMilli() * 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "2021-07-22T22:25:41", "2021-07-22T22:25Z", "2021-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
            "2021-13-01T00:00:00Z",
        "2021-00-01T00:00:00Z",
        "2021-01-00T00:00:00Z", "2021-01-01T24:00:00Z", "2021-01-01T00:60:00Z", "2021-01-01T00:00:61Z",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00", "2021-01-01T00:00:00.Z", "2021-01-01T00:00:00+0100", "2021-01-01T00:00:00+24:00",
        "2021-1-01T00:00:00Z",
        "x021-01-01T00:00:00Z", "2021-01-01T00:00:00ZZ", "20210101T00:00:00.000Z", "2021-01-01T00:0a:00Z",
        "2021-01-01T00:00:00.12x4Z", ""})
    void shouldTakeNoTimeFromBadDates(final String text) {
        assertThat(micros(VenueTimeUnit.RFC3339, text)).isEqualTo(VenueTimeUnit.NONE);
    }

    @Test
    void shouldReadDatesWithoutAZoneAsUtc() {
        assertThat(micros(VenueTimeUnit.UTC, "2021-07-22T22:25:41")).isEqualTo(1_626_992_741_000_000L);
        assertThat(micros(VenueTimeUnit.UTC, "2021-07-22 22:25:41.5")).isEqualTo(1_626_992_741_500_000L);
        for (final String wrong : new String[] {"2021-07-22T22:25:41Z", "2021-07-22T22:25:41+02:00",
            "2021-07-22T22:25", "2021-07-22T22:25:41.", "2021-07-22T22:25:4x"}) {
            assertThat(micros(VenueTimeUnit.UTC, wrong)).as(wrong).isEqualTo(VenueTimeUnit.NONE);
        }
    }

    @Test
    void shouldAgreeWithTheClassLibrary() {
        final Random random = seeds.random();
        for (int i = 0; i < 20_000; i++) {
            final long second = 100_000 + (long) (random.nextDouble() * 7_000_000_000L);
            final Instant instant = Instant.ofEpochSecond(second, random.nextInt(1_000_000_000));
            final String text =
                OffsetDateTime.ofInstant(instant, ZoneOffset.ofTotalSeconds(60 * (random.nextInt(1_400) - 700)))
                .toString();
            if (text.length() >= "2021-01-01T00:00:00Z".length() + 1) {
                assertThat(micros(VenueTimeUnit.RFC3339, text)).as(text)
                    .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, instant));
            }
        }
    }

    private static long micros(final VenueTimeUnit unit, final String text) {
        final byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.US_ASCII);
        return unit.micros(bytes, 1, bytes.length - 2);
    }
}
