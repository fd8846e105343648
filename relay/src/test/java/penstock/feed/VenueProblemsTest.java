package penstock.feed;

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

/** What is said about venue files that can't be used. */
class VenueProblemsTest {
    private static final String FILTERS = "; behind a bar upper, lower, json or join(,)";
    private static final String GOOD = """
        name = x
        channels { quote { default = true } }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
        """;

    @Test
    void shouldTakeTheSmallestFile() {
        assertThat(read(GOOD).name()).isEqualTo("x");
    }

    @Test
    void shouldTellEverythingAtOnceWithTheLine() {
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
                "v.conf:5: channels.quote: is default like book; one channel must be",
                "v.conf:6: channels.trade.class: is not in this version; it knows last-value",
                "v.conf:10: messages.text[0].as: must say what the text is: ack, nack, heartbeat, session, ignore, error, fatal, rollover",
                "v.conf:12: messages.rules[0].match.\"$/s\": bad regular expression '[a': Unclosed character class near character 1",
                "v.conf:12: messages.rules[0].key: must be '$' and a JSON pointer like $/data/s, got s",
                "v.conf:13: messages.rules[1].name: another rule is called a too; names tell rules apart in counters and messages",
                "v.conf:13: messages.rules[1].key: unknown filter 'uper', there are upper, lower, split(sep, i), re(regex), default(x), "
                    + "lookup({'a':'b'})",
                "v.conf:13: messages.rules[1].channel: must be one of the channels quote, book, trade, got tade",
                "v.conf:14: messages.rules[2].match.\"$/s~2\": '~' in a pointer is written ~0 (and '/' in a key ~1), got \"/s~2\"",
                "v.conf:14: messages.rules[2].match.\"@/x\": '@' (an element of each) is not in this version, begin with '$', got @/x",
                "v.conf:14: messages.rules[2].ts.unit: must be one of s, ms, us, ns, rfc3339, got minutes",
                "v.conf:15: messages.rules[3].match.\"$/s\": unknown type 'thing', there are object, array, string, number, boolean, null",
                "v.conf:15: messages.rules[3].key: '*' in a pointer (each) is not in this version, got $/*/s",
                "v.conf:15: messages.rules[3].emit: must be a pointer without filters: the bytes go out as they came in, got $/a | upper; "
                    + "or emit = frame",
                "v.conf:16: messages.rules[4].match: has no conditions and would take every message; if that is meant: { \"$\" = \"*\" }",
                "v.conf:16: messages.rules[4].key: is for data only, but this rule says as = ack",
                "v.conf:17: messages.rules[5].match.\"$/s\": an empty list matches nothing; name the values that match",
                "v.conf:17: messages.rules[5].as: must be one of data, ack, nack, heartbeat, session, ignore, error, fatal, "
                    + "rollover, got dta",
                "v.conf:17: messages.rules[5].key: is missing; add a line: key = …",
                "v.conf:18: messages.rules[6].each: is not in this version; remove it",
                "v.conf:18: messages.rules[6].seq: is not in this version; remove it",
                "v.conf:18: messages.rules[6].name: is missing; add a line: name = …",
                "v.conf:18: messages.rules[6].key: is missing; add a line: key = …");
    }

    @Test
    void shouldWantADefaultChannelAndRules() {
        assertThat(problems("name = x\nchannels { quote { class = last-value } }\nmessages { rules = [] }")).containsExactly(
            "v.conf:2: channels: must have a default: add default = true to one of quote",
            "v.conf:3: messages.rules: are empty: nothing would ever match");
        assertThat(problems("name = x")).hasSize(2);
    }

    @Test
    void shouldSayWhatIsNotInThisVersion() {
        assertThat(problems(GOOD + "frame-seq { rule = increment }\nsubscribe { max-bytes = 1 }")).containsExactly(
            "v.conf:4: frame-seq: is not in this version; remove it", "v.conf:5: subscribe.max-bytes: is not in this version; remove it");
    }

    @Test
    void shouldCheckTheTemplates() {
        assertThat(problems(GOOD + """
            subscribe { message = "{\\"a\\":{topics|json},\\"b\\":{topix}}", topic { qote = "{sym}" } }
            session = [ { send = "{symbols}" }, { wait = 1s } ]
            replay { answers = [ { match { "$/a" = 1 }, send = "{$a}" } ] }
            """)).containsExactly(
                "v.conf:4: subscribe.message: unknown {topix}, here may stand env:NAME, env:NAME:-default, id, symbols, topics" + FILTERS,
                "v.conf:4: subscribe.topic.qote: is not one of the channels quote",
                "v.conf:4: subscribe.topic.qote: unknown {sym}, here may stand env:NAME, env:NAME:-default, symbol" + FILTERS,
                "v.conf:5: session[0].send: unknown {symbols}, here may stand env:NAME, env:NAME:-default" + FILTERS,
                "v.conf:5: session[1].await: is missing: a step has await-text, await or send",
                "v.conf:5: session[1].wait: unknown key; did you mean await?",
                "v.conf:6: replay.answers[0].send: a pointer is empty or begins with '/', got \"a\"");
    }

    @Test
    void shouldNameThePlaceOfASyntaxError() {
        assertThat(problems("name = {\n")).singleElement().asString().startsWith("v.conf:2: ");
    }

    @Test
    void shouldNameTheVenuesThereAre() {
        final ConfigException e = catchThrowableOfType(ConfigException.class, () -> Venue.load("binanse"));
        assertThat(e).hasMessage(
            "binanse: no such venue; name one of binance, demo, json, tradermade-v1, or give the path of a venue file");
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
        return catchThrowableOfType(ConfigException.class, () -> read(text)).problems().stream().map(Problem::toString).toList();
    }
}
