package penstock.bench.load.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

/** What a run tells: rounds, medians, ratios within the round, bars, truths. */
class LoadReportTest {
    private final LoadReport report = new LoadReport("broadcast", Map.of("java", "17"));

    @Test
    void shouldTakeRatiosWithinTheRoundAndReportTheirMedian() throws IOException {
        rounds("relay", 2.0, 9.0, 3.3);
        rounds("floor", 1.0, 3.0, 3.0);
        report.ratio("relay", "floor", FigureBar.atMost(1.2));
        assertThat(report.figure("relay").median()).isEqualTo(3.3);
        assertThat(report.figure("relay").ratio()).as("of 2, 3 and 1.1, not of the medians").isEqualTo(2.0);
        assertThat(compact())
            .contains("\"relay\":{\"unit\":\"us\",\"rounds\":[2.0,9.0,3.3],\"median\":3.3,\"ratio\":{\"to\":\"floor\","
            + "\"rounds\":[2.0,3.0,1.1],\"median\":2.0,\"bar\":1.2,\"better\":\"lower\",\"holds\":false}}");
        assertThat(report.text()).contains("2.000 x floor  MISSED: at most 1.2");
    }

    @Test
    void shouldLeaveOutRoundsThatWereNotTaken() throws IOException {
        rounds("relay", 2.0, Double.NaN, 4.0);
        rounds("floor", 1.0, 1.0, Double.NaN);
        report.ratio("relay", "floor", null);
        assertThat(report.figure("relay").median()).isEqualTo(3.0);
        assertThat(report.figure("relay").ratio()).isEqualTo(2.0);
        assertThat(compact()).contains("\"rounds\":[2.0,null,4.0],\"median\":3.0")
            .contains("\"rounds\":[2.0,null,null],\"median\":2.0");
    }

    @Test
    void shouldMissTheBarOfAFigureThatWasNeverTaken() throws IOException {
        rounds("relay", Double.NaN);
        report.bar("relay", FigureBar.atLeast(0.6));
        assertThat(compact())
            .contains("\"rounds\":[null],\"median\":null,\"bar\":0.6,\"better\":\"higher\",\"holds\":false");
        assertThat(report.text()).contains("not taken");
    }

    @Test
    void shouldNotBreakARunByAMissedBarButByABrokenTruth() {
        rounds("relay", 5.0);
        report.bar("relay", FigureBar.atMost(1));
        report.truth("nothing was lost", true);
        assertThat(report.holds()).isTrue();
        report.truth("nothing was lost", false);
        report.truth("nothing was lost", true);
        assertThat(report.holds()).isFalse();
        assertThat(report.text()).contains("BROKEN  nothing was lost");
    }

    @Test
    void shouldWriteALogThatHdrHistogramReads() {
        final Histogram round = new Histogram(3);
        round.recordValue(2_000_000);
        report.latency("relay at 100 ms", round);
        report.latency("relay at 100 ms", round);
        final HistogramLogReader log = new HistogramLogReader(
            new ByteArrayInputStream(report.histogramLog().getBytes(StandardCharsets.UTF_8)));
        assertThat(log.nextIntervalHistogram().getTag()).isEqualTo("relay_at_100_ms#1");
        final Histogram second = (Histogram) log.nextIntervalHistogram();
        assertThat(second.getTag()).isEqualTo("relay_at_100_ms#2");
        assertThat(second.getMaxValue()).isBetween(2_000_000L, 2_010_000L);
        assertThat(log.hasNext()).isFalse();
    }

    private void rounds(final String what, final double... values) {
        for (final double value : values) {
            report.figure(what, "us", value);
        }
    }

    private String compact() throws IOException {
        return report.json().replaceAll("\\s*\\n\\s*", "").replaceAll(" ?([\\[\\]:,]) ?", "$1");
    }
}
