package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import picocli.CommandLine;

class PageCommandTest {
    @TempDir
    private Path folder;
    private final StringWriter printed = new StringWriter();

    @Test
    void shouldWriteThePageOfAFirstRelease() throws Exception {
        write("0.1.0", 50, true);
        assertThat(page("0.1.0", "--command", "scripts/bench --out x")).isZero();
        assertThat(printed.toString()).contains("no release before");
        assertThat(Files.readString(folder.resolve("0.1.0/README.md")))
            .contains("# Results of 0.1.0", "| commit | `abc` |",
            "scripts/bench --out x", "| cpu | EPYC |", "### StoreBenchmark",
            "| store sessions=100 | avgt | 50 ± 0.5 | ns/op | 0.5 | 0 |",
            "| cpu per update | 3.45 us | 1.01 ± 0.01 × floor | ≤ 1.05 | holds |", "There is none before it")
            .doesNotContain("Quick");
    }

    @Test
    void shouldRefuseARegressionUnlessAllowed() throws Exception {
        write("0.1.0", 50, true);
        write("0.2.0", 70, true);
        assertThat(page("0.2.0")).isEqualTo(ReleaseTool.REFUSED);
        assertThat(printed.toString())
            .contains("over 10 % worse, beyond the error bars: StoreBenchmark.store sessions=100 (avgt)");
        assertThat(Files.readString(folder.resolve("0.2.0/README.md"))).contains("| +40 % | **regression** |");
        assertThat(page("0.2.0", "--allow-regression")).isZero();
    }

    @Test
    void shouldRefuseABrokenTruth() throws Exception {
        write("0.1.0", 50, false);
        assertThat(page("0.1.0")).isEqualTo(ReleaseTool.REFUSED);
        assertThat(printed.toString()).contains("does not hold: broadcast: nothing is lost");
    }

    @Test
    void shouldCompareNothingWithQuickResults() throws Exception {
        write("0.1.0", 50, true);
        assertThat(page("0.1.0", "--quick")).isZero();
        assertThat(Files.readString(folder.resolve("0.1.0/README.md"))).contains("**Quick");
        write("0.2.0", 70, true);
        assertThat(page("0.2.0")).isZero();
    }

    @Test
    void shouldRejectFiguresWithoutABaseline() throws Exception {
        SampleResults.write(folder.resolve("0.1.0"),
            List.of(SampleResults.benchmark("Store.store", "avgt", 1, "0.1", 0)),
            List.of());
        assertThat(page("0.1.0")).isEqualTo(1);
        assertThat(printed.toString()).contains("has no BaselineBenchmark")
            .contains("run scripts/bench without a pattern");
    }

    @Test
    void shouldDrawACurveForEachCandidate() throws Exception {
        write("0.1.0", 50, true);
        SampleResults.log(folder.resolve("0.1.0/load/broadcast.hlog"),
            List.of("relay-raw", "relay", "floor", "naive"), 7);
        SampleResults.log(folder.resolve("0.1.0/load/latency.hlog"), List.of("relay-raw", "floor<&>"), 8);
        assertThat(page("0.1.0")).isZero();
        final String svg = Files.readString(folder.resolve("0.1.0/percentiles.svg"));
        final Document picture = DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        final List<String> curves = new ArrayList<>();
        for (int i = 0; i < picture.getElementsByTagName("polyline").getLength(); i++) {
            curves.add(picture.getElementsByTagName("polyline").item(i).getTextContent());
        }
        assertThat(curves).containsExactly("relay-raw", "relay", "floor", "naive", "relay-raw", "floor<&>");
        assertThat(svg).contains(">99.9 %<", ">latency, ms<", ">percentile<").doesNotContain("NaN", "Infinity");
        assertThat(Files.readString(folder.resolve("0.1.0/README.md"))).contains("(percentiles.svg)");
    }

    @Test
    void shouldPutTheKeyFiguresIntoTheChangelog() throws Exception {
        write("0.1.0", 50, true);
        final Path file = folder.resolve("CHANGELOG.md");
        Files.writeString(file, "# Changes\n\n## Unreleased\n\n* A.\n");
        assertThat(run("changelog", "--file", file.toString(), "--version", "0.1.0", "--date", "2027-01-02",
            "--results",
            folder.resolve("0.1.0").toString())).isZero();
        assertThat(Files.readString(file))
            .contains("Measured: broadcast, cpu per update 1.01 × floor; 1 of 1 bars hold. "
            + "All figures: [bench/results/0.1.0](bench/results/0.1.0/README.md).\n");
    }

    private void write(final String version, final double score, final boolean truth) throws Exception {
        SampleResults.write(folder.resolve(version),
            List.of(SampleResults.benchmark("BaselineBenchmark.walk", "avgt", 100, "0.1", 0),
            SampleResults.benchmark("StoreBenchmark.store", "avgt", score, "0.5", 0)),
            List.of(SampleResults.load("broadcast",
            Map.of("cpu per update", SampleResults.figure("us", 1.05, true, 1.0, 1.01, 1.02)), truth)));
    }

    private int page(final String version, final String... more) {
        final List<String> all =
            new ArrayList<>(List.of("page", "--version", version, "--commit", "abc", "--date", "2027-01-02",
            "--measured", folder.resolve(version).toString(), "--results", folder.toString()));
        all.addAll(List.of(more));
        return run(all.toArray(String[]::new));
    }

    private int run(final String... arguments) {
        final CommandLine line = ReleaseTool.commandLine();
        line.setOut(new PrintWriter(printed, true));
        line.setErr(new PrintWriter(printed, true));
        return line.execute(arguments);
    }
}
