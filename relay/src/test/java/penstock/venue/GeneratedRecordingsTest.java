package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.book.BookSide;
import penstock.book.UpstreamBook;
import penstock.config.VenueName;
import penstock.ring.UpdateSlice;
import penstock.testkit.VenueSpelling;
import penstock.venue.generated.GeneratedRecording;
import penstock.venue.spec.ChannelSpec;

/**
 * Every venue file reads its own recording, which the generator wrote with books, numbers and checksums of its
 * own; {@code candle} is of a minute at each venue. {@code -Dpenstock.recordings.write=true} writes the files again
 * after a change of the generator.
 */
class GeneratedRecordingsTest {
    private static final Path FOLDER = Path.of("src/test/resources/recordings");
    private static final int MAX_BYTES = 20 * 1024;

    static List<String> venues() {
        return GeneratedRecording.venues();
    }

    @Test
    void shouldExistForEveryVenueFile() {
        assertThat(venues()).containsExactlyInAnyOrderElementsOf(VenueName.BUILT_IN);
    }

    @ParameterizedTest
    @MethodSource("venues")
    void shouldBeTheFilesOfTheResources(final String name) throws IOException {
        final GeneratedRecording recording = GeneratedRecording.complete(name);
        if (Boolean.getBoolean("penstock.recordings.write")) {
            recording.save(FOLDER);
        }
        final String remedy = "the generator has changed; -Dpenstock.recordings.write=true writes the file again";
        assertThat(FOLDER.resolve(name + ".jsonl")).as(remedy).hasContent(recording.lines());
        assertThat(FOLDER.resolve(name + ".rx")).as(remedy).hasContent(recording.times());
        assertThat(Files.size(FOLDER.resolve(name + ".jsonl"))).isLessThan(MAX_BYTES);
    }

    @ParameterizedTest
    @MethodSource("venues")
    void shouldBeReadByTheVenueFile(final String name) {
        final GeneratedRecording recording = GeneratedRecording.complete(name);
        final Reading reading = new Reading(recording);
        reading.check(recording);
        assertThat(reading.counts.getOrDefault("gap", 0)).as("gaps").isEqualTo(recording.gaps());
        for (int rule = 0; rule < reading.venue.rules().size(); rule++) {
            assertThat(reading.venue.counts().matched(rule)).as(reading.venue.rules().get(rule)).isPositive();
        }
        assertThat(reading.channels).containsExactlyInAnyOrderElementsOf(
            reading.venue.channels().stream().map(ChannelSpec::name).toList());
    }

    @ParameterizedTest
    @MethodSource("venues")
    void shouldHaveNoTroubleInAHealthySession(final String name) {
        final GeneratedRecording recording = GeneratedRecording.healthy(name, 300);
        final Reading reading = new Reading(recording);
        reading.check(recording);
        assertThat(reading.counts).doesNotContainKeys("gap", "NACK", "ERROR", "FATAL", "SHARD", "ROLLOVER");
    }

    /** What the venue file makes of a recording. */
    private static final class Reading extends VenueLog {
        private final Venue venue;
        private final FeedBooks checksums;
        private final Map<String, Integer> topics = new HashMap<>();
        private final Map<String, UpstreamBook> books = new HashMap<>();
        private final Set<String> channels = new TreeSet<>();
        private int wrongChecksums;

        Reading(final GeneratedRecording recording) {
            this(recording, VenueSpelling.load(recording.venue(), name -> "test"));
        }

        private Reading(final GeneratedRecording recording, final Venue venue) {
            super(venue);
            this.venue = venue;
            checksums = new FeedBooks(venue);
            recording.frames().forEach(frame -> venue.onRecorded(frame, 0, frame.length, this));
        }

        /** The books are the generator's, the checksums are right, and nothing is left over. */
        private void check(final GeneratedRecording recording) {
            assertThat(counts).doesNotContainKeys("unmatched", "not json", "undecodable", "duplicate", "bad number");
            assertThat(venue.counts().badTimes()).as("bad times").isZero();
            assertThat(venue.counts().badLevels()).as("bad levels").isZero();
            assertThat(wrongChecksums).as("wrong checksums").isZero();
            recording.books().forEach((topic, levels) ->
                assertThat(levels(topic)).as(topic).containsExactlyElementsOf(levels));
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs, final UpdateSlice slices) {
            super.onUpdate(channel, symbol, symbolOffset, symbolLength, timeUs, slices);
            final String name = venue.channels().get(channel).name();
            final String topic = name + " " + new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            channels.add(name);
            assertThat(venue.symbols().problem(topic.substring(name.length() + 1))).as(topic).isNull();
            if (name.startsWith("candle")) {
                assertThat(values.get(values.size() - 1)).as(topic).startsWith("{\"open\":")
                    .endsWith(",\"interval\":\"" + (name.equals("candle") ? "1m" : name.substring(7)) + "\"}");
            }
            if (slices.levels != null) {
                final FeedBooks.Outcome outcome =
                    checksums.apply(channel, topics.computeIfAbsent(topic, each -> topics.size()), slices, true);
                wrongChecksums += outcome == FeedBooks.Outcome.WHOLE ? 0 : 1;
                books.computeIfAbsent(topic, each -> new UpstreamBook(venue.book(channel).truncate()))
                    .apply(slices.kind, slices.levels);
            }
        }

        private List<String> levels(final String topic) {
            final List<String> lines = new ArrayList<>();
            add("b ", books.get(topic).book().bids(), lines);
            add("a ", books.get(topic).book().asks(), lines);
            return lines;
        }

        private static void add(final String prefix, final BookSide side, final List<String> lines) {
            for (int i = 0, left = side.live(); left > 0; i++) {
                final int level = side.slot(i);
                if (side.isLive(level)) {
                    left--;
                    lines.add(prefix + text(side, side.priceOffset(level), side.priceLength(level)) + " "
                        + text(side, side.sizeOffset(level), side.sizeLength(level)));
                }
            }
        }

        private static String text(final BookSide side, final int offset, final int length) {
            return new String(side.text(), offset, length, StandardCharsets.US_ASCII).replaceAll("^-|\"", "");
        }
    }
}
