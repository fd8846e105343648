package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The venue's own numbers of an update: they compare two connections and place a snapshot between changes. */
class VenueNumbersTest {
    @Test
    void shouldReportTheRangeOfAChange() {
        assertThat(numbers("binance",
            "{'stream':'btcusdt@depth@100ms','data':{'e':'depthUpdate','s':'BTCUSDT','U':7,'u':9,'b':[],'a':[]}}"))
            .containsExactly(7L, 9L);
    }

    @Test
    void shouldReportTheNumberBeforeAChange() {
        assertThat(numbers("binance",
            "{'stream':'btcusdt@depth@100ms','data':{'e':'depthUpdate','s':'BTCUSDT','U':7,'u':9,'pu':4,'b':[],'a':[]}}"))
            .containsExactly(4L, 9L);
    }

    @Test
    void shouldReportASingleNumber() {
        assertThat(numbers("binance", "{'stream':'btcusdt@trade','data':{'e':'trade','s':'BTCUSDT','t':5,'p':'1'}}"))
            .containsExactly(SequenceTracker.NONE, 5L);
    }

    @Test
    void shouldReportAMissingNumber() {
        assertThat(numbers("binance", "{'stream':'btcusdt@trade','data':{'e':'trade','s':'BTCUSDT','t':5,'p':'1'}}",
            "{'stream':'btcusdt@ticker','data':{'e':'24hrTicker','s':'BTCUSDT','c':'1'}}"))
            .containsExactly(SequenceTracker.NONE, SequenceTracker.NONE);
    }

    private static List<Long> numbers(final String name, final String... frames) {
        final Venue venue = Venue.load(name, variable -> null);
        final VenueLog log = new VenueLog(venue);
        for (final String frame : frames) {
            final byte[] bytes = frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            venue.onText(bytes, 0, bytes.length, 0, log);
        }
        assertThat(log.counts).doesNotContainKeys("unmatched", "not json");
        return List.of(venue.firstNumber(), venue.lastNumber());
    }
}
