package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** Messages with an object whose keys are the symbols. */
class NamedElementsTest {
    /** With %s: keys of the rule. */
    private static final String FILE = """
        name = named
        channels { quote { default = true } }
        messages { rules = [
          { name = a, match { "$/d" = "*" }, each = "$/d/*", channel = quote, %s }
          { name = b, match { "$/deep" = "*" }, each = "$/deep/*/rows/*", channel = quote, key = "@key | upper", emit = "@/v" }
        ] }
        """;

    @Test
    void shouldReadTheNameOfEachValueOfAnObject() {
        final VenueLog log = log("key = \"@key\", emit { bid = \"@/v\", id = \"@key\" }");
        log.text("{ 'd' : { 'BTC-USD' : {'v':'1.10'} , 'ETH-USD':{'v':2},'\\u0041\\/B':{'v':3}, 'NONE': {} } }");
        assertThat(log.counts).containsEntry("quote BTC-USD", 1).containsEntry("quote ETH-USD", 1)
            .containsEntry("quote A/B", 1).containsEntry("unmatched", 1).hasSize(4);
        assertThat(log.values.get(0)).isEqualTo("{\"bid\":1.10,\"id\":\"BTC-USD\"}");
        log.text("{'d':{}}");
        assertThat(log.counts).containsEntry("unmatched", 1).hasSize(4);
    }

    @Test
    void shouldReadTheElementsOfArraysAsBefore() {
        final VenueLog log = log("key = [\"@/s\", \"@key\"], emit = \"@/v\"");
        log.text("{'d':[{'s':'A','v':1},{'v':2}]}").text("{'d':{'B':{'v':3},'C':{'s':'D','v':4}}}");
        // an element of an array has no name, and none is left over
        assertThat(log.counts).containsEntry("quote A", 1).containsEntry("quote B", 1).containsEntry("quote D", 1)
            .containsEntry("unmatched", 1).hasSize(4);
    }

    @Test
    void shouldNameTheInnermostElement() {
        final VenueLog log = log("key = \"@key\"");
        log.text("{'deep':[{'rows':{'a':{'v':1},'b':{'v':2}}},{'rows':{'c':{'v':3}}}]}");
        assertThat(log.counts).containsEntry("quote A", 1).containsEntry("quote B", 1).containsEntry("quote C", 1);
    }

    @Test
    void shouldTurnNoObjectRound() {
        final VenueLog log = log("key = \"@key\", newest-first = true");
        log.text("{'d':{'A':{'v':1}}}");
        assertThat(log.counts).containsEntry("unmatched", 1);
    }

    private static VenueLog log(final String keys) {
        return new VenueLog(VenueReader.read(new StringReader(FILE.formatted(keys)), "v.conf", name -> null));
    }
}
