package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.StringReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.venue.VenueReader;

/**
 * The page of the venue file has every key that the readers know, as they declare it. Its tables are generated. That
 * the readers declare all they read shows when they refuse a key that is like none of them: "known here: …".
 */
class VenueFilePageTest {
    private static final String LIKE_NONE = "z".repeat(90);
    private static final Pattern REFUSAL =
        Pattern.compile(".*?: (?:(\\S+)\\.)?" + LIKE_NONE + ": unknown key; known here: (.*)");

    /** A file with at least one of each section; its values are of no interest. */
    private static final String EVERYTHING = """
        name = all
        connection { idle {}, reconnect {}, second-login = evicts-oldest, evicted {}, rate { permits = 1 }, connect-rate { permits = 1 } }
        checked { date = "2026-01-01", source = x }
        session = [ { send = a }, { await { "$/a" = b } }, { await-text = a }, { sleep = 1s } ]
        channels { quote { default = true }, book { class = order-book } }
        subscribe {
          message = "{symbols|json}"
          topic { quote = "{symbol}" }
          rate { permits = 1 }
          ack { match { "$/a" = b }, correlate = "$/id" }
        }
        symbols { pattern = A, names { a = b }, rules = [ { venue = "(A)", publish = "$1" } ], currencies { B = C } }
        instruments { url = "https://x/", names = "$/a/*" }
        fetch { token { url = "https://x/", values { a = "$/a" }, rate { permits = 1 } } }
        heartbeat { send = a, every = 1s, replies = [ { match { "$/a" = b }, send = c } ] }
        frame-seq { rule = RULE }
        messages {
          text = [ { equals = a, as = ignore } ]
          aliases { a = b }
          rules = [
            { name = a, match { "$/a" = a }, key = "$/s", seq { rule = increment, at = "$/q" }
              ts { at = "$/t", unit = ms } }
            { name = b, match { "$/a" = b }, key = "$/s", seq { rule = range, first = "$/q", last = "$/q" }
              learn { map = m, id = "$/i", set { x = "$/x" } } }
            { name = c, match { "$/a" = c }, channel = book, key = "$/s", kind = delta
              seq { rule = prev, prev = "$/q", last = "$/r" }
              book { bids = "$/b", asks = "$/c", level = [0, 1], checksum { plugin = kraken-crc32, at = "$/c" }
                snapshot { procedure = binance, url = "https://x/{symbol}", rate { permits = 1 }
                  ts { at = "$/t", unit = ms } } } }
            { name = g, match { "$/a" = g }, channel = book, key = "$/s", kind = delta
              seq { rule = prev, prev = "$/q", last = "$/r" }
              book { bids = "$/b", asks = "$/c", level = [0, 1]
                snapshot { procedure = binance, request = "{symbol}", answer { match { "$/a" = b }, correlate = "$/i" } } } }
            { name = d, match { "$/a" = d }, as = error, classify = [ { match { "$/e" = 1 }, do = nack } ] }
            { name = e, match { "$/a" = e }, each = "$/d/*"
              rules = [ { name = f, match { "@/a" = f }, key = "@/s" } ] }
          ]
        }
        plugins = [ { name = coinbase-signature } ]
        replay { pings { every = 1s }, answers = [ { match { "$/a" = b }, send = c } ] }
        """;

    @Test
    void shouldHaveTheTablesThatTheReadersDeclare() {
        final GeneratedTables page = new GeneratedTables("relay/docs/reference/venue-file.md");
        VenueReader.keys().forEach(page::add);

        page.check("VenueFilePageTest");
    }

    @Test
    void shouldDeclareEveryKeyThatIsRead() {
        final Set<String> declared = new TreeSet<>();
        VenueReader.keys().forEach(table -> table.rows().forEach(row -> declared.add(row.key())));

        assertThat(declared).isEqualTo(leaves(knownKeys()));
    }

    /** Without the keys of objects that have keys of their own. */
    private static Set<String> leaves(final Set<String> keys) {
        final Set<String> leaves = new TreeSet<>(keys);
        leaves.removeIf(key -> keys.stream().anyMatch(other -> other.startsWith(key + ".")
            || other.startsWith(key + "[]")));
        return leaves;
    }

    /** By path; the name of a channel, and the number of an element, do not count. */
    private static Set<String> knownKeys() {
        final Set<String> keys = new TreeSet<>();
        for (final String rule : List.of("increment", "range", "prev")) {
            for (final String line : complaint((ConfigObject) marked(root(rule))).lines().toList()) {
                final Matcher matcher = REFUSAL.matcher(line);
                if (matcher.matches()) {
                    final String path = matcher.group(1) == null ? "" : general(matcher.group(1)) + ".";
                    Arrays.stream(matcher.group(2).split(", ")).map(key -> path + key).forEach(keys::add);
                }
            }
        }
        return keys;
    }

    private static String general(final String path) {
        return path.replaceAll("\\[[0-9]+]", "[]").replaceFirst("^channels\\.[a-z]+", "channels.NAME")
            .replaceFirst("^fetch\\.[a-z]+", "fetch.NAME")
            .replace(".rules[].rules[]", ".rules[]");
    }

    private static ConfigObject root(final String rule) {
        return ConfigFactory.parseString(EVERYTHING.replace("RULE", rule)).root();
    }

    private static String complaint(final ConfigObject file) {
        try {
            VenueReader.read(new StringReader(file.render()), "all.conf", name -> "");
        } catch (final ConfigException e) {
            return e.getMessage();
        }
        return "";
    }

    /** With a key in every object that is like no other. */
    private static ConfigValue marked(final ConfigValue value) {
        if (value instanceof ConfigObject object) {
            final Map<String, Object> entries = new LinkedHashMap<>();
            object.forEach((key, inner) -> entries.put(key, marked(inner)));
            entries.put(LIKE_NONE, "1");
            return ConfigValueFactory.fromMap(entries);
        }
        if (value instanceof ConfigList list) {
            return ConfigValueFactory.fromIterable(list.stream().map(VenueFilePageTest::marked).toList());
        }
        return value;
    }
}
