package penstock.venue.rule;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigSection;
import penstock.config.Problems;
import penstock.json.JsonScanner;

/** Conditions, expressions and filters on messages. Messages use single quotes for readability. */
class MatchRuleTest {
    @Test
    void shouldCompareLiteralsWithStringsNumbersAndBooleans() {
        assertThat(holds("\"$/a\" = x", "{'a':'x'}")).isTrue();
        assertThat(holds("\"$/a\" = x", "{'a':'xx'}")).isFalse();
        assertThat(holds("\"$/a\" = x", "{'a':'\\u0078'}")).isTrue();
        assertThat(holds("\"$/a\" = true", "{'a':true}")).isTrue();
        assertThat(holds("\"$/a\" = 12", "{'a':12}")).isTrue();
        assertThat(holds("\"$/a\" = 12", "{'a':'12'}")).isTrue();
        assertThat(holds("\"$/a\" = 12", "{'a':12.0}")).isFalse();
        assertThat(holds("\"$/a\" = \"\"", "{'a':''}")).isTrue();
        assertThat(holds("\"$/a\" = \"\"", "{'b':''}")).isFalse();
        assertThat(holds("\"$/a\" = \"=~x\"", "{'a':'~x'}")).isTrue();
        assertThat(holds("\"$/a\" = \"=*\"", "{'a':'*'}")).isTrue();
        assertThat(holds("\"$/a\" = null", "{'a':'null'}")).isFalse();
    }

    @Test
    void shouldTestForPresence() {
        for (final String there : new String[] {"1", "''", "{}", "[]", "false"}) {
            assertThat(holds("\"$/a\" = \"*\"", "{'a':" + there + "}")).as(there).isTrue();
            assertThat(holds("\"$/a\" = null", "{'a':" + there + "}")).as(there).isFalse();
        }
        for (final String message : new String[] {"{'a':null}", "{}", "[]", "1"}) {
            assertThat(holds("\"$/a\" = \"*\"", message)).as(message).isFalse();
            assertThat(holds("\"$/a\" = null", message)).as(message).isTrue();
        }
    }

    @Test
    void shouldMatchAnyOfAList() {
        assertThat(holds("\"$/a\" = [x, 2, \"~^y\", null]", "{'a':2}")).isTrue();
        assertThat(holds("\"$/a\" = [x, 2, \"~^y\", null]", "{'a':'yes'}")).isTrue();
        assertThat(holds("\"$/a\" = [x, 2, \"~^y\", null]", "{}")).isTrue();
        assertThat(holds("\"$/a\" = [x, 2, \"~^y\", null]", "{'a':'z'}")).isFalse();
    }

    @Test
    void shouldCompareTypes() {
        assertThat(holds("\"$\" = \"type:object\"", "{}")).isTrue();
        assertThat(holds("\"$\" = \"type:array | object\"", "[]")).isTrue();
        assertThat(holds("\"$/a\" = \"type:null\"", "{'a':null}")).isTrue();
        assertThat(holds("\"$/a\" = \"type:null\"", "{}")).isFalse();
        assertThat(holds("\"$/a\" = \"type:number\"", "{'a':'1'}")).isFalse();
    }

    @Test
    void shouldMatchPlainTextsWithAnchors() {
        assertThat(holds("\"$/a\" = \"~@bookTicker$\"", "{'a':'btc@bookTicker'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~@bookTicker$\"", "{'a':'btc@bookTicker2'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~@bookTicker$\"", "{'a':'Ticker'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~^tickers\\\\.\"", "{'a':'tickers.BTC'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^tickers\\\\.\"", "{'a':'tickersx'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~^x$\"", "{'a':'x'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^x$\"", "{'a':'xx'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~b\"", "{'a':'abc'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~b\"", "{'a':'xyz'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~é\"", "{'a':'caf\\u00e9'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~a\\\\$\"", "{'a':'a$b'}")).isTrue();
    }

    @Test
    void shouldMatchRegularExpressions() {
        assertThat(holds("\"$/a\" = \"~[tT]icker$\"", "{'a':'24hrTicker'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~[tT]icker$\"", "{'a':'24hrMini'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~^bts:(un)?subscription$\"", "{'a':'bts:unsubscription'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^.$\"", "{'a':'é'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^.$\"", "{'a':'\\ud83d\\ude00'}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^\\\\d+$\"", "{'a':12}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^$\"", "{'a':''}")).isTrue();
        assertThat(holds("\"$/a\" = \"~^$\"", "{'a':'x'}")).isFalse();
        assertThat(holds("\"$/a\" = \"~$\"", "{'a':'x'}")).isTrue();
    }

    @Test
    void shouldRequireAllConditions() {
        assertThat(holds("\"$/a\" = 1, \"$/b\" = 2", "{'a':1,'b':2}")).isTrue();
        assertThat(holds("\"$/a\" = 1, \"$/b\" = 2", "{'a':1,'b':3}")).isFalse();
    }

    @Test
    void shouldApplyFilters() {
        assertThat(holds("\"$/a | upper\" = BTC", "{'a':'btc'}")).isTrue();
        assertThat(holds("\"$/a|lower\" = btc", "{'a':'BTC'}")).isTrue();
        assertThat(holds("\"$/a | split('.', 1) | upper\" = BTC", "{'a':'market.btc.depth'}")).isTrue();
        assertThat(holds("\"$/a | split('|', -1)\" = c", "{'a':'a|b|c'}")).isTrue();
        assertThat(holds("\"$/a | split(., 7)\" = null", "{'a':'a.b'}")).isTrue();
        assertThat(holds("\"$/a | re('^live_(trades|orders)_.+$')\" = orders", "{'a':'live_orders_x'}")).isTrue();
        assertThat(holds("\"$/a | re('(x)')\" = null", "{'a':'abc'}")).isTrue();
        assertThat(holds("\"$/a | default(z)\" = z", "{'a':null}")).isTrue();
        assertThat(holds("\"$/a | default('')\" = \"\"", "{}")).isTrue();
        assertThat(holds("\"$/a | default(null)\" = null", "{}")).isTrue();
        assertThat(holds("\"$/a | lookup({'LAST':'snapshot', 'QUOTE':'full'})\" = full", "{'a':'QUOTE'}")).isTrue();
        assertThat(holds("\"$/a | lookup({'LAST':'snapshot'})\" = null", "{'a':'QUOTE'}")).isTrue();
        assertThat(holds("\"$/-1\" = \"SC/EUR\", \"$/-2 | split('-',0)\" = book", "[1,{},'book-10','SC/EUR']"))
            .isTrue();
    }

    @Test
    void shouldReportBadFilters() {
        assertThat(problem("$/a | split(x)")).contains("must have 2 argument(s), got 1");
        assertThat(problem("$/a | split('', 1)")).contains("split('separator', index)");
        assertThat(problem("$/a | re('x')")).contains("must have a group");
        assertThat(problem("$/a | re('(x')")).contains("bad regular expression");
        assertThat(problem("$/a | upper(1)")).contains("must have 0 argument(s)");
        assertThat(problem("$/a | lookup(x)")).contains("lookup({'from':'to', …})");
        assertThat(problem("$/a | Upper!")).contains("unknown filter 'Upper!'; known filters: upper, lower");
        assertThat(problem("$/a |")).contains("unknown filter ''");
        assertThat(problem("$a")).contains("begins with '/'");
        assertThat(problem("/a")).contains("must be '$' and a JSON pointer");
    }

    private static String problem(final String expression) {
        try {
            Expression.compile(expression, new PointerBindings());
            return "none";
        } catch (final IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static boolean holds(final String conditions, final String message) {
        final Problems problems = new Problems();
        final ConfigSection section =
            new ConfigSection(ConfigFactory.parseString("match { " + conditions + " }").root(), "", problems);
        final PointerBindings bindings = new PointerBindings();
        final MatchRule match = MatchRule.read(section, "match", bindings);
        problems.throwIfAny();
        final EvaluationScope scope = bindings.scope(null);
        final JsonScanner scanner = bindings.scanner();
        final byte[] bytes = message.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        assertThat(scanner.scan(bytes, 0, bytes.length)).as(message).isTrue();
        return match.matches(scope, new ByteSlice());
    }
}
