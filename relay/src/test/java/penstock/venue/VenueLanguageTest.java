package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * Keys of the venue language that no built-in venue needs, and edge cases. Messages use single quotes for readability.
 */
class VenueLanguageTest {
    @Test
    void shouldReadNestedArrays() {
        final VenueLog log = log("""
            { name = a, match { "$/c" = t }, each = "$/events/*/tickers/*", key = "@/id", emit = "@/v", ts { at = "$/time", unit = ms } }
            """)
            .text("{'c':'t','events':[{'tickers':[{'id':'A','v':1.10},{'id':'B','v':2}]},{'tickers':[]},{'x':1},"
            + "{'tickers':[{'id':'C','v':3},{'v':4}]}],'time':1700000000007}", "{'c':'t','events':7}", "{'c':'t'}");
        assertThat(log.lines)
            .containsExactly("update quote A 1700000000007000 1.10",
            "update quote B 1700000000007000 2", "unmatched", "update quote C 1700000000007000 3", "unmatched",
            "unmatched", "unmatched");
        assertThat(log.payloads).containsExactly("{'id':'A','v':1.10}", "{'id':'B','v':2}", "{'id':'C','v':3}");
    }

    @Test
    void shouldReadAHistoryFromItsEnd() {
        final VenueLog log = log("{ name = a, match { \"$/h\" = \"*\" }, each = \"$/h/*\", newest-first = true"
            + ", key = \"@/s\", channel = trade, kind = snapshot, emit = \"@/n\", seq { rule = increment, at = \"@/n\" } }");
        log.text("{'h':[{'s':'A','n':12},{'s':'A','n':11},{'x':1},{'s':'A','n':10}]}", "{'h':[]}",
            "{'h':[{'s':'A','n':13}]}");
        assertThat(log.lines).containsExactly("update trade A - 10 SNAPSHOT", "unmatched",
            "update trade A - 11 SNAPSHOT", "update trade A - 12 SNAPSHOT", "update trade A - 13 SNAPSHOT");
        assertThat(log.payloads).first().isEqualTo("{'s':'A','n':10}");
        assertThatThrownBy(() -> log("{ name = a, match { \"$/s\" = \"*\" }, key = \"$/s\", newest-first = true }"))
            .hasMessageContaining("messages.rules[0].newest-first: is for the elements of each");
    }

    @Test
    void shouldPublishTheFrameOfAnElementIfEmitIsFrame() {
        final VenueLog log =
            log("{ name = a, match { \"$\" = \"type:array\" }, each = \"$/*\", key = \"@/s\", emit = frame }")
            .text(" [{'s':'A'}, {'s':'B'}]");
        assertThat(log.payloads).containsExactly(" [{'s':'A'}, {'s':'B'}]", " [{'s':'A'}, {'s':'B'}]");
    }

    @Test
    void shouldUseTheFirstKeyPresentAndItsAlias() {
        final Venue venue = venue("""
            name = x
            channels { quote { default = true } }
            messages {
              aliases { "XBT/USD" = "BTC/USD", XDG = DOGE }
              rules = [ { name = a, match { "$" = "*" }, key = ["$/a", "$/b | upper"] } ]
            }
            """);
        assertThat(new VenueLog(venue).text("{'a':'XBT/USD'}", "{'b':'xdg'}", "{'a':'','b':'é'}", "{'a':null}").lines)
            .containsExactly(
            "update quote BTC/USD - {'a':'XBT/USD'}", "update quote DOGE - {'b':'xdg'}", "update quote É - {'a':'',"
                + "'b':'é'}", "unmatched");
    }

    @Test
    void shouldTrackNumbersByKeyChannelOrConnection() {
        for (final String scope : new String[] {"key", "channel", "connection"}) {
            final VenueLog log =
                log("{ name = a, match { \"$\" = \"*\" }, key = \"$/s\", emit = \"$/n\", channel = trade"
                + ", seq { rule = increment, at = \"$/n\", scope = " + scope + ", on-gap = resubscribe } }");
            log.text("{'s':'A','n':1}", "{'s':'B','n':2}", "{'s':'A','n':2}", "{'s':'A','n':'x'}", "{'s':'A','n':9}");
            assertThat(log.badNumbers).isOne();
            final String gap = scope.equals("key") ? "trade A RESUBSCRIBE 3 9"
                : scope.equals("channel") ? "trade  RESUBSCRIBE 3 9" : "connection RESUBSCRIBE 3 9";
            assertThat(log.lines).as(scope).containsExactly("update trade A - 1", "update trade B - 2",
                "update trade A - 2", "update trade A - 'x'", "gap " + gap, "update trade A - 9");
        }
    }

    @Test
    void shouldReportEventsMissedDuringAnOutage() {
        final Venue venue = venue("""
            name = x
            channels { quote { default = true }, trade { class = event } }
            messages { rules = [
              { name = t, match { "$/t" = "*" }, channel = trade, key = "$/s", emit = "$/t", seq { rule = increment, at = "$/t" } }
              { name = q, match { "$/q" = "*" }, key = "$/s", emit = "$/q", seq { rule = increment, at = "$/q" } }
            ] }
            """);
        final VenueLog log = new VenueLog(venue).text("{'s':'A','t':1}", "{'s':'B','t':5}", "{'s':'A','q':1}");
        venue.onConnected();
        log.text("{'s':'A','t':4}", "{'s':'B','t':2}", "{'s':'B','t':3}", "{'s':'A','q':7}");
        assertThat(log.lines.subList(3, log.lines.size())).containsExactly("gap trade A MARK 2 4", "update trade A - 4",
            "update trade B - 2", "update trade B - 3", "update quote A - 7");
        assertThat(venue.detectsGaps(0)).isTrue();
        assertThat(venue.counts().matched(0)).isEqualTo(5);
        assertThat(venue.rules()).containsExactly("t", "q");
    }

    @Test
    void shouldAcceptANewCountWithItsSecondNumber() {
        final VenueLog log = log("{ name = a, match { \"$\" = \"*\" }, key = \"$/s\", emit = \"$/n\""
            + ", seq { rule = increment, at = \"$/n\" } }").text("{'s':'A','n':5000}");
        log.text("{'s':'A','n':1}", "{'s':'A','n':2}", "{'s':'A','n':3}");
        assertThat(log.lines).containsExactly("update quote A - 5000", "duplicate quote", "gap quote A MARK 5000 2",
            "update quote A - 2", "update quote A - 3");
    }

    @Test
    void shouldAcceptValuesThatRiseForLongBelowTheNewestNumber() {
        final VenueLog log = log("{ name = a, match { \"$\" = \"*\" }, key = \"$/s\", emit = \"$/n\""
            + ", seq { rule = increasing, at = \"$/n\" } }").text("{'s':'A','n':5000}");
        for (int i = 4_000; i < 4_012; i++) {
            log.text("{'s':'A','n':" + i + "}");
        }
        assertThat(log.counts).containsEntry("duplicate", 9).containsEntry("quote A", 4);
    }

    @Test
    void shouldReadNumbersOfNineteenDigitsAndCountThoseThatAreNone() {
        final VenueLog log = log("{ name = a, match { \"$\" = \"*\" }, key = \"$/s\", emit = \"$/s\""
            + ", seq { rule = increment, at = \"$/n\" } }");
        log.text("{'s':'A','n':1773021600123456789}", "{'s':'A','n':1773021600123456791}",
            "{'s':'A','n':92233720368547758070}", "{'s':'A','n':'x'}", "{'s':'A'}");
        assertThat(log.lines).contains("gap quote A MARK 1773021600123456790 1773021600123456791");
        assertThat(log.badNumbers).isEqualTo(3);
    }

    @Test
    void shouldRejectAnInvalidKind() {
        assertThat(log("{ name = a, match { \"$\" = \"*\" }, key = \"$/s\", kind = \"$/k\", emit = \"$/s\" }")
            .text("{'s':'A','k':'delta'}", "{'s':'A','k':'remove'}", "{'s':'A','k':'x'}", "{'s':'A'}").lines)
            .containsExactly("update quote A - 'A' DELTA", "update quote A - 'A' REMOVE", "unmatched", "unmatched");
    }

    @Test
    void shouldRefuseABookThatCanNeverBegin() {
        final String file = """
            name = x
            channels { book { class = order-book, default = true } }
            messages { rules = [ { name = a, match { "$" = "*" }, key = "$/s", kind = %s
              book { bids = "$/b", asks = "$/a", level = [0, 1] } } ] }
            """;
        assertThatThrownBy(() -> venue(file.formatted("delta")))
            .hasMessageContaining("messages.rules: channel book can never begin");
        assertThat(venue(file.formatted("snapshot")).rules()).containsExactly("a");
        assertThat(venue(file.formatted("\"$/k\"")).rules()).containsExactly("a");
    }

    @Test
    void shouldInflateBinaryFrames() {
        final Venue venue = Venue.load("huobi", name -> null);
        final VenueLog log = new VenueLog(venue);
        final byte[] frame = Gzip.of("{\"ping\":1618678073643}".getBytes(StandardCharsets.UTF_8));
        venue.onBinary(frame, 0, frame.length, 0, log);
        venue.onBinary(frame, 0, frame.length - 1, 0, log);
        venue.onText("{\"ping\":1}".getBytes(StandardCharsets.UTF_8), 0, 10, 0, log);
        assertThat(log.lines)
            .containsExactly("HEARTBEAT", "undecodable: gzip data without a trailer, or with extra bytes after it",
            "unmatched");
    }

    private static VenueLog log(final String rule) {
        return new VenueLog(venue("""
            name = x
            channels { quote { default = true }, trade { class = event } }
            messages { rules = [
            """ + rule + "] }"));
    }

    private static Venue venue(final String text) {
        return VenueReader.read(new StringReader(text), "v.conf", name -> null);
    }
}
