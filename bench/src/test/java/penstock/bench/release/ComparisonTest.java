package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.bench.release.Comparison.Verdict;

class ComparisonTest {
    private static final String STORE = "StoreBenchmark.store";

    @TempDir
    private Path folder;
    private int written;

    @Test
    void shouldNotBlameAReleaseForASlowerMachine() throws IOException {
        final Results before = jmh(baseline(100), Samples.benchmark(STORE, "avgt", 50, "0.5", 0));
        final Results now = jmh(baseline(200), Samples.benchmark(STORE, "avgt", 101, "0.5", 0));
        assertThat(Comparison.of(before, now).lines()).singleElement()
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
        final Results results = jmh(baseline(100), Samples.benchmark("BaselineBenchmark.walk", "thrpt", 20, "0.1", 0),
            Samples.benchmark(STORE, "thrpt", 10, "0.1", 0), Samples.benchmark(STORE, "avgt", 50, "0.1", 0));
        assertThat(results.suite().figures()).extracting(each -> Numbers.plain(results.suite().ratio(each)))
            .containsExactly("2", "0.5");
    }

    @Test
    void shouldRefuseGarbageWhereThereWasNone() throws IOException {
        final Results before = jmh(baseline(100), Samples.benchmark(STORE, "avgt", 50, "0.5", 0.001));
        final Results some = jmh(baseline(100), Samples.benchmark(STORE, "avgt", 50, "0.5", 24));
        final Results hardly = jmh(baseline(100), Samples.benchmark(STORE, "avgt", 50, "0.5", 0.9));
        assertThat(Comparison.of(before, some).with(Verdict.REGRESSION)).singleElement()
            .hasToString("StoreBenchmark.store sessions=100 (avgt), garbage: 0.001 B/op → 24 B/op");
        assertThat(Comparison.of(before, hardly).with(Verdict.REGRESSION)).isEmpty();
        assertThat(Comparison.of(some, some).with(Verdict.REGRESSION)).isEmpty();
    }

    @Test
    void shouldTellWhatIsNewOrGoneAndRefuseNeither() throws IOException {
        final Results before = jmh(baseline(100), Samples.benchmark("Old.one", "avgt", 50, "0.5", 0));
        final Results now = jmh(baseline(100), Samples.benchmark("New.one", "avgt", 50, "0.5", 0));
        assertThat(Comparison.of(before, now).lines()).extracting(Comparison.Line::verdict)
            .containsExactly(Verdict.NEW, Verdict.GONE);
    }

    @Test
    void shouldCompareLoadByTheRatioToTheFloor() throws IOException {
        final Results before = load(Map.of("cpu", Samples.figure("us", 1.05, true, 1.00, 1.01, 1.02)));
        assertThat(only(before, load(Map.of("cpu", Samples.figure("us", 1.05, false, 1.14, 1.15, 1.16)))))
            .isEqualTo(Verdict.REGRESSION);
        assertThat(only(before, load(Map.of("cpu", Samples.figure("us", 1.05, false, 0.9, 1.15, 1.4)))))
            .isEqualTo(Verdict.NOISE);
        assertThat(only(before, load(Map.of("cpu", Samples.figure("us", 1.05, true, 1.0, 1.02, 1.03)))))
            .isEqualTo(Verdict.SAME);
    }

    @Test
    void shouldKnowThatAHigherRateIsBetter() throws IOException {
        final Results before = load(Map.of("rate", Samples.figure("1/s", 0.6, true, 0.79, 0.80, 0.81)));
        assertThat(only(before, load(Map.of("rate", Samples.figure("1/s", 0.6, true, 0.69, 0.70, 0.71)))))
            .isEqualTo(Verdict.REGRESSION);
        assertThat(only(before, load(Map.of("rate", Samples.figure("1/s", 0.6, true, 0.94, 0.95, 0.96)))))
            .isEqualTo(Verdict.BETTER);
    }

    @Test
    void shouldOnlyTellAFigureThatHasNoRatio() throws IOException {
        final Results before = load(Map.of("rss", "{\"unit\":\"KiB\",\"rounds\":[4,4],\"median\":4}"));
        final Results now = load(Map.of("rss", "{\"unit\":\"KiB\",\"rounds\":[8,8],\"median\":8}"));
        assertThat(only(before, now)).isEqualTo(Verdict.TOLD);
    }

    private Verdict verdict(final String mode, final double before, final double now, final String error)
            throws IOException {
        return only(jmh(baseline(100), Samples.benchmark(STORE, mode, before, error, 0)),
            jmh(baseline(100), Samples.benchmark(STORE, mode, now, error, 0)));
    }

    private static Verdict only(final Results before, final Results now) {
        return Comparison.of(before, now).lines().get(0).verdict();
    }

    private Results jmh(final String... benchmarks) throws IOException {
        return Samples.write(folder.resolve("" + written++), List.of(benchmarks), List.of());
    }

    private Results load(final Map<String, String> figures) throws IOException {
        return Samples.write(folder.resolve("" + written++), List.of(),
            List.of(Samples.load("all-rate", figures, true)));
    }

    private static String baseline(final double score) {
        return Samples.benchmark("BaselineBenchmark.walk", "avgt", score, "0.1", 0);
    }
}
