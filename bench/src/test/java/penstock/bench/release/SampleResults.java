package penstock.bench.release;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Results as JMH and the load rig write them. Stateless. */
final class SampleResults {
    private SampleResults() {
    }

    /** One line of JMH's results. */
    static String benchmark(final String name, final String mode, final double score, final String error,
            final double bytes) {
        return String.format(Locale.ROOT, """
            {"jmhVersion":"1.37","benchmark":"penstock.bench.jmh.%s","mode":"%s","threads":1,"forks":2,"vmName":"VM","vmVersion":"17",
             "warmupIterations":3,"warmupTime":"1 s","measurementIterations":5,"measurementTime":"1 s","params":{"sessions":"100"},
             "primaryMetric":{"score":%s,"scoreError":%s,"scoreUnit":"%s","rawData":[[1.0]]},
             "secondaryMetrics":{"gc.alloc.rate.norm":{"score":%s,"scoreError":"NaN","scoreUnit":"B/op"}}}
            """, name, mode, score, error, mode.equals("thrpt") ? "ops/us" : "ns/op",
            bytes);
    }

    static String figure(final String unit, final double bar, final boolean holds, final double... ratios) {
        final List<String> rounds = Arrays.stream(ratios).mapToObj(Double::toString).toList();
        return String.format(Locale.ROOT, "{\"unit\":\"%s\",\"rounds\":[3.4,3.5],\"median\":3.45,"
            + "\"ratio\":{\"to\":\"cpu, floor\",\"rounds\":%s,"
            + "\"median\":%s,\"bar\":%s,\"better\":\"%s\",\"holds\":%s}}", unit, rounds,
            Arrays.stream(ratios).sorted().toArray()[ratios.length / 2], bar, unit.equals("1/s") ? "higher" : "lower",
            holds);
    }

    static String load(final String scenario, final Map<String, String> figures, final boolean truth) {
        final StringBuilder all = new StringBuilder();
        figures.forEach((name, figure) -> all.append(all.isEmpty() ? "" : ",").append('"').append(name).append("\":")
            .append(figure));
        return "{\"scenario\":\"" + scenario
            + "\",\"environment\":{\"cpu\":\"EPYC\",\"processors\":2,\"plan\":\"5 rounds\"},"
            + "\"latencyMs\":{\"relay-raw\":[{\"samples\":9,\"p50\":1.5,\"p99\":4.0,\"p99.9\":8.0}]},\"figures\":{"
            + all
            + "},\"facts\":{},\"truths\":{\"nothing is lost\":" + truth + "}}";
    }

    /** Writes a folder of results. */
    static ReleaseResults write(final Path folder, final List<String> benchmarks, final List<String> loads)
            throws IOException {
        Files.createDirectories(folder.resolve("load"));
        Files.writeString(folder.resolve("jmh.json"), "[" + String.join(",", benchmarks) + "]");
        for (int i = 0; i < loads.size(); i++) {
            Files.writeString(folder.resolve("load").resolve(i + ".json"), loads.get(i));
        }
        return ReleaseResults.read(folder.getFileName().toString(), folder);
    }

    /** A log of two rounds for each of these. */
    static void log(final Path file, final List<String> tags, final long seed) throws IOException {
        try (PrintStream out = new PrintStream(file.toFile(), StandardCharsets.UTF_8)) {
            final HistogramLogWriter writer = new HistogramLogWriter(out);
            writer.outputLogFormatVersion();
            writer.outputLegend();
            final SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < 2 * tags.size(); i++) {
                final Histogram round = new Histogram(3);
                final double scale = 1 + 0.2 * (i % tags.size());
                for (int n = 0; n < 20_000; n++) {
                    round.recordValue((long) (scale * (400_000 - 900_000 * Math.log(1 - random.nextDouble())
                        + (random.nextInt(300) == 0 ? 20_000_000 * random.nextDouble() : 0))));
                }
                round.setTag(tags.get(i % tags.size()) + "#" + (i / tags.size() + 1));
                round.setStartTimeStamp(1000L * i);
                round.setEndTimeStamp(1000L * i + 999);
                writer.outputIntervalHistogram(round);
            }
        }
    }
}
