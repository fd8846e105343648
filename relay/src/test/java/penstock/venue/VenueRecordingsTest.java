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
import org.junit.jupiter.params.provider.CsvSource;
import penstock.venue.spec.PayloadCodec;

/** Interprets recorded feeds; another JSON parser supplies the expected counts. */
@Tag("slow")
class VenueRecordingsTest {
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
        "kraken-v1, kraken/v1-book1000-20210417",
        "kraken-v1, kraken/v1-ticker-20210417",
        "kraken-v1, kraken/v1-trade-20210417",
        "kraken-v2, kraken/v2-btcusd_l2",
        "okx, okx/okcoin-v5-20230527",
        "polygon, polygon/derived-lean-equities-20131007-0930",
        "tradermade-v1, tradermade/v1-derived-lean-oanda-fx-20140507"})
    void shouldInterpretEveryRecordedFrame(final String venueName, final String recording) {
        final Venue venue = Venue.load(venueName, name -> "test");
        final VenueLog log = new VenueLog(venue);
        final Function<JsonTree, List<String>> topics = RecordedTopics.of(venueName);
        final Map<String, Integer> expected = new TreeMap<>();
        for (final byte[] frame : Recordings.frames(recording)) {
            if (venue.connection().framing().payload() == PayloadCodec.Kind.NONE) {
                venue.onText(frame, 0, frame.length, 0, log);
            } else {
                final byte[] binary = Gzip.of(frame);
                venue.onBinary(binary, 0, binary.length, 0, log);
            }
            topics.apply(JsonTree.of(frame)).forEach(topic -> expected.merge(topic, 1, Integer::sum));
        }
        assertThat(log.counts).isEqualTo(expected);
        assertThat(venue.counts().badTimes()).isZero();
        assertThat(venue.counts().badLevels()).isZero();
    }

    @Test
    void shouldReadTheBinaryFramesOfHuobi() {
        final Path file =
            Path.of(Recordings.file("huobi/spot-gzip-20210417").toString().replace(".jsonl.gz", ".frames.b64.gz"));
        final Venue venue = Venue.load("huobi", name -> "test");
        final VenueLog log = new VenueLog(venue);
        final List<byte[]> plain = Recordings.frames("huobi/spot-gzip-20210417");
        final Function<JsonTree, List<String>> topics = RecordedTopics.of("huobi");
        final Map<String, Integer> expected = new TreeMap<>();
        int i = 0;
        for (final byte[] line : Recordings.lines(file)) {
            final byte[] frame = Base64.getDecoder().decode(line);
            venue.onBinary(frame, 0, frame.length, 0, log);
            topics.apply(JsonTree.of(plain.get(i++))).forEach(topic -> expected.merge(topic, 1, Integer::sum));
        }
        assertThat(i).isEqualTo(plain.size()).isPositive();
        assertThat(log.counts).isEqualTo(expected);
    }

    @Test
    void shouldPublishTheReceivedBytesUnchanged() {
        final Venue venue = Venue.load("binance", name -> "test");
        final VenueLog log = new VenueLog(venue);
        for (final byte[] frame : Recordings.frames("binance/spot-btc-eth-20240809-first12k").subList(0, 3)) {
            venue.onText(frame, 0, frame.length, 0, log);
        }
        assertThat(log.lines.get(2)).isEqualTo("update quote BTCUSDT - "
            + log.payloads.get(2)
            .substring(log.payloads.get(2).indexOf("'data':") + 7, log.payloads.get(2).length() - 1));
    }
}
