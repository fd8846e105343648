package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.testkit.VenueSpelling;
import penstock.venue.spec.PayloadCodec;

/** Interprets recorded feeds; another JSON parser supplies the expected counts. */
@Tag("slow")
class VenueRecordingsTest {
    static List<RecordedFeed> feeds() {
        return Recordings.all();
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void shouldInterpretEveryRecordedFrame(final RecordedFeed feed) {
        final Venue venue = Venue.load(feed.venue(), VenueSpelling.VERBATIM, name -> "test");
        final boolean isText = venue.connection().framing().payload() == PayloadCodec.Kind.NONE;
        final VenueLog log = new VenueLog(venue);
        for (final byte[] frame : feed.frames()) {
            if (isText) {
                venue.onText(frame, 0, frame.length, 0, log);
            } else {
                final byte[] binary = Gzip.of(frame);
                venue.onBinary(binary, 0, binary.length, 0, log);
            }
        }
        assertThat(log.counts).isEqualTo(expected(feed));
        assertThat(venue.counts().badTimes()).isZero();
        assertThat(venue.counts().badLevels()).isZero();
    }

    /** As the venue compressed them, where they were recorded. */
    @Test
    void shouldReadTheBinaryFramesOfHuobi() {
        for (final RecordedFeed feed : Recordings.of("huobi")) {
            final Path file = Path.of(feed.file().toString().replace(".jsonl.gz", ".frames.b64.gz"));
            final List<byte[]> frames = file.equals(feed.file()) ? feed.frames().stream().map(Gzip::of).toList()
                : Recordings.lines(file).stream().map(line -> Base64.getDecoder().decode(line)).toList();
            final Venue venue = Venue.load("huobi", VenueSpelling.VERBATIM, name -> "test");
            final VenueLog log = new VenueLog(venue);
            frames.forEach(frame -> venue.onBinary(frame, 0, frame.length, 0, log));
            assertThat(log.counts).as(feed.name()).isEqualTo(expected(feed));
        }
    }

    @Test
    void shouldPublishTheReceivedBytesUnchanged() {
        final Venue venue = Venue.load("binance", VenueSpelling.VERBATIM, name -> "test");
        int quotes = 0;
        for (final byte[] frame : Recordings.generated("binance").frames()) {
            final VenueLog log = new VenueLog(venue);
            venue.onText(frame, 0, frame.length, 0, log);
            final String text = Recordings.text(frame).replace('"', '\'');
            if (text.contains("@bookTicker")) {
                quotes++;
                assertThat(log.payloads).containsExactly(text);
                assertThat(log.lines).singleElement().asString().startsWith("update quote ")
                    .endsWith(" " + text.substring(text.indexOf("'data':") + 7, text.length() - 1));
            }
        }
        assertThat(quotes).isPositive();
    }

    private static Map<String, Integer> expected(final RecordedFeed feed) {
        final Function<byte[], List<String>> topics = RecordedTopics.of(feed.venue());
        final Map<String, Integer> expected = new TreeMap<>();
        feed.frames().forEach(frame ->
            topics.apply(frame).forEach(topic -> expected.merge(topic, 1, Integer::sum)));
        return expected;
    }
}
