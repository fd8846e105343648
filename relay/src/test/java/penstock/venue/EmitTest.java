package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.config.VenueSettings;

/** Fields that a rule chooses: right and wrong use of each word. Messages use single quotes for readability. */
class EmitTest {
    private static final String FILE = """
        name = x
        channels { quote { default = true }, trade { class = event }, candle {}, own {}, mark { class = merge }, book { class = order-book } }
        messages { rules = [
        { name = a, match { "$" = "*" }, key = "$/s", %s }
        ] }
        """;

    @Test
    void shouldPublishTheFieldsInTheOrderOfTheChannelAndTakeQuotesOffNumbers() {
        assertThat(quote("emit { askSize = \"$/d/A\", bid = \"$/d/b\", bidSize = \"$/d/B\", ask = \"$/d/a\" }",
            "{'s':'A','d':{'b':'71.10','B':31.210,'a':'7.12E1','A':'4.6'}}"))
            .isEqualTo("{'bid':71.10,'ask':7.12E1,'bidSize':31.210,'askSize':4.6}");
    }

    @Test
    void shouldOrderFieldsOfItsOwnByName() {
        assertThat(own("emit { z = \"$/z\", b = \"$/b\", m = \"mid(z, b)\", a = \"$/a\" }",
            "{'s':'A','z':1,'b':2,'a':3}")).isEqualTo("{'a':3,'b':2,'z':1,'m':1.5}");
    }

    @Test
    void shouldLeaveOutWhatIsAbsentNullOrEmpty() {
        final String emit = "emit { bid = \"$/b\", ask = \"$/a\", bidSize = \"$/B\" }";
        assertThat(quote(emit, "{'s':'A','b':1}")).isEqualTo("{'bid':1}");
        assertThat(quote(emit, "{'s':'A','b':null,'a':2,'B':''}")).isEqualTo("{'ask':2}");
    }

    @Test
    void shouldPublishNothingWithoutAnyRequiredField() {
        final VenueLog log = log("emit { bid = \"$/b\", ask = \"$/a\", bidSize = \"$/B\", side = \"=buy\" }")
            .text("{'s':'A','B':1}", "{'s':'A','b':'','a':null}", "{'s':'A'}", "{'s':'A','a':2}");
        assertThat(log.lines).containsExactly("unmatched", "unmatched", "unmatched",
            "update quote A - {'ask':2,'side':'buy'}");
    }

    @Test
    void shouldTakeTheFirstPlaceThatHasAValue() {
        final String emit = "emit { bid = [\"$/b\", \"$/c | split('@', 1)\"], ask = \"$/a\" }";
        assertThat(quote(emit, "{'s':'A','b':1,'c':'x@2'}")).isEqualTo("{'bid':1}");
        assertThat(quote(emit, "{'s':'A','b':'','c':'x@2'}")).isEqualTo("{'bid':2}");
    }

    @Test
    void shouldWriteConstants() {
        assertThat(own("emit { p = \"$/p\", a = \"=buy\", b = 10, c = true, d = \"=1.50\", e = \"=say \\\"hi\\\"\" }",
            "{'s':'A','p':1}")).isEqualTo("{'a':'buy','b':10,'c':true,'d':1.50,'e':'say \\'hi\\'','p':1}");
    }

    @Test
    void shouldKeepIdsAndIntervalsAsText() {
        final String trade = "channel = trade, emit { price = \"$/p\", id = \"$/i\", side = \"$/m | lookup({'true':'sell',"
            + "'false':'buy'})\" }";
        assertThat(value(trade, "{'s':'A','p':'1.0','i':1773021600123456789,'m':true}"))
            .isEqualTo("{'price':1.0,'side':'sell','id':'1773021600123456789'}");
        assertThat(value("channel = candle, emit { open = \"$/o\", interval = 1, closed = \"$/x | lookup({'1':'true',"
            + "'0':'false'})\" }", "{'s':'A','o':5,'x':'0'}")).isEqualTo("{'open':5,'closed':false,'interval':'1'}");
    }

    @Test
    void shouldConvertTimesToMilliseconds() {
        final String candle = "channel = candle, emit { open = \"$/o\", start = \"$/t | ms(%s)\" }";
        assertThat(value(candle.formatted("s"), "{'s':'A','o':5,'t':1700000000.123456}"))
            .isEqualTo("{'open':5,'start':1700000000123}");
        assertThat(value(candle.formatted("ns"), "{'s':'A','o':5,'t':'1700000000123456789'}"))
            .isEqualTo("{'open':5,'start':1700000000123}");
        assertThat(value(candle.formatted("rfc3339"), "{'s':'A','o':5,'t':'2023-11-14T22:13:20.5Z'}"))
            .isEqualTo("{'open':5,'start':1700000000500}");
        assertThat(value(candle.formatted("ms"), "{'s':'A','o':5,'t':0}")).isEqualTo("{'open':5}");
    }

    @Test
    void shouldKeepTextThatLooksLikeANumberIfAsked() {
        assertThat(own("emit { a = \"$/a | text\", b = \"$/a\", c = \"$/c | text\", d = \"$/d | upper | text\" }",
            "{'s':'A','a':'007','c':12,'d':'1e'}")).isEqualTo("{'a':'007','b':'007','c':'12','d':'1E'}");
        assertThat(own("emit { a = \"$/a | text\", b = \"$/a\" }", "{'s':'A','a':'7'}"))
            .isEqualTo("{'a':'7','b':7}");
    }

    @Test
    void shouldCopyArraysObjectsAndEscapes() {
        assertThat(own("emit { a = \"$/a\", b = \"$/b\", c = \"$/c\", d = \"$/c | upper\" }",
            "{'s':'A','a':[1, 'x'],'b':{'k':null},'c':'a\\n\\u00e9\\\\'}"))
            .isEqualTo("{'a':[1, 'x'],'b':{'k':null},'c':'a\\u000aé\\\\','d':'A\\u000aÉ\\\\'}");
    }

    @Test
    void shouldCountAndLeaveOutValuesOfAnotherType() {
        final VenueLog log = log("emit { bid = \"$/b\", ask = \"$/a\" }")
            .text("{'s':'A','b':'N/A','a':1}", "{'s':'A','b':true,'a':1}", "{'s':'A','b':[1],'a':1}",
            "{'s':'A','b':'01','a':1}");
        assertThat(log.lines).containsOnly("update quote A - {'ask':1}");
        assertThat(log.venue().counts().badValues()).isEqualTo(4);
        final VenueLog trades = log("channel = trade, emit { price = \"$/p\", side = \"$/S\" }")
            .text("{'s':'A','p':1,'S':'BUY'}", "{'s':'A','p':1,'S':'sell'}");
        assertThat(trades.lines).containsExactly("update trade A - {'price':1}",
            "update trade A - {'price':1,'side':'sell'}");
        assertThat(trades.venue().counts().badValues()).isOne();
    }

    @Test
    void shouldComputeTheMiddleAndTheSpread() {
        final String emit = "emit { bid = \"$/b\", ask = \"$/a\", mid = \"mid(bid, ask)\", "
            + "spread = \"spread( bid , ask )\" }";
        assertThat(quote(emit, "{'s':'A','b':'71.10','a':'71.2'}"))
            .isEqualTo("{'bid':71.10,'ask':71.2,'mid':71.15,'spread':0.10}");
        assertThat(quote(emit, "{'s':'A','b':'1.23e-3','a':2}"))
            .isEqualTo("{'bid':1.23e-3,'ask':2,'mid':1.000615,'spread':1.99877}");
        assertThat(quote(emit, "{'s':'A','b':'1'}")).isEqualTo("{'bid':1}");
        assertThat(quote(emit, "{'s':'A','b':1,'a':1e999}")).isEqualTo("{'bid':1,'ask':1e999}");
    }

    @Test
    void shouldCopyANullOfClassMergeAndIgnoreAChangeOfOtherFields() {
        final VenueLog log = log("channel = mark, kind = \"$/k\", emit { mark = \"$/m\", index = \"$/i\" }")
            .text("{'s':'A','k':'snapshot','m':'1','i':2}", "{'s':'A','k':'delta','i':null}",
            "{'s':'A','k':'delta','x':3}", "{'s':'A','k':'snapshot','x':3}");
        assertThat(log.lines).containsExactly("update mark A - {'mark':1,'index':2} SNAPSHOT",
            "update mark A - {'index':null} DELTA", "IGNORED", "unmatched");
    }

    @Test
    void shouldPublishTheVenuesOwnValueIfTheFeedWantsThat() {
        final String rule = "emit { bid = \"$/d/b\", ask = \"$/d/a\" }, emit-venue = \"$/d\"";
        final String frame = "{'s':'A','d':{'b':'1', 'x':2}}";
        assertThat(new VenueLog(venue(rule, VenueSettings.Values.VENUE)).text(frame).lines)
            .containsExactly("update quote A - {'b':'1', 'x':2}");
        final VenueLog log = log(rule).text(frame);
        assertThat(log.lines).containsExactly("update quote A - {'bid':1}");
        assertThat(log.payloads).containsExactly(frame);
    }

    @Test
    void shouldReadTheElementsOfAnArray() {
        final VenueLog log = log("each = \"$/d/*\", emit { bid = \"@/0\", ask = \"@/1\", own = \"$/x\" }", "{ name = a, match { \"$\" = \"*\" }, key = \"@/2\", %s }");
        log.text("{'x':'y','d':[[1,2,'A'],['3','4','B'],[null,null,'C']]}");
        assertThat(log.lines).containsExactly("update quote A - {'bid':1,'ask':2,'own':'y'}",
            "update quote B - {'bid':3,'ask':4,'own':'y'}", "unmatched");
    }

    @Test
    void shouldPublishOneMessageInSeveralChannels() {
        final VenueLog log = log("ts { at = \"$/t\", unit = ms }, channel = own, emit { last = \"$/l\" }, "
            + "also = [ { channel = quote, emit { bid = \"$/b\" } }, { channel = mark, kind = snapshot, key = \"$/k\", "
            + "emit { mark = \"$/m\" } } ]").text("{'s':'A','t':1700000000007,'l':1,'b':2}", "{'s':'A','k':'K','m':3}",
            "{'s':'A'}");
        assertThat(log.lines).containsExactly("update own A 1700000000007000 {'last':1}",
            "update quote A 1700000000007000 {'bid':2}", "update mark K - {'mark':3} SNAPSHOT", "unmatched");
        assertThat(problems("also = [ { emit { bid = \"$/b\" } } ]")).containsExactly(
            "messages.rules[0].also[0].channel: is missing; name the channel that this message is for, too");
    }

    @Test
    void shouldSayWhatIsWrongWithAField() {
        assertThat(problems("emit { bid = \"$/b\", ask = buy, bidsize = \"$/B\", \"a b\" = \"$/x\", "
            + "mid = \"mid(bid)\" }"))
            .containsExactly(
                "messages.rules[0].emit.ask: must be an expression like $/data/b, a list of them, a constant like =buy,"
                + " a number, true, false, mid(bid, ask) or spread(bid, ask), got buy",
                "messages.rules[0].emit.\"a b\": is no name of a field; use letters, digits, _ and -",
                "messages.rules[0].emit.bidsize: must be written bidSize",
                "messages.rules[0].emit.mid: must name two fields, like mid(bid, ask), got mid(bid)");
        assertThat(problems("emit { bid = \"$/b\", ask = \"max(bid, ask)\", mid = \"mid(bid, offer)\", spread = "
            + "\"spread(mid, bid)\" }")).containsExactly(
                "messages.rules[0].emit.ask: only mid(bid, ask) and spread(bid, ask) are computed, got max(bid, ask)",
                "messages.rules[0].emit.mid: must be computed from fields of this emit that are not computed, "
                + "got offer",
                "messages.rules[0].emit.spread: must be computed from fields of this emit that are not computed, "
                + "got mid");
        assertThat(problems("emit { bid = [], ask = \"$/a | text\", bidSize = \"=many\", askSize = \"@/x\" }"))
            .containsExactlyInAnyOrder(
                "messages.rules[0].emit.bid: is empty; name the place of the value, like $/data/b",
                "messages.rules[0].emit.ask: has the filter text, but in channel quote it is always a number; "
                + "remove the filter",
                "messages.rules[0].emit.bidSize: must be a number in channel quote, got many",
                "messages.rules[0].emit.askSize: '@' needs each, and this rule has none; begin with '$', got @/x");
        assertThat(problems("emit { side = \"=buy\" }")).containsExactly(
            "messages.rules[0].emit: has no field from the message; add one, like bid = \"$/data/b\"");
    }

    @Test
    void shouldSayWhatIsWrongAroundAnEmit() {
        assertThat(problems("emit = \"$/d\", emit-venue = \"$/d\"")).containsExactly(
            "messages.rules[0].emit-venue: stands beside emit { … } only; write the place to emit itself");
        assertThat(problems("emit { bid = \"$/b\" }, emit-venue = \"$/d | upper\"")).containsExactly(
            "messages.rules[0].emit-venue: must be a pointer without filters: the bytes are published unchanged, got "
            + "$/d | upper; or emit-venue = frame");
        assertThat(problems("channel = book, kind = snapshot, book { bids = \"$/b\", asks = \"$/a\", level = [0, 1] }, "
            + "emit { bid = \"$/b\" }")).containsExactly(
                "messages.rules[0].emit: must not choose fields: channel book is order-book, and publishes the levels "
                + "that book names");
    }

    @Test
    void shouldSayWhatIsWrongWithItsFilters() {
        assertThat(problems("emit { bid = \"$/b | ms(minutes)\" }")).containsExactly(
            "messages.rules[0].emit.bid: filter 'ms(minutes)' must be ms(unit) with one of s, ms, us, ns, rfc3339, "
            + "utc, fix: the unit in which the venue writes the time");
        assertThat(problems("emit { bid = \"$/b | text | upper\" }")).containsExactly(
            "messages.rules[0].emit.bid: the filter text stands last, in a field of emit { … } only");
        assertThat(problems("ts { at = \"$/t | text\", unit = ms }")).containsExactly(
            "messages.rules[0].ts.at: the filter text stands last, in a field of emit { … } only");
    }

    @Test
    void shouldCountFieldsThatWereNeverFound() {
        final Venue venue = venue("emit { bid = \"$/b\", ask = \"$/wrong\", bidSize = \"$/B\" }",
            VenueSettings.Values.NORMALISED);
        final RecordingCheck check = new RecordingCheck(venue, line -> { });
        final byte[] frame = "{\"s\":\"A\",\"b\":1}".getBytes(StandardCharsets.UTF_8);
        check.onRecorded(frame, 0, frame.length);
        assertThat(check.problems()).containsExactly("rule a: emit.ask $/wrong was not found in 1 messages");
        assertThat(check.notes()).contains("rule a: emit.bidSize $/B was not found in 1 messages");
    }

    private static String quote(final String emit, final String frame) {
        return value(emit, frame);
    }

    private static String own(final String emit, final String frame) {
        return value("channel = own, " + emit, frame);
    }

    /** The published value, behind channel, symbol and time. */
    private static String value(final String rule, final String frame) {
        final String line = log(rule).text(frame).lines.get(0);
        return line.substring(line.indexOf(" - ") + 3);
    }

    private static VenueLog log(final String rule) {
        return new VenueLog(venue(rule, VenueSettings.Values.NORMALISED));
    }

    private static VenueLog log(final String rule, final String whole) {
        final String file = FILE.substring(0, FILE.indexOf('[') + 1) + whole.formatted(rule) + "] }";
        return new VenueLog(VenueReader.read(new StringReader(file), "v.conf", name -> null));
    }

    private static Venue venue(final String rule, final VenueSettings.Values values) {
        return VenueReader.read(new StringReader(FILE.formatted(rule)), "v.conf", new VenueSettings(Map.of(), values),
            name -> null);
    }

    private static List<String> problems(final String rule) {
        return catchThrowableOfType(ConfigException.class, () -> venue(rule, VenueSettings.Values.NORMALISED))
            .problems().stream().map(EmitTest::text).toList();
    }

    private static String text(final Problem problem) {
        return problem.path() + ": " + problem.message();
    }
}
