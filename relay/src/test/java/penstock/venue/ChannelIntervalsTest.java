package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.venue.spec.ChannelSpec;

/** A model venue with candles of several intervals, written once. */
class ChannelIntervalsTest {
    private static final String FILE = """
        name = model
        channels { candle { default = true, %s }, quote {} }
        subscribe { message = "{topics|json}", topic { candle = "k.{interval}.{symbol}", quote = "q.{symbol}" } }
        messages { rules = [
          { name = quote, match { "$/ch" = q }, channel = quote, key = "$/s" }
          { name = candle, match { "$/ch" = "k.{interval}" }, channel = candle, key = "$/s"
            emit { close = "$/c", volume = "$/v", open = "$/o", interval = "={interval-name}" } }
          { name = more, match { "$/d" = "type:array" }, each = "$/d/*", rules = [
            { name = inner, match { "@/i" = "{interval}" }, channel = candle, key = "@/s", emit { close = "@/c" } } ] }
        ] }
        """;

    @Test
    void shouldMakeAChannelOfEachInterval() {
        final Venue venue = venue("interval = 1m, intervals { 1m = 1min, 1h = 60min, 1d = 1day }");
        assertThat(venue.channels().stream().map(ChannelSpec::name))
            .containsExactly("candle", "candle-1d", "candle-1h", "quote");
        assertThat(venue.subscribe().messages(List.of("candle", "candle-1h", "quote"), List.of("A"), 1))
            .containsExactly("[\"k.1min.A\",\"k.60min.A\",\"q.A\"]");
        final VenueLog log = new VenueLog(venue);
        log.text("{'ch':'k.1min','s':'A','c':1}", "{'ch':'k.60min','s':'A','c':2}", "{'ch':'k.5min','s':'A','c':3}",
            "{'ch':'q','s':'A'}", "{'d':[{'i':'1day','s':'A','c':4}]}");
        assertThat(log.counts).containsEntry("candle A", 1).containsEntry("candle-1h A", 1)
            .containsEntry("candle-1d A", 1).containsEntry("quote A", 1).containsEntry("unmatched", 1);
        assertThat(log.values.get(1)).isEqualTo("{\"close\":2,\"interval\":\"1h\"}");
    }

    @Test
    void shouldHaveTheFieldsOfCandlesForEachInterval() {
        final VenueLog log = new VenueLog(venue("interval = 1m, intervals { 1m = 1min, 1h = 60min }"));
        log.text("{'ch':'k.1min','s':'A','v':'7','o':'1.50','c':'1.60'}", "{'ch':'k.60min','s':'A','v':'7','o':'1.50','c':'1.60'}",
            "{'ch':'k.1min','s':'A','v':'7'}", "{'ch':'k.60min','s':'A','v':'7'}");
        assertThat(log.values).containsExactly("{\"open\":1.50,\"close\":1.60,\"volume\":7,\"interval\":\"1m\"}",
            "{\"open\":1.50,\"close\":1.60,\"volume\":7,\"interval\":\"1h\"}");
        assertThat(log.counts).as("without any price").containsEntry("unmatched", 2);
    }

    @Test
    void shouldLimitTheMessagesOfEachInterval() {
        final Venue venue = VenueReader.read(new StringReader(FILE.formatted("interval = 1m, intervals { 1m = 1min, 1h = 60min }")
            .replace("message = \"{topics|json}\"", "message { candle = \"c {topics}\", quote = \"q {topics}\" }, batch { candle = 1 }")), "v.conf",
            name -> null);
        assertThat(venue.subscribe().messages(List.of("candle", "candle-1h", "quote"), List.of("A", "B"), 1))
            .containsExactly("c k.1min.A", "c k.1min.B", "c k.60min.A", "c k.60min.B", "q q.A,q.B");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "intervals { 1m = 1min }; v.conf:2: channels.candle.interval: must be one of intervals [1m]: that of channel candle",
        "interval = 2m, intervals { 1m = 1min }; that of channel candle, got 2m",
        "interval = 1m, intervals = 1m; v.conf:2: channels.candle.intervals: must be an object like { 1m = 1min, 1h = 60min }",
        "interval = 1m, intervals { 1m = a, minute = b }; v.conf:2: channels.candle.intervals: must have names like 1m",
        "interval = 1m; v.conf:2: channels.candle.interval: has no effect without intervals"})
    void shouldRefuseMistakes(final String written, final String message) {
        assertThatThrownBy(() -> venue(written)).hasMessageContaining(message);
    }

    @Test
    void shouldNameTheLineOfAMistakeInARepeatedRule() {
        assertThatThrownBy(() -> VenueReader.read(new StringReader(FILE
            .formatted("interval = 1m, intervals { 1m = 1min, 1h = 60min }").replace("\"$/c\"", "\"c\"")), "v.conf",
            name -> null)).hasMessageContaining("v.conf:7: messages.rules[1].emit.close: ")
            .hasMessageContaining("v.conf:7: messages.rules[2].emit.close: ");
    }

    private static Venue venue(final String written) {
        return VenueReader.read(new StringReader(FILE.formatted(written)), "v.conf", name -> null);
    }
}
