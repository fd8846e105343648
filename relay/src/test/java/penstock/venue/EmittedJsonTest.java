package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.json.RandomJson;
import penstock.testkit.ParsedJson;
import penstock.testkit.Seeds;

/** Whatever JSON a venue sends, what is published is JSON, and its fields have their types. */
class EmittedJsonTest {
    private static final String[] FILTERS = {"", " | upper", " | split('a', 0)", " | split('\\\\', -1)", " | ms(s)",
        " | ms(rfc3339)", " | re('(.)$')", " | default('\\\\')", " | lookup({'a':'buy','1.10':'x'})", " | text",
        " | lower | text"};

    private static final int ROUNDS = 300;
    /** Values to be checked: most rounds publish none or few. */
    private static final int ENOUGH = 500;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldPublishJsonForAnyJson() {
        int published = 0;
        int round = 0;
        for (final long seed : seeds.rounds(10 * ROUNDS)) {
            if (round++ >= ROUNDS && published > ENOUGH) {
                break;
            }
            final Random random = Seeds.random(seed);
            final VenueLog log = new VenueLog(venue(random));
            for (int i = 0; i < 20; i++) {
                final RandomJson json = new RandomJson(random);
                log.frame("{\"s\":\"A\",\"a\":" + json.text() + ",\"b\":" + json.text() + ",\"c\":" + json.text() + "}");
            }
            for (final String value : log.values) {
                published++;
                check(value);
            }
            assertThat(log.counts).doesNotContainKey("not json");
        }
        assertThat(published).isGreaterThan(ENOUGH);
    }

    private static void check(final String value) {
        final Map<?, ?> fields = ParsedJson.object(ParsedJson.parse(value));
        for (final String number : new String[] {"price", "size"}) {
            if (fields.get(number) != null) {
                assertThat((String) fields.get(number)).as(value).matches("null|-?[0-9].*");
            }
        }
        if (fields.get("id") != null) {
            assertThat((String) fields.get("id")).as(value).matches("(?s)null|\".*\"");
        }
        if (fields.get("side") != null) {
            assertThat(fields.get("side")).as(value).isIn("\"buy\"", "\"sell\"", "null");
        }
    }

    private static Venue venue(final Random random) {
        final String[] places = {"$/a", "$/b", "$/c", "$/a/0", "$/b/a", "$/c/-1", "$/c/symbol"};
        final StringBuilder emit = new StringBuilder();
        for (final String field : new String[] {"price", "size", "side", "id", "other", "more"}) {
            final boolean isTyped = !field.equals("other") && !field.equals("more");
            final String filter = FILTERS[random.nextInt(FILTERS.length - (isTyped ? 2 : 0))];
            emit.append(field).append(" = \"\"\"").append(places[random.nextInt(places.length)]).append(filter)
                .append("\"\"\"\n");
        }
        final boolean isMerge = random.nextBoolean();
        return VenueReader.read(new StringReader("""
            name = x
            channels { trade { class = %s, default = true } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s", kind = %s, emit { %s
              mid = "mid(price, size)", spread = "spread(other, more)" } } ] }
            """.formatted(isMerge ? "merge" : "event", isMerge ? "snapshot" : "full", emit)), "v.conf", name -> null);
    }
}
