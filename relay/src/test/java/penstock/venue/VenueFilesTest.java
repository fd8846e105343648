package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.config.VenueName;
import penstock.ring.ConflationClass;
import penstock.testkit.VenueSpelling;
import penstock.time.RateSpec;
import penstock.venue.replay.ReplaySpec;
import penstock.venue.spec.AckSpec;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.SubscribeSpec;

/** The venue files that come with the relay, on messages written for these tests. */
class VenueFilesTest {
    private final Venue binance = load("binance");
    private final Venue traderMade = load("tradermade-v1");
    private final Venue json = load("json");
    private final Venue demo = load("demo");

    @Test
    void shouldListEveryBuiltInFile() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../config/venues"))) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".conf", "")))
                .containsExactlyInAnyOrderElementsOf(VenueName.BUILT_IN);
        }
        for (final String name : VenueName.BUILT_IN) {
            assertThat(load(name).name()).isEqualTo(name);
            final ChannelSpec first = load(name).channels().get(0);
            assertThat(first).as(name)
                .isEqualTo(new ChannelSpec(first.name(), ConflationClass.LAST_VALUE, true, first.firstValueMs(),
                    first.silenceMs()));
        }
    }

    /** A venue may leave a message unanswered that is too large for it, as Binance does from about 4 KB on. */
    @Test
    void shouldLimitTheBytesOfEveryMessageOfSeveralSymbols() throws IOException {
        for (final String name : VenueName.BUILT_IN) {
            final String file = Files.readString(Path.of("../config/venues/" + name + ".conf"));
            if (file.contains("  batch = ") && !file.contains("  batch = 1\n")
                    && !load(name).subscribe().replacesConnection()) {
                assertThat(file).as(name).contains("  max-bytes = ");
            }
        }
    }

    @Test
    void shouldReadQuotesOfBinanceWithAndWithoutATime() {
        final VenueLog log = new VenueLog(binance).text(
            "{'stream':'ltcusdt@bookTicker','data':{'u':4001,'s':'LTCUSDT','b':'71.10','B':'3','a':'71.20','A':'4'}}",
            "{'stream':'ltcusdt@bookTicker','data':{'e':'bookTicker','u':4002,'s':'LTCUSDT','b':'71.10',"
                + "'E':1700000000123}}");
        assertThat(log.lines).containsExactly(
            "update quote LTCUSDT - {'u':4001,'s':'LTCUSDT','b':'71.10','B':'3','a':'71.20','A':'4'}",
            "update quote LTCUSDT 1700000000123000 "
                + "{'e':'bookTicker','u':4002,'s':'LTCUSDT','b':'71.10','E':1700000000123}");
        assertThat(log.payloads.get(0)).startsWith("{'stream':").endsWith("'4'}}");
    }

    @Test
    void shouldDistinguishTheOtherStreamsOfBinance() {
        final VenueLog log = new VenueLog(binance).text(
            event("ltcusdt@ticker", "24hrTicker"), event("ltcusdt@miniTicker", "24hrMiniTicker"),
            event("ltcusdt@kline_1h", "kline").replace("'s'", "'k':{'i':'1h'},'s'"),
            event("ltcusdt@kline_3d", "kline"), event("ltcusdt@markPrice@1s", "markPriceUpdate"),
            event("ltcusdt@trade", "trade"),
            event("ltcusdt@aggTrade", "aggTrade"), event("ltcusdt@depth@100ms", "depthUpdate"),
            event("ltcusdt@forceOrder", "forceOrder"),
            event("!serverShutdown", "serverShutdown"));
        assertThat(log.lines).extracting(line -> line.replaceAll(" (1700000000123000|-) .*", "")).containsExactly(
            "update ticker LTCUSDT", "update mini-ticker LTCUSDT", "update candle-1h LTCUSDT", "IGNORED",
            "update mark LTCUSDT",
            "update trade LTCUSDT", "update agg-trade LTCUSDT", "update book LTCUSDT", "unmatched", "ROLLOVER");
    }

    @Test
    void shouldDistinguishTheAnswersOfBinance() {
        final VenueLog log = new VenueLog(binance).text(
            "{'result':null,'id':1}", "{'result':['ltcusdt@trade'],'id':2}", "{'error':{'code':2,'msg':'no'},'id':3}",
            "{'code':2,'msg':'no','id':3}", "{'stream':'ltcusdt@bookTicker','data':{'u':1}}", "{'strange':1}",
            "Connected");
        assertThat(log.lines).containsExactly("ACK", "ACK", "NACK", "NACK", "unmatched", "unmatched", "not json at 0");
    }

    @Test
    void shouldSubscribeAtBinanceInBatches() {
        final SubscribeSpec subscribe = binance.subscribe();
        assertThat(subscribe.messages(List.of("quote", "candle"), List.of("LTCUSDT", "btcusdt"), 7))
            .containsExactly(quoted(
            "{'method':'SUBSCRIBE','params':['ltcusdt@bookTicker','btcusdt@bookTicker','ltcusdt@kline_1m',"
                + "'btcusdt@kline_1m'],'id':7}"));
        final List<String> symbols = Stream.iterate(0, i -> i + 1).limit(401).map(i -> "S" + i).toList();
        final List<String> many = subscribe.messages(List.of("quote"), symbols, 1);
        assertThat(many).hasSize(3);
        assertThat(many.get(2)).isEqualTo(quoted("{'method':'SUBSCRIBE','params':['s400@bookTicker'],'id':3}"));
        assertThat(subscribe.messages(List.of("quote"), List.of(), 1)).isEmpty();
        assertThat(matches(subscribe.ack(), "{'result':null,'id':1}")).isTrue();
        assertThat(matches(subscribe.ack(), "{'stream':'a','id':1}")).isFalse();
    }

    @Test
    void shouldPlayBinance() {
        final ReplaySpec replay = binance.replay();
        assertThat(replay.onOpen()).isEmpty();
        assertThat(replay.startsOnPath("/stream?streams=ltcusdt@bookTicker")).isTrue();
        assertThat(replay.startsOnPath("/stream")).isFalse();
        assertThat(answer(replay, "{'method':'SUBSCRIBE','params':['a'],'id':'x\\n'}"))
            .isEqualTo(new ReplaySpec.Answer(List.of(quoted("{'result':null,'id':'x\\n'}")), true));
        assertThat(answer(replay, "{'method':'UNSUBSCRIBE','id':12}"))
            .isEqualTo(new ReplaySpec.Answer(List.of(quoted("{'result':null,'id':12}")), false));
        assertThat(answer(replay, "{'id':12}").texts()).singleElement().asString().contains("\"error\"")
            .endsWith("\"id\":12}");
        assertThat(answer(replay, "what?")).isEqualTo(ReplaySpec.Answer.SILENCE);
    }

    @Test
    void shouldReadQuotesOfTraderMade() {
        final VenueLog log = new VenueLog(traderMade).text(
            "Connected", "{'symbol':'EURUSD','ts':'1636114682174','bid':1.10,'ask':1.20,'mid':1.1500001}",
            "User Key Used to many times",
            "{'symbol':'EURUSD','ts':'soon','bid':1}");
        assertThat(log.lines).containsExactly("SESSION",
            "update quote EURUSD 1636114682174000 "
                + "{'symbol':'EURUSD','ts':'1636114682174','bid':1.10,'ask':1.20,'mid':1.1500001}",
            "not json at 0", "update quote EURUSD - {'symbol':'EURUSD','ts':'soon','bid':1}");
        assertThat(traderMade.counts().badTimes()).isEqualTo(1);
    }

    @Test
    void shouldLogInToTraderMade() {
        assertThat(traderMade.session()).hasToString("[AwaitText[text=Connected, timeoutMs=10000]]");
        assertThat(traderMade.subscribe().messages(List.of("quote"), List.of("EURUSD", "GBPUSD"), 1))
            .containsExactly(quoted("{'userKey':'a \\\\ key','symbol':'EURUSD,GBPUSD'}"));
        assertThat(traderMade.missingVariables()).isEmpty();
    }

    @Test
    void shouldNameAMissingSecret() {
        final Venue venue = Venue.load("tradermade-v1", name -> null);
        assertThat(venue.missingVariables()).containsExactly("TRADERMADE_KEY");
        assertThatThrownBy(() -> venue.subscribe().messages(List.of("quote"), List.of("EURUSD"), 1))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("TRADERMADE_KEY is not set");
    }

    @Test
    void shouldPlayTraderMade() {
        final ReplaySpec replay = traderMade.replay();
        assertThat(replay.onOpen()).containsExactly("Connected");
        assertThat(replay.startsOnPath("/feedadv")).isFalse();
        assertThat(answer(replay, "{'userKey':'k','symbol':'EURUSD'}"))
            .isEqualTo(new ReplaySpec.Answer(List.of(), true));
        assertThat(answer(replay, "{'userKey':'k'}").starts()).isFalse();
    }

    @Test
    void shouldReadAnyFlatQuote() {
        final VenueLog log = new VenueLog(json).text(
            "{'symbol':'EURUSD','s':'x','bid':1.10}", " {'s':'caf\\u00e9'} ", "{'sym':7}", "{'instrument':'A'}",
            "{'pair':'EUR/USD'}", "{'name':'A'}", "[1]", "{'symbol':''}", "{'symbol':null,'pair':'P'}");
        assertThat(log.lines).containsExactly(
            "update quote EURUSD - {'symbol':'EURUSD','s':'x','bid':1.10}", "update quote café - {'s':'caf\\u00e9'}",
            "update quote 7 - {'sym':7}", "update quote A - {'instrument':'A'}",
            "update quote EUR/USD - {'pair':'EUR/USD'}",
            "unmatched", "unmatched", "unmatched", "update quote P - {'symbol':null,'pair':'P'}");
        assertThat(log.payloads.get(1)).isEqualTo(" {'s':'caf\\u00e9'} ");
        assertThat(json.subscribe().isUnsupported()).isTrue();
        assertThat(json.subscribe().messages(List.of("quote"), List.of("EURUSD"), 1)).isEmpty();
        assertThat(json.replay().startsOnPath("/")).isTrue();
    }

    @Test
    void shouldValidateUtf8InBinaryFrames() {
        final VenueLog log = new VenueLog(json);
        final byte[] good = quoted("{'s':'é'}").getBytes(StandardCharsets.UTF_8);
        final byte[] bad = quoted("{'s':'é'}").getBytes(StandardCharsets.ISO_8859_1);
        json.onBinary(good, 0, good.length, 0, log);
        json.onBinary(bad, 0, bad.length, 0, log);
        binance.onBinary(good, 0, good.length, 0, log);
        assertThat(log.lines).containsExactly("update quote é - {'s':'é'}", "not json at 6", "unmatched");
    }

    @Test
    void shouldReadQuotesOfTheDemo() {
        assertThat(new VenueLog(demo)
            .text("{'symbol':'EURUSD','time':1795197922737123,'quote':{'bid':1.10342,'ask':1.10344}}").lines)
            .containsExactly("update quote EURUSD 1795197922737123 {'bid':1.10342,'ask':1.10344}");
        assertThat(new VenueLog(demo).text("{'symbol':'EURUSD'}").lines).containsExactly("unmatched");
    }

    @Test
    void shouldReadTheConnectionSettings() {
        assertThat(binance.connection().endpoint().urls()).hasSize(2)
            .allMatch(url -> url.text().startsWith("wss://stream.binance.com"));
        assertThat(binance.connection().idle()).isEqualTo(new ConnectionSpec.Idle(70_000, 60_000));
        assertThat(binance.connection().reconnect()).isEqualTo(new ConnectionSpec.Reconnect(1_000, 60_000, 30_000));
        assertThat(binance.connection().rates())
            .isEqualTo(new ConnectionSpec.Rates(new RateSpec(5, 1_000, 250), true, new RateSpec(300, 300_000, 0)));
        assertThat(binance.connection().timing().lifetimeMs()).isEqualTo((23 * 60 + 45) * 60_000);
        assertThat(binance.connection().framing().maxFrameBytes()).isEqualTo(4 << 20);
        assertThat(json.connection().endpoint().urls()).isEmpty();
        assertThat(json.connection().framing().deflate()).isTrue();
    }

    /** JSON in this test uses single quotes for readability. */
    private static String quoted(final String json) {
        return json.replace('\'', '"');
    }

    private static String event(final String stream, final String type) {
        return "{'stream':'" + stream + "','data':{'e':'" + type + "','E':1700000000123,'s':'LTCUSDT'}}";
    }

    private static Venue load(final String name) {
        return Venue.load(name, VenueSpelling.VERBATIM,
            Map.of("TRADERMADE_KEY", "a \\ key")::get);
    }

    private static boolean matches(final AckSpec ack, final String message) {
        final byte[] bytes = quoted(message).getBytes(StandardCharsets.UTF_8);
        return ack.match().matches(bytes, 0, bytes.length);
    }

    private static ReplaySpec.Answer answer(final ReplaySpec replay, final String message) {
        final byte[] bytes = quoted(" " + message).getBytes(StandardCharsets.UTF_8);
        return replay.answer(bytes, 1, bytes.length - 1);
    }
}
