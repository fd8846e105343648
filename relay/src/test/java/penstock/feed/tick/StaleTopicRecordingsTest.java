package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.testkit.ManualClock;
import penstock.testkit.VenueSpelling;
import penstock.time.OpenHours;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;
import penstock.venue.Venue;
import penstock.venue.VenueLog;
import penstock.venue.spec.ChannelSpec;

/** The silence limits of the venue files, on recordings at their own rate. */
class StaleTopicRecordingsTest {
    /** No topic is muted. */
    private static final String NONE = "";

    static List<RecordedFeed> feeds() {
        return Recordings.all();
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void shouldReportNoRecordedTopicWithTheLimitsOfTheVenueFiles(final RecordedFeed feed) {
        final Venue venue = VenueSpelling.load(feed.venue(), name -> "test");
        assertThat(silent(venue, venue.channels(), feed, NONE)).isEmpty();
    }

    @Test
    void shouldReportTheOneTopicThatStopsHalfway() {
        final Venue venue = VenueSpelling.load("binance", name -> "test");
        final List<ChannelSpec> channels = venue.channels().stream()
            .map(channel -> new ChannelSpec(channel.name(), channel.conflation(), channel.isDefault(),
                0, channel.name().equals("quote") ? 2_000 : 0)).toList();
        final RecordedFeed feed = Recordings.generated("binance");
        assertThat(silent(venue, channels, feed, NONE)).isEmpty();
        assertThat(silent(venue, channels, feed, "quote ETHUSDT")).containsExactly("quote ETHUSDT");
    }

    /** The reported topics while {@code muted} has no updates in the second half. */
    private static List<String> silent(final Venue venue, final List<ChannelSpec> channels, final RecordedFeed feed,
            final String muted) {
        final List<byte[]> frames = feed.frames();
        final List<Long> at = feed.timesNs();
        final ManualClock clock = new ManualClock();
        final List<String> silent = new ArrayList<>();
        final Map<String, Integer> numbers = new HashMap<>();
        final List<String> names = new ArrayList<>();
        final StaleTopicDetector staleTopics = new StaleTopicDetector(clock, channels, OpenHours.ALWAYS, topic -> 0,
            topic -> silent.add(names.get(topic)));
        staleTopics.start();
        final VenueLog log = new VenueLog(venue);
        final long firstNs = at.get(0);
        long passedMs = 0;
        for (int i = 0; i < frames.size(); i++) {
            final long untilMs = (at.get(i) - firstNs) / 1_000_000;
            clock.advance(Math.max(0, untilMs - passedMs));
            passedMs = Math.max(passedMs, untilMs);
            venue.onRecorded(frames.get(i), 0, frames.get(i).length, log);
            for (final String line : log.lines) {
                final String[] words = line.split(" ", 4);
                final String name = words.length < 3 ? NONE : words[1] + " " + words[2];
                if (words[0].equals("update") && !(name.equals(muted) && i > frames.size() / 2)) {
                    final int topic = numbers.computeIfAbsent(name, any -> numbers.size());
                    if (topic == names.size()) {
                        names.add(name);
                    }
                    staleTopics.onUpdate(venue.channel(words[1]), topic, clock.nowNs());
                }
            }
            log.lines.clear();
            log.payloads.clear();
        }
        return silent;
    }
}
