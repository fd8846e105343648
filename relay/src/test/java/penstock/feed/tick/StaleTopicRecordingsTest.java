package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.ManualClock;
import penstock.time.OpenHours;
import penstock.venue.Recordings;
import penstock.venue.Venue;
import penstock.venue.VenueLog;
import penstock.venue.spec.ChannelSpec;

/** The silence limits of the venue files, on recordings at their own rate. */
class StaleTopicRecordingsTest {
    /** No topic is muted. */
    private static final String NONE = "";

    @ParameterizedTest
    @CsvSource({
        "alpaca, alpaca/derived-lean-equities-20131007-0930",
        "binance, binance/spot-btc-eth-20240809-first12k",
        "binance, binance/usdm-combined-20210722",
        "bitfinex, bitfinex/v2-20210417",
        "bitmex, bitmex/realtime-20210722",
        "bitstamp, bitstamp/v2-20220105",
        "coinbase-exchange, coinbase/pro-10sym-20210417",
        "deribit, deribit/v2-options-20210722",
        "huobi, huobi/spot-gzip-20210417",
        "kraken-v1, kraken/v1-ticker-20210417",
        "kraken-v2, kraken/v2-btcusd_l2",
        "okx, okx/okcoin-v5-20230527",
        "polygon, polygon/derived-lean-equities-20131007-0930",
        "tradermade-v1, tradermade/v1-derived-lean-oanda-fx-20140507"})
    void shouldReportNoRecordedTopicWithTheLimitsOfTheVenueFiles(final String venueName,
    final String recording) {
        final Venue venue = Venue.load(venueName, name -> "test");
        assertThat(silent(venue, venue.channels(), recording, NONE)).isEmpty();
    }

    @Test
    void shouldReportTheOneTopicThatStopsHalfway() {
        final Venue venue = Venue.load("binance", name -> "test");
        final List<ChannelSpec> channels = venue.channels().stream()
            .map(channel -> new ChannelSpec(channel.name(), channel.conflation(), channel.isDefault(),
                channel.name().equals("quote") ? 2_000 : 0)).toList();
        final String recording = "binance/spot-btc-eth-20240809-first12k";
        assertThat(silent(venue, channels, recording, NONE)).isEmpty();
        assertThat(silent(venue, channels, recording, "quote ETHUSDT")).containsExactly("quote ETHUSDT");
    }

    /** The reported topics while {@code muted} has no updates in the second half. */
    private static List<String> silent(final Venue venue, final List<ChannelSpec> channels, final String recording,
            final String muted) {
        final List<byte[]> frames = Recordings.frames(recording);
        final Path times = Path.of(Recordings.file(recording).toString().replace(".jsonl.gz", ".rx.gz"));
        final List<byte[]> at = Recordings.lines(times);
        final ManualClock clock = new ManualClock();
        final List<String> silent = new ArrayList<>();
        final Map<String, Integer> numbers = new HashMap<>();
        final List<String> names = new ArrayList<>();
        final StaleTopicDetector staleTopics = new StaleTopicDetector(clock, channels, OpenHours.ALWAYS, topic -> 0,
            topic -> silent.add(names.get(topic)));
        staleTopics.start();
        final VenueLog log = new VenueLog(venue);
        final long firstNs = Long.parseLong(Recordings.text(at.get(0)));
        long passedMs = 0;
        for (int i = 0; i < frames.size(); i++) {
            final long untilMs = (Long.parseLong(Recordings.text(at.get(i))) - firstNs) / 1_000_000;
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
