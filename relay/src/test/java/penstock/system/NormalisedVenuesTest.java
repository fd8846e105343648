package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.config.VenueName;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;
import penstock.venue.Venue;
import penstock.venue.generated.GeneratedRecording;
import penstock.venue.spec.ChannelSpec;

/**
 * One program shows every venue. What it must show was read off the frames by hand, and by a script that shares nothing
 * with the relay: the newest quotes, candles and marks, the first trades, and the best levels at the end, in
 * {@code golden-venues.txt}. Binance, Bitstamp and MEXC serve their books over HTTP, which a recording does not: see
 * {@link FetchedBooksTest}. HTX is asked for one book after the other, and its recording has the answer to the first
 * request. Real recordings are played where there are some ({@link Recordings}); what they show is in
 * {@code golden-recordings.txt}.
 */
@Tag("slow")
class NormalisedVenuesTest {
    /** The rounds of the files in the test resources. */
    private static final int ROUNDS = 40;
    private static final String NAMES = "feed.spelling=normalised";
    private static final Map<String, List<String>> GOLDEN = golden("/golden-venues.txt");
    private static final Map<String, List<String>> REAL = golden("/golden-recordings.txt");

    @TempDir
    private Path folder;

    /** The venues, for recordings of ours, and the real recordings that there are. */
    static List<RecordedFeed> feeds() {
        return Stream.concat(GOLDEN.keySet().stream().map(venue -> new RecordedFeed(venue, venue, null)),
            Recordings.real().stream()).toList();
    }

    @Test
    void shouldCoverEveryShippedVenue() {
        assertThat(GOLDEN).containsOnlyKeys(VenueName.BUILT_IN);
    }

    @Test
    void shouldCoverEveryRealRecording() {
        assertThat(Recordings.real()).as("none on some machines").allMatch(feed -> REAL.containsKey(feed.name()));
    }

    @ParameterizedTest
    @Tag("gate")
    @MethodSource("feeds")
    void shouldShowWhatTheFramesSay(final RecordedFeed feed) throws Exception {
        final String name = feed.venue();
        final Path recording =
            feed.file() == null ? GeneratedRecording.healthy(name, ROUNDS).save(folder) : feed.file();
        final List<String> golden = feed.file() == null ? GOLDEN.get(name) : REAL.get(feed.name());
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig(name, "ws://127.0.0.1:" + port + "/",
                settings(feed, golden.get(0).split(" ")[1]));
                MarketProgram program = new MarketProgram(rig.relay.port())) {
            await("the subscriptions").atMost(Duration.ofSeconds(10)).until(program::isReady);
            try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                .venue(VenueFileScript.load(name)).port(port).speed(ReplaySpeed.MAX))) {
                await("the end").atMost(Duration.ofSeconds(20)).until(replay::isFinished);
                await("what the frames say").atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(program.shown()).containsAll(golden));
            }
            assertThat(rig.relay.telemetry().sum(Counter.FEED_UNMATCHED)).isZero();
        }
    }

    /** All channels that the program might want, and a symbol that the venue takes. */
    private static String[] settings(final RecordedFeed feed, final String symbol) {
        final Venue venue = Venue.load(feed.venue(), variable -> "secret");
        final List<String> channels = venue.channels().stream().map(ChannelSpec::name)
            .filter(MarketProgram.CHANNELS::contains).toList();
        final Stream<String> requests = venue.subscribe().isUnsupported() ? Stream.of("feed.symbols=[]")
            : Stream.of("feed.channels=[" + String.join(",", channels) + "]", "feed.symbols=[\"" + symbol + "\"]");
        return Stream.of(requests, Stream.of(NAMES), RecordedVenuesTest.depth(feed)).flatMap(each -> each)
            .toArray(String[]::new);
    }

    /** By name of the venue or of the recording. */
    private static Map<String, List<String>> golden(final String resource) {
        final Map<String, List<String>> golden = new TreeMap<>();
        try (InputStream stream = NormalisedVenuesTest.class.getResourceAsStream(resource)) {
            List<String> lines = List.of();
            for (final String line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.startsWith("= ")) {
                    lines = new ArrayList<>();
                    golden.put(line.substring(2), lines);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return golden;
    }
}
