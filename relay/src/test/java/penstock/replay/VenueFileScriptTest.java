package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.ConfigException;
import penstock.testkit.Patience;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;
import penstock.websocket.Opcode;

class VenueFileScriptTest {
    @Test
    void shouldAnswerLikeBinance() {
        final VenueScript binance = VenueFileScript.load("binance");
        assertThat(binance.onOpen()).isEmpty();
        assertThat(binance.startsOnPath("/stream")).isFalse();
        assertThat(binance.startsOnPath("/stream?streams=btcusdt@bookTicker")).isTrue();
        final VenueScript.Answer answer = say(binance,
            "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@bookTicker\"],\"id\":12345678901234567890}");
        assertThat(answer.starts()).isTrue();
        assertThat(answer.texts()).containsExactly("{\"result\":null,\"id\":12345678901234567890}");
        assertThat(say(binance, "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":3}").starts()).isFalse();
    }

    @Test
    void shouldAnswerLikeTraderMade() {
        final VenueScript tradermade = VenueFileScript.load("tradermade-v1");
        assertThat(tradermade.onOpen()).containsExactly("Connected");
        assertThat(tradermade.startsOnPath("/feedadv")).isFalse();
        assertThat(say(tradermade, "hello").starts()).isFalse();
        assertThat(say(tradermade, "{\"userKey\":\"k\",\"symbol\":\"EURUSD\",\"fmt\":\"JSON\"}").starts()).isTrue();
    }

    @Test
    void shouldStartAtOnceForAVenueWithoutSubscriptions() {
        assertThat(VenueFileScript.load("demo").startsOnPath("/")).isTrue();
    }

    @Test
    void shouldRejectWithTheVenuesErrors() {
        final VenueScript binance = VenueFileScript.load("binance", List.of("NOPEUSDT"));
        final VenueScript.Answer no = say(binance,
            "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\",\"nopeusdt@trade\"],\"id\":7}");
        assertThat(no.texts())
            .containsExactly("{\"error\":{\"code\":2,\"msg\":\"Invalid request: unknown symbol\"},\"id\":7}");
        assertThat(no.starts()).isFalse();
        assertThat(say(binance, "{\"method\":\"SUBSCRIBE\",\"params\":[\"nopeusdt2@trade\"],\"id\":8}").starts())
            .isTrue();
        final VenueScript huobi = VenueFileScript.load("huobi", List.of("nopeusdt"));
        assertThat(say(huobi, "{\"sub\":\"market.nopeusdt.bbo\",\"id\":\"3\"}").texts()).singleElement().asString()
            .contains("\"status\":\"error\"", "\"id\":\"3\"", "invalid symbol");
    }

    @Test
    void shouldAnswerEachOfSeveralSymbols() {
        final VenueScript kraken = VenueFileScript.load("kraken-v1", List.of("NO/PE"));
        final VenueScript.Answer answer = say(kraken,
            "{\"event\":\"subscribe\",\"pair\":[\"XBT/USD\",\"NO/PE\",\"ETH/USD\"],"
                + "\"subscription\":{\"name\":\"ticker\"}}");
        assertThat(answer.starts()).isTrue();
        assertThat(answer.texts()).hasSize(3);
        assertThat(answer.texts().get(0)).contains("\"pair\":\"XBT/USD\",\"status\":\"subscribed\"");
        assertThat(answer.texts().get(1)).contains("\"pair\":\"NO/PE\",\"status\":\"error\"", "not supported");
        assertThat(answer.texts().get(2)).contains("\"pair\":\"ETH/USD\",\"status\":\"subscribed\"");
        final VenueScript bitmex = VenueFileScript.load("bitmex");
        assertThat(say(bitmex, "{\"op\":\"subscribe\",\"args\":[\"quote:A\",\"quote:B\"]}").texts()).containsExactly(
            "{\"success\":true,\"subscribe\":\"quote:A\",\"request\":{\"op\":\"subscribe\",\"args\":[\"quote:A\","
                + "\"quote:B\"]}}",
            "{\"success\":true,\"subscribe\":\"quote:B\",\"request\":{\"op\":\"subscribe\",\"args\":[\"quote:A\","
                + "\"quote:B\"]}}");
    }

    @Test
    void shouldOmitUnknownSymbolsLikeDeribit() {
        final VenueScript deribit = VenueFileScript.load("deribit", List.of("NOPE"));
        final VenueScript.Answer some = say(deribit,
            "{\"id\":1,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"quote.NOPE\","
                + "\"quote.BTC-PERPETUAL\"]}}");
        assertThat(some.texts()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"quote.BTC-PERPETUAL\"]}");
        assertThat(some.starts()).isTrue();
        final VenueScript.Answer none = say(deribit,
            "{\"id\":2,\"method\":\"public/subscribe\",\"params\":{\"channels\":[\"quote.NOPE\"]}}");
        assertThat(none.texts()).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":[]}");
        assertThat(none.starts()).isFalse();
    }

    @Test
    void shouldReadSymbolsFromOneText() {
        final VenueScript polygon = VenueFileScript.load("polygon", List.of("NOPE"));
        assertThat(say(polygon, "{\"action\":\"subscribe\",\"params\":\"Q.SPY,Q.NOPE\"}").texts())
            .containsExactly("[{\"ev\":\"status\",\"status\":\"error\",\"message\":\"not authorized: Q.NOPE\"}]");
    }

    @Test
    void shouldNameTheBuiltInVenues() {
        assertThatThrownBy(() -> VenueFileScript.load("nasdaq")).isInstanceOf(ConfigException.class)
            .hasMessageContaining("binance");
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldPlayARecordingByteForByte() throws IOException {
        for (final RecordedFeed feed : Recordings.of("binance")) {
            play(feed, "{\"method\":\"SUBSCRIBE\",\"params\":[\"x\"],\"id\":1}", "1:{\"result\":null,\"id\":1}");
        }
        for (final RecordedFeed feed : Recordings.of("tradermade-v1")) {
            play(feed, "{\"userKey\":\"k\",\"symbol\":\"EURUSD\"}", "1:Connected");
        }
    }

    private static void play(final RecordedFeed feed, final String subscribe, final String firstFrame)
            throws IOException {
        final ReplayServer.Options options = ReplayServer.Options.of(feed.file()).speed(ReplaySpeed.MAX)
            .venue(VenueFileScript.load(feed.venue()));
        try (ReplayServer server = ReplayServer.start(options);
             RawClient client = new RawClient(server.port(), "/feed", 64 * 1024)) {
            client.write(Opcode.TEXT, subscribe);
            assertThat(client.read()).isEqualTo(firstFrame);
            int number = 0;
            for (final byte[] line : feed.frames()) {
                number++;
                final String expected = "1:" + Recordings.text(line);
                if (!expected.equals(client.read())) {
                    throw new AssertionError(feed + ":" + number + " came out differently");
                }
            }
        }
    }

    private static VenueScript.Answer say(final VenueScript venue, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return venue.answer(bytes, 0, bytes.length);
    }
}
