package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.ring.UpdateSlice;
import penstock.venue.spec.ControlKind;

/** Frames that hold several documents, a prefix, or texts that change. */
class VenueFramesTest {
    private static final String QUOTES = """
        name = x
        connection { %s }
        channels { quote { default = true } }
        messages {
          text = [ { equals = pong, as = heartbeat }, { matches = "HB [0-9]+", as = heartbeat } ]
          rules = [ { name = q, match { "$/s" = "*" }, key = "$/s", emit = frame }
            { name = event, match { "$/0" = quote }, key = "$/1/s", emit = "$/1" } ]
        }
        """;
    private static final String A = "update quote A - {'s':'A'}";
    private static final String B = "update quote B - {'s':'B'}";

    @ParameterizedTest
    @CsvSource({"lines, \\n", "lines, \\r\\n", "record-separator, \\036", "documents, ''", "documents, ' \\n'"})
    void shouldReadEachDocumentOfAFrameAndLoseOnlyABadOne(final String split, final String written) {
        final String separator = written.translateEscapes();
        final VenueLog log = new VenueLog(venue("split = " + split));
        log.text("{'s':'A'}" + separator + "{'s':'B'}", "{'s':'A'}" + separator + "{'s':}" + separator
            + "{'s':'B'}" + separator);
        assertThat(log.lines).containsExactly(A, B, A, "not json at 5", B);
        assertThat(log.payloads).containsOnly("{'s':'A'}", "{'s':'B'}");
        log.lines.clear();
        log.text("", "  ", separator + separator, separator + "{'s':'A'}");
        assertThat(log.lines).containsExactly(A);
        log.lines.clear();
        log.text("HB 17" + separator + "{'s':'A'}" + separator + "pong" + separator + "{'s':'B'}");
        assertThat(log.lines).containsExactly("HEARTBEAT", A, "HEARTBEAT", B);
    }

    @Test
    void shouldFindTheEndOfGluedDocumentsByTheirBrackets() {
        final VenueLog log = new VenueLog(venue("split = documents"));
        log.text("{'s':'}]','x':[{'y':'\\\\\\''}]}{'s':'{'}['quote',{'s':'B'}]");
        assertThat(log.lines).hasSize(3).allMatch(line -> line.startsWith("update"));
        assertThat(log.lines.get(2)).isEqualTo(B);
        log.lines.clear();
        log.text("{'s':'A'}}{'s':'B'}", "{'s':'A'}{'s':{'s':'B'}");
        assertThat(log.lines).containsExactly(A, "not json at 0", B, A, "not json at 14");
    }

    @Test
    void shouldRemoveAPrefixBeforeTheJson() {
        final VenueLog log = new VenueLog(venue("strip = [\"42/market,\", \"42\"]"));
        log.text("42['quote',{'s':'A'}]", "42/market,['quote',{'s':'B'}]", "{'s':'A'}", "41['quote',{'s':'A'}]", "42");
        assertThat(log.lines).containsExactly(A, B, A, "not json at 2", "not json at 0");
        assertThat(log.payloads.get(0)).isEqualTo("['quote',{'s':'A'}]");

        final VenueLog several = new VenueLog(venue("strip = \"42\", split = documents"));
        several.text("42['quote',{'s':'A'}]42['quote',{'s':'B'}]HB 7");
        assertThat(several.lines).containsExactly(A, B, "HEARTBEAT");
    }

    @Test
    void shouldReadTheDocumentsOfABinaryFrameAndLoseOnlyInvalidUtf8() {
        final Venue venue = venue("frames = binary, payload = gzip, split = lines");
        final VenueLog log = new VenueLog(venue);
        final byte[] frame = Gzip.of(
            "{\"s\":\"A\"}\n{\"s\":\"\u00ff\"}\n{\"s\":\"B\"}".getBytes(StandardCharsets.ISO_8859_1));
        venue.onBinary(frame, 0, frame.length, 0, log);
        assertThat(log.lines).containsExactly(A, "not json at 6", B);
    }

    @Test
    void shouldAskTheLoginForEachDocument() {
        final Venue venue = venue("strip = \"42\", split = lines");
        final List<String> asked = new ArrayList<>();
        final byte[] frame = "0{}\n42[1]\n".getBytes(StandardCharsets.UTF_8);
        venue.onText(frame, 0, frame.length, 0, (message, offset, length) -> {
            asked.add(new String(message, offset, length, StandardCharsets.UTF_8));
            return asked.size() != 2;
        }, new VenueLog(venue));
        assertThat(asked).containsExactly("0{}", "42[1]", "[1]");
    }

    @Test
    void shouldMatchAPatternAgainstTheWholeText() {
        final VenueLog log = new VenueLog(venue(""))
            .text("HB 1795950633", "HB x", "xHB 1", "HB 1 ", "HB " + "1".repeat(2_000));
        assertThat(log.lines).containsExactly("HEARTBEAT", "not json at 0", "not json at 0", "not json at 0",
            "not json at 0");
    }

    @Test
    void shouldMakeNoGarbage() {
        final Venue venue = venue("split = documents, strip = \"42\"");
        final byte[] frame = "42[\"quote\",{\"s\":\"A\"}]{\"s\":\"B\"}HB 1795950633".getBytes(StandardCharsets.UTF_8);
        final int[] updates = {0};
        final VenueLog silent = new VenueLog(venue) {
            @Override
            public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset,
                    final int symbolLength, final long timeUs, final UpdateSlice slices) {
                updates[0]++;
            }

            @Override
            public void onControl(final ControlKind kind, final byte[] bytes, final int offset,
                    final int length) {
                updates[0]++;
            }
        };
        read(venue, frame, 20_000, silent);
        final var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        read(venue, frame, 20_000, silent);
        final long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(updates[0]).isEqualTo(120_000);
        assertThat(bytes).as("bytes of 20,000 frames").isLessThan(20_000);
    }

    private static void read(final Venue venue, final byte[] frame, final int times, final VenueListener events) {
        for (int i = 0; i < times; i++) {
            venue.onText(frame, 0, frame.length, 0, events);
        }
    }

    private static Venue venue(final String connection) {
        return VenueReader.read(new StringReader(QUOTES.formatted(connection)), "v.conf", name -> null);
    }
}
