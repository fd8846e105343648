package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.Problem;

/** Problems that the reader reports in unusable venue files. */
class VenueProblemsTest {
    private static final String FILTERS = "; filters after a bar: upper, lower, json, raw or join(,); read at each "
        + "login: file:PATH, exec:COMMAND, http:FETCH/VALUE";
    private static final String GOOD = """
        name = x
        channels { quote { default = true } }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
        """;

    @Test
    void shouldAcceptTheSmallestFile() {
        assertThat(read(GOOD).name()).isEqualTo("x");
    }

    @Test
    void shouldReportAllProblemsAtOnceWithTheirLines() {
        assertThat(problems("""
            name = x
            chanels {}
            connection { urls = ["http://a"], framez = text }
            channels {
              quote { default = true }
              trade { class = event }
              book { default = true }
            }
            messages {
              text = [ { equals = hi } ]
              rules = [
                { name = a, match { "$/s" = "~[a" }, key = "s" }
                { name = a, match { "$/s" = "*" }, key = "$/s | uper", channel = tade }
                { name = b, match { "$/s~2" = "*", "@/x" = 1 }, key = "$/s", ts { at = "$/t", unit = minutes } }
                { name = c, match { "$/s" = "type:thing" }, key = "$/*/s", emit = "$/a | upper" }
                { name = d, match {}, as = ack, key = "$/s" }
                { name = e, match { "$/s" = [] }, as = dta }
                { match { "$/s" = "*" }, each = "$/a", seq { rule = increment } }
              ]
            }
            """)).containsExactly(
                "v.conf:2: chanels: unknown key; did you mean channels?",
                "v.conf:3: connection.urls: must begin with ws:// or wss://, got http://a",
                "v.conf:3: connection.framez: unknown key; did you mean frames?",
                "v.conf:5: channels.quote: is default, and so is book; keep one of them",
                "v.conf:10: messages.text[0].as: must name the meaning of the text: ack, nack, heartbeat, session, "
                    + "ignore, "
                    + "error, fatal, rollover, evicted",
                "v.conf:12: messages.rules[0].match.\"$/s\": bad regular expression '[a': Unclosed character class "
                    + "near character 1",
                "v.conf:12: messages.rules[0].key: must be '$' and a JSON pointer like $/data/s, got s",
                "v.conf:13: messages.rules[1].name: duplicate name a; names identify rules in counters and messages",
                "v.conf:13: messages.rules[1].key: unknown filter 'uper'; known filters: upper, lower, split(sep, i), "
                    + "re(regex), default(x), "
                    + "lookup({'a':'b'}), map(name, field), ms(unit)",
                "v.conf:13: messages.rules[1].channel: must be one of the channels quote, book, trade, got tade",
                "v.conf:14: messages.rules[2].match.\"$/s~2\": '~' in a pointer is written ~0 (and '/' in a key ~1), "
                    + "got \"/s~2\"",
                "v.conf:14: messages.rules[2].match.\"@/x\": '@' needs each, and this rule has none; begin "
                    + "with '$', "
                    + "got @/x",
                "v.conf:14: messages.rules[2].ts.unit: must be one of s, ms, us, ns, rfc3339, utc, fix, got minutes",
                "v.conf:15: messages.rules[3].match.\"$/s\": unknown type 'thing'; known types: object, array, string, "
                    + "number, boolean, null",
                "v.conf:15: messages.rules[3].key: '*' in a pointer is allowed in each only, got $/*/s",
                "v.conf:15: messages.rules[3].emit: must be a pointer without filters: the bytes are published "
                    + "unchanged, got $/a | upper; "
                    + "or emit = frame",
                "v.conf:16: messages.rules[4].match: has no conditions and would match every message; if that is "
                    + "intended, write { \"$\" = \"*\" }",
                "v.conf:16: messages.rules[4].key: is for data only, but this rule has as = ack",
                "v.conf:17: messages.rules[5].match.\"$/s\": an empty list matches nothing; name the values that match",
                "v.conf:17: messages.rules[5].as: must be one of data, ack, nack, heartbeat, session, ignore, error, "
                    + "fatal, "
                    + "rollover, evicted, got dta",
                "v.conf:17: messages.rules[5].key: is missing; add a line: key = …",
                "v.conf:18: messages.rules[6].name: is missing; add a line: name = …",
                "v.conf:18: messages.rules[6].each: must be a pointer to all elements of an array or object, like $/data/* or "
                    + "$/events/*/updates/*, "
                    + "got $/a",
                "v.conf:18: messages.rules[6].key: is missing; add a line: key = …",
                "v.conf:18: messages.rules[6].seq.at: is missing; add a line: at = …");
    }

    @Test
    void shouldRequireADefaultChannelAndRules() {
        assertThat(problems("name = x\nchannels { quote { class = last-value } }\nmessages { rules = [] }"))
            .containsExactly(
            "v.conf:2: channels: must have a default: add default = true to one of quote",
            "v.conf:3: messages.rules: are empty: nothing would ever match");
        assertThat(problems("name = x")).hasSize(2);
    }

    @Test
    void shouldAllowASilenceLimitOnlyWhereItApplies() {
        assertThat(read(GOOD + "channels.quote.silence = 30s").channels().get(0).silenceMs()).isEqualTo(30_000);
        assertThat(read(GOOD).channels().get(0).silenceMs()).isZero();
        assertThat(problems(GOOD
            + "channels.quote.silence = 10ms\nchannels.trade { class = event, silence = 30s, silense = 1s }"))
            .containsExactly(
                "v.conf:4: channels.quote.silence: must be from 1s to 1d in whole milliseconds, got 10ms",
                "v.conf:5: channels.trade.silence: does not apply to class event: events have no schedule; remove it",
                "v.conf:5: channels.trade.silense: unknown key; did you mean silence?");
    }

    @Test
    void shouldRejectKeysThatThisVersionDoesNotSupport() {
        assertThat(problems(GOOD + "connection { reconnect { factor = 2 }, idle { open = [Sun] } }")).containsExactly(
            "v.conf:4: connection.idle.open: must be the start and end of the open hours of a week, in the time of "
                + "zone (UTC without it), like [\"Sun 22:00\", \"Fri 22:00\"]",
            "v.conf:4: connection.reconnect.factor: is not in this version; remove it");
    }

    @Test
    void shouldExplainWrongTextsAndPrefixes() {
        assertThat(problems(GOOD + """
            connection { strip = [""], split = line }
            heartbeat { replies = [ { matches = "a(", send = b } ] }
            messages.text = [
              { as = heartbeat }
              { equals = a, matches = b, as = heartbeat }
              { matches = "[", as = heartbeat }
              { matches = "\u00e9", as = heartbeat }
              { matches = "HB (?<id>.+)", as = ignore, send = "{id} {nr}" }
            ]
            """)).containsExactly(
                "v.conf:4: connection.split: must be one of none, lines, record-separator, documents, got line",
                "v.conf:4: connection.strip: has an empty text; name the characters before the JSON, like \"42\"",
                "v.conf:5: heartbeat.replies[0].matches: bad regular expression 'a(': Unclosed group near character 2",
                "v.conf:7: messages.text[0].equals: is missing; add a line: equals = \u2026, or a pattern: matches = \u2026",
                "v.conf:8: messages.text[1].matches: is set, and equals too; keep one of them",
                "v.conf:9: messages.text[2].matches: bad regular expression '[': Unclosed character class near "
                    + "character 0",
                "v.conf:10: messages.text[3].matches: must be ASCII, because it is compared with bytes; write . for "
                    + "others",
                "v.conf:11: messages.text[4].send: answers heartbeats; add as = heartbeat",
                "v.conf:11: messages.text[4].send: unknown {nr}; allowed here: env:NAME, env:NAME:-default, id, nowMs, "
                    + "now|UNIT, plugin:NAME" + FILTERS);
    }

    @Test
    void shouldCheckKeysPerChannel() {
        final String two = """
            name = x
            channels { quote { default = true }, trade { class = event }, book { class = order-book } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
            """;
        assertThat(problems(two + """
            subscribe { message { trade = "{topics}", bok = "{symbols}" }, unsubscribe { quote = "{symbols}" }
              topic { quote = q } }
            """)).containsExactly(
                "v.conf:4: subscribe.message.bok: is not one of the channels quote, book, trade",
                "v.conf:4: subscribe.unsubscribe: has no text for channel bok, which message has",
                "v.conf:4: subscribe.unsubscribe: has no text for channel trade, which message has",
                "v.conf:4: subscribe.message: has no text for channel quote, which is the default",
                "v.conf:5: subscribe.topic: must give the venue's topic name for channel trade: trade = \"{symbol}\"");
        assertThat(problems(GOOD + "subscribe { unsubscribe = \"{symbols}\", max-bytes = 1 }")).containsExactly(
            "v.conf:4: subscribe.unsubscribe: has no effect without message",
            "v.conf:4: subscribe.max-bytes: must be from 64 to 2147483647 bytes, got 1");
        assertThat(problems(GOOD + "subscribe { message = \"{symbols}\", unsubscribe { quote = \"{symbols}\" } }"))
            .containsExactly(
            "v.conf:4: subscribe.unsubscribe: must be one text, as message is");
        assertThat(problems(GOOD + "subscribe { message = \"{symbols}\", unsubscribe = u, mode = replace-connection }"))
            .containsExactly(
            "v.conf:4: subscribe.unsubscribe: has no effect: mode is replace-connection");
    }

    @Test
    void shouldCheckTheSubjectsOfAcks() {
        assertThat(problems(GOOD + """
            subscribe { message = "{symbols}", ack { match { "$/a" = 1 }, topic = [quotes, "{a} {$/b|raw}"], accepted = "$/a" } }
            """)).containsExactly(
                "v.conf:4: subscribe.ack.topic: must build the topic from the answer, like \"{$/channel} "
                    + "{$/symbol}\", got quotes",
                "v.conf:4: subscribe.ack.topic: unknown {a}; allowed here: $, env:NAME, env:NAME:-default, plugin:NAME"
                + FILTERS,
                "v.conf:4: subscribe.ack.accepted: needs mode = batch: one answer per message",
                "v.conf:4: subscribe.ack.accepted: must be a pointer to the elements of a list, like $/accepted/* or "
                    + "$/fails/*/symbol, got $/a");
        assertThat(problems(GOOD + """
            subscribe { message = "{symbols}", ack { match { "$/a" = 1 }, mode = batch, topic = "{$/b}" } }
            """))
            .containsExactly("v.conf:4: subscribe.ack.topic: needs mode = each: one answer per topic");
        assertThat(problems(GOOD + """
            subscribe { message = "{symbols}", ack { match { "$/a" = 1 }, mode = state, refused = "$/b/*" } }
            """))
            .containsExactly("v.conf:4: subscribe.ack.refused: needs mode = batch: one answer per message");
    }

    @Test
    void shouldCheckLimitsAcksAndHeartbeats() {
        assertThat(problems(GOOD + """
            connection { rate { permit = 5 }, connect-rate { permits = 0 }, lifetime = soon }
            subscribe { message = "{symbols}", ack { match { "$/a" = 1 }, mode = each }, rate { permits = 1, spacing = -1s } }
            heartbeat { send = ping, expect-text = pong, replies = [ { send = "{ping}" } ], evry = 1s }
            """)).containsExactly(
                "v.conf:4: connection.rate.permits: is missing; add a number and a period: { permits = 5, per = 1s }",
                "v.conf:4: connection.connect-rate.permits: must be a whole number from 1 to 100000, got 0",
                "v.conf:4: connection.lifetime: must be a duration like 250ms, 5s or 2m, from 0 to 30d, got soon",
                "v.conf:4: connection.rate.permit: unknown key; did you mean permits?",
                "v.conf:5: subscribe.ack.mode: is each, so correlate must point to the topic or symbol in the answer",
                "v.conf:5: subscribe.rate.spacing: must be from 0 to 1d in whole milliseconds, got -1s",
                "v.conf:6: heartbeat.every: is missing; add the interval: every = 20s",
                "v.conf:6: heartbeat.replies[0].match: has no conditions and would match every message; if that is "
                    + "intended, write { \"$\" = \"*\" }",
                "v.conf:6: heartbeat.replies[0].send: unknown {ping}; allowed here: $, "
                    + "env:NAME, env:NAME:-default, nowMs, now|UNIT, plugin:NAME" + FILTERS,
                "v.conf:6: heartbeat.evry: unknown key; did you mean every?");
        assertThat(problems(GOOD + """
            subscribe { message = "{symbols}", ack { mode = none, match { "$/a" = 1 } } }
            heartbeat { expect { "$/a" = 1 }, within = 1s }
            """)).containsExactly(
                "v.conf:4: subscribe.ack.mode: is none, so no answer is expected; remove match",
                "v.conf:5: heartbeat.expect: has no effect without send",
                "v.conf:5: heartbeat.within: has no effect without send");
    }

    @Test
    void shouldReportProblemsOfBooksSequencesAndElements() {
        assertThat(problems("""
            name = x
            channels { quote { default = true }, book { class = order-book }, all { class = merge } }
            frame-seq { rule = increment, at = "$/n", scope = key, start = -1 }
            messages { rules = [
              { name = a, match { "$/a" = "*" }, channel = book, key = "$/s" }
              { name = b, match { "$/a" = "*" }, channel = book, key = "$/s", kind = dleta, book { levels = "$/l", level = [0] } }
              { name = c, match { "$/a" = "*" }, key = "$/s", book { bids = "$/b" } }
              { name = d, match { "$/a" = "*" }, channel = all, key = "$/s | map(ids, symbol)", \
                seq { rule = prev, prev = "$/p", last = "$/l", reset-on = [x], start = 1 } }
              { name = e, match { "$/a" = "*" }, each = "$/d/*", key = "@/s", rules = [ { name = f, match { "@/*" = 1 }, key = "@/s" } ] }
              { name = g, match { "$/a" = "*" }, as = ack, each = "$/d/*", \
                classify = [ { match { "$/c" = 1 } } ], learn { map = m, id = "$/i" } }
              { name = h, match { "$/a" = "*" }, key = "$/s", classify = [ { do = nack } ] }
            ] }
            """)).containsExactly(
                "v.conf:3: frame-seq.scope: must be connection: frames have neither channel nor key",
                "v.conf:3: frame-seq.start: must be a whole number from 0 to 2147483647, got -1",
                "v.conf:4: messages.rules: use ids.symbol, which no rule learns",
                "v.conf:5: messages.rules[0].kind: is missing: channel book is order-book; name the messages that are "
                    + "snapshot and those that are delta",
                "v.conf:5: messages.rules[0].book: is missing: channel book is order-book; name the places of its "
                    + "levels",
                "v.conf:6: messages.rules[1].kind: must be one of snapshot, delta, full, remove, snapshot-first, or an "
                    + "expression that gives one, got dleta",
                "v.conf:6: messages.rules[1].book.level: must name the columns of price and size, like [0, 1] or "
                    + "[price, qty]",
                "v.conf:6: messages.rules[1].book.side: is missing; name the column of buy or sell, or use sign: a "
                    + "negative size is an ask",
                "v.conf:7: messages.rules[2].book: is for channels of class order-book, which quote is not",
                "v.conf:8: messages.rules[3].kind: is missing: channel all is merge; name the messages that are "
                    + "snapshot and those that are delta",
                "v.conf:8: messages.rules[3].seq.reset-on: must be a list of snapshot, delta, full, remove, got x",
                "v.conf:8: messages.rules[3].seq.start: is for numbers that each connection counts from there: rule "
                    + "increment or range, and scope connection; remove it",
                "v.conf:9: messages.rules[4].key: belongs in the inner rules",
                "v.conf:9: messages.rules[4].rules[0].match.\"@/*\": '*' in a pointer is allowed in each only, got @/*",
                "v.conf:10: messages.rules[5].learn.set: is empty; add the values to learn, like set { symbol = "
                    + "\"$/symbol\" }",
                "v.conf:10: messages.rules[5].classify[0].do: is missing; it is one of fatal, retry, nack, shard, "
                    + "evicted",
                "v.conf:10: messages.rules[5].each: is for data only, but this rule has as = ack",
                "v.conf:10: messages.rules[5].key: is missing; add a line: key = …",
                "v.conf:11: messages.rules[6].classify: is for errors; add as = error");
    }

    @Test
    void shouldCheckTheTemplates() {
        assertThat(problems(GOOD + """
            subscribe { message = "{\\"a\\":{topics|json},\\"b\\":{topix}}", topic { qote = "{sym}" } }
            session = [ { send = "{symbols}" }, { wait = 1s } ]
            replay { answers = [ { match { "$/a" = 1 }, send = "{$a}" } ] }
            """)).containsExactly(
                "v.conf:4: subscribe.message: unknown {topix}; allowed here: "
                    + "env:NAME, env:NAME:-default, id, nowMs, now|UNIT, plugin:NAME, symbols, "
                    + "topics" + FILTERS,
                "v.conf:4: subscribe.topic.qote: is not one of the channels quote",
                "v.conf:4: subscribe.topic.qote: unknown {sym}; allowed here: env:NAME, env:NAME:-default, "
                    + "plugin:NAME, symbol" + FILTERS,
                "v.conf:5: session[0].send: unknown {symbols}; allowed here: env:NAME, env:NAME:-default, nowMs, "
                + "now|UNIT, plugin:NAME" + FILTERS,
                "v.conf:5: session[1].await: is missing: a step has await-text, await-matches, await, send or sleep",
                "v.conf:5: session[1].wait: unknown key; did you mean await?",
                "v.conf:6: replay.answers[0].send: a pointer is empty or begins with '/', got \"a\"");
    }

    @Test
    void shouldNameThePlaceOfASyntaxError() {
        assertThat(problems("name = {\n")).singleElement().asString().startsWith("v.conf:2: ");
    }

    @Test
    void shouldListTheBuiltInVenues() {
        final ConfigException e = catchThrowableOfType(ConfigException.class, () -> Venue.load("binanse"));
        assertThat(e)
            .hasMessageStartingWith("binanse: no such venue; name one of alpaca, binance, binance-usdm, bitfinex,")
            .hasMessageEndingWith("or give the path of a venue file");
    }

    @Test
    void shouldNameTheFileOfAVenueThatWasRenamed() {
        assertThat(catchThrowableOfType(ConfigException.class, () -> Venue.load("massive")))
            .hasMessage("massive: no such venue; the file of massive has the venue's older name: polygon");
        assertThat(catchThrowableOfType(ConfigException.class, () -> Venue.load("HTX"))).hasMessageEndingWith("huobi");
    }

    @Test
    void shouldReadAFileByItsPath(@TempDir final Path folder) throws Exception {
        final Path file = Files.writeString(folder.resolve("my.conf"), GOOD);
        assertThat(Venue.load(file.toString()).name()).isEqualTo("x");
        Files.writeString(file, "name = x\n");
        final ConfigException e = catchThrowableOfType(ConfigException.class, () -> Venue.load(file.toString()));
        assertThat(e.problems()).allMatch(problem -> problem.place().startsWith(file.toString()));
    }

    private static Venue read(final String text) {
        return VenueReader.read(new StringReader(text), "v.conf", name -> null);
    }

    private static List<String> problems(final String text) {
        return catchThrowableOfType(ConfigException.class, () -> read(text)).problems().stream().map(Problem::toString)
            .toList();
    }
}
