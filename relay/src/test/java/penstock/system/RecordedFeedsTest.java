package penstock.system;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.replay.ReplaySpeed;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;

/**
 * The main job on recorded feeds: the real ones, without them the generated. Half a minute passes in ten seconds, two
 * hours of FX too; {@code -Dpenstock.recorded.pace=1} plays them as they were.
 */
@Tag("slow")
class RecordedFeedsTest {
    private static final String PACE = System.getProperty("penstock.recorded.pace", "3");
    private static final String FX_PACE = System.getProperty("penstock.recorded.pace", "720");

    static List<RecordedFeed> feeds() {
        return Stream.of("binance", "tradermade-v1").map(Recordings::realFirst).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @Tag("gate")
    @MethodSource("feeds")
    void shouldRelayAtItsPace(final RecordedFeed feed) throws Exception {
        run(feed, ReplaySpeed.parse(feed.name().startsWith("tradermade/") ? FX_PACE : PACE), Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void shouldRelayAtFullSpeed(final RecordedFeed feed) throws Exception {
        run(feed, ReplaySpeed.MAX, Duration.ofSeconds(1));
    }

    private static boolean isBinance(final RecordedFeed feed) {
        return feed.venue().equals("binance");
    }

    private static void run(final RecordedFeed feed, final ReplaySpeed speed, final Duration stall)
            throws Exception {
        final List<byte[]> frames = feed.frames();
        final ExpectedValues expected = isBinance(feed) ? ExpectedValues.binance(frames) : ExpectedValues.flat(frames);
        final Duration limit = Duration.ofSeconds((long) (60 + 7200 / Double.parseDouble(FX_PACE)));
        new ReplayedFeed(feed.venue(), feed.file(), expected).run(speed, stall, limit);
    }
}
