package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.bench.release.ReleaseComparison.Verdict;

class ReleaseComparisonTest {
    private static final String STORE = "StoreBenchmark.store";

    @TempDir
    private Path folder;
    private int written;

    @Test
    void shouldNotBlameAReleaseForASlowerMachine() throws IOException {
        final ReleaseResults before = jmh(baseline(100), SampleResults.benchmark(STORE, "avgt", 50, "0.5", 0));
        final ReleaseResults now = jmh(baseline(200), SampleResults.benchmark(STORE, "avgt", 101, "0.5", 0));
        assertThat(ReleaseComparison.of(before, now).lines()).singleElement()
            .satisfies(line -> assertThat(line.change()).isCloseTo(0.01, within(1e-9)))
            .satisfies(line -> assertThat(line.verdict()).isEqualTo(Verdict.SAME));
    }

    @Test
    void shouldRefuseMoreTimePerOperation() throws IOException {
        assertThat(verdict("avgt", 50, 60, "0.5")).isEqualTo(Verdict.REGRESSION);
        assertThat(verdict("avgt", 50, 54, "0.1")).isEqualTo(Verdict.SAME);
        assertThat(verdict("avgt", 50, 40, "0.5")).isEqualTo(Verdict.BETTER);
    }

    @Test
    void shouldRefuseFewerOperationsPerTime() throws IOException {
        assertThat(verdict("thrpt", 50, 40, "0.5")).isEqualTo(Verdict.REGRESSION);
        assertThat(verdict("thrpt", 50, 60, "0.5")).isEqualTo(Verdict.BETTER);
    }

    @Test
    void shouldNotRefuseWithinTheErrorBars() throws IOException {
        assertThat(verdict("avgt", 50, 60, "6")).isEqualTo(Verdict.NOISE);
        assertThat(verdict("avgt", 50, 60, "\"NaN\"")).isEqualTo(Verdict.UNSURE);
    }

    @Test
    void shouldUseTheBaselineOfTheSameMode() throws IOException {
        final ReleaseResults results =
            jmh(baseline(100), SampleResults.benchmark("BaselineBenchmark.walk", "thrpt", 20, "0.1", 0),
            SampleResults.benchmark(STORE, "thrpt", 10, "0.1", 0),
            SampleResults.benchmark(STORE, "avgt", 50, "0.1", 0));
        assertThat(results.suite().figures()).extracting(each -> FigureText.plain(results.suite().ratio(each)))
            .containsExactly("2", "0.5");
    }

    @Test
    void shouldRefuseGarbageWhereThereWasNone() throws IOException {
        final ReleaseResults before = jmh(baseline(100), SampleResults.benchmark(STORE, "avgt", 50, "0.5", 0.001));
        final ReleaseResults some = jmh(baseline(100), SampleResults.benchmark(STORE, "avgt", 50, "0.5", 24));
        final ReleaseResults hardly = jmh(baseline(100), SampleResults.benchmark(STORE, "avgt", 50, "0.5", 0.9));
        assertThat(ReleaseComparison.of(before, some).with(Verdict.REGRESSION)).singleElement()
            .hasToString("StoreBenchmark.store sessions=100 (avgt), garbage: 0.001 B/op → 24 B/op");
        assertThat(ReleaseComparison.of(before, hardly).with(Verdict.REGRESSION)).isEmpty();
        assertThat(ReleaseComparison.of(some, some).with(Verdict.REGRESSION)).isEmpty();
    }

    @Test
    void shouldListNewAndGoneFiguresAndRefuseNeither() throws IOException {
        final ReleaseResults before = jmh(baseline(100), SampleResults.benchmark("Old.one", "avgt", 50, "0.5", 0));
        final ReleaseResults now = jmh(baseline(100), SampleResults.benchmark("New.one", "avgt", 50, "0.5", 0));
        assertThat(ReleaseComparison.of(before, now).lines()).extracting(ReleaseComparison.Line::verdict)
            .containsExactly(Verdict.NEW, Verdict.GONE);
    }

    @Test
    void shouldCompareLoadByTheRatioToTheFloor() throws IOException {
        final ReleaseResults before = load(Map.of("cpu", SampleResults.figure("us", 1.05, true, 1.00, 1.01, 1.02)));
        assertThat(only(before, load(Map.of("cpu", SampleResults.figure("us", 1.05, false, 1.14, 1.15, 1.16)))))
            .isEqualTo(Verdict.REGRESSION);
        assertThat(only(before, load(Map.of("cpu", SampleResults.figure("us", 1.05, false, 0.9, 1.15, 1.4)))))
            .isEqualTo(Verdict.NOISE);
        assertThat(only(before, load(Map.of("cpu", SampleResults.figure("us", 1.05, true, 1.0, 1.02, 1.03)))))
            .isEqualTo(Verdict.SAME);
    }

    @Test
    void shouldCompareAFigureThatHasANewName() {
        assertThat(FigureNames.current("cpu per update owed, relay at 100 ms"))
            .isEqualTo("cpu per update sent or conflated, relay at 100 ms");
        assertThat(FigureNames.current("cpu per update, relay")).isEqualTo("cpu per update, relay");
    }

    @Test
    void shouldKnowThatAHigherRateIsBetter() throws IOException {
        final ReleaseResults before = load(Map.of("rate", SampleResults.figure("1/s", 0.6, true, 0.79, 0.80, 0.81)));
        assertThat(only(before, load(Map.of("rate", SampleResults.figure("1/s", 0.6, true, 0.69, 0.70, 0.71)))))
            .isEqualTo(Verdict.REGRESSION);
        assertThat(only(before, load(Map.of("rate", SampleResults.figure("1/s", 0.6, true, 0.94, 0.95, 0.96)))))
            .isEqualTo(Verdict.BETTER);
    }

    @Test
    void shouldOnlyListAFigureWithoutARatio() throws IOException {
        final ReleaseResults before = load(Map.of("rss", "{\"unit\":\"KiB\",\"rounds\":[4,4],\"median\":4}"));
        final ReleaseResults now = load(Map.of("rss", "{\"unit\":\"KiB\",\"rounds\":[8,8],\"median\":8}"));
        assertThat(only(before, now)).isEqualTo(Verdict.LISTED);
    }

    private Verdict verdict(final String mode, final double before, final double now, final String error)
            throws IOException {
        return only(jmh(baseline(100), SampleResults.benchmark(STORE, mode, before, error, 0)),
            jmh(baseline(100), SampleResults.benchmark(STORE, mode, now, error, 0)));
    }

    private static Verdict only(final ReleaseResults before, final ReleaseResults now) {
        return ReleaseComparison.of(before, now).lines().get(0).verdict();
    }

    private ReleaseResults jmh(final String... benchmarks) throws IOException {
        return SampleResults.write(folder.resolve("" + written++), List.of(benchmarks), List.of());
    }

    private ReleaseResults load(final Map<String, String> figures) throws IOException {
        return SampleResults.write(folder.resolve("" + written++), List.of(),
            List.of(SampleResults.load("all-rate", figures, true)));
    }

    private static String baseline(final double score) {
        return SampleResults.benchmark("BaselineBenchmark.walk", "avgt", score, "0.1", 0);
    }
}
