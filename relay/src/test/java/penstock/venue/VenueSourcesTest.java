package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** A recording of two connections that sent the same: what the second one repeats counts once, however late it is. */
class VenueSourcesTest {
    private static final String VENUE = """
        name = sources
        channels { all { class = last-value, default = true } }
        messages { rules = [ { name = all, match { "$/n" = "*" }, key = "$/s",
            seq { rule = increasing, at = "$/n" } } ] }
        """;

    private final VenueLog log = new VenueLog(
        VenueReader.read(new StringReader(VENUE), "sources.conf", name -> null));

    @Test
    void shouldTakeNothingTwiceThatASecondConnectionSendsInABurst() {
        send(1, 1, 1_000);
        send(2, 1, 1_000);
        send(1, 1_001, 1_010);
        assertThat(published()).isEqualTo(1_010);
    }

    @Test
    void shouldTakeANewCountOfAConnectionThatSentTheNewestNumber() {
        send(1, 1, 1_000);
        send(2, 900, 1_000);
        send(1, 600, 620);
        assertThat(published()).isEqualTo(1_000 + 21 - SequenceTracker.MAX_REORDERED - 1);
    }

    @Test
    void shouldTakeANewCountFarBelowOfAnyConnection() {
        send(1, 100_001, 101_000);
        send(2, 1, 20);
        assertThat(published()).isEqualTo(1_000 + 19);
    }

    @Test
    void shouldTakeANewCountThatNoLagExplains() {
        send(1, 10_001, 20_000);
        send(2, 12_001, 12_001 + SequenceTracker.MAX_BEHIND + 10);
        assertThat(published()).isEqualTo(10_000 + 10);
    }

    private void send(final long source, final int first, final int last) {
        log.venue().onSource(source);
        for (int n = first; n <= last; n++) {
            log.frame("{\"s\":\"A\",\"n\":" + n + "}");
        }
    }

    private int published() {
        return (int) log.lines.stream().filter(line -> line.startsWith("update")).count();
    }
}
