package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private final Telemetry telemetry = new Telemetry();
    private final MetricsPage page = new MetricsPage(telemetry);

    @Test
    void shouldWritePrometheusText() {
        telemetry.counters("feed").add(Counter.FEED_FRAMES, 7);
        telemetry.counters("fanout-0").increment(Counter.WRITES);
        telemetry.counters("fanout-1").add(Counter.WRITES, 2);
        telemetry.gauge("penstock_sessions", "Sessions open now.", () -> 3, "owner", "fanout-0", "feed", "");
        telemetry.gauge("penstock_start", "Back\\slash and\nnew line.", () -> -4);
        telemetry.gauge("penstock_odd", "Odd owner.", () -> 5, "owner", "a\"b\\c\nd");
        telemetry.seconds("penstock_lag_seconds", "Lag.", 1_000, () -> -1_500);
        telemetry.seconds("penstock_none_seconds", "Unknown.", 1_000, () -> Telemetry.UNKNOWN);
        telemetry.latency("penstock_delivery_seconds", "From received to written.", "fanout-0")
            .recordNs(1_500_000_000);
        telemetry.errors().record(new IllegalStateException("seen in this test only"));

        final Map<String, String> samples = parse(page.text());
        assertThat(samples).containsEntry("penstock_feed_frames_total{owner=\"feed\"}", "7.0")
            .containsEntry("penstock_writes_total{owner=\"fanout-0\"}", "1.0")
            .containsEntry("penstock_writes_total{owner=\"fanout-1\"}", "2.0")
            .containsEntry("penstock_requests_total{owner=\"fanout-1\"}", "0.0")
            .containsEntry("penstock_sessions{owner=\"fanout-0\"}", "3.0")
            .containsEntry("penstock_start", "-4.0")
            .containsEntry("penstock_odd{owner=\"a\\\"b\\\\c\\nd\"}", "5.0")
            .containsEntry("penstock_lag_seconds", "-1.5")
            .containsEntry("penstock_none_seconds", "NaN")
            .containsEntry("penstock_delivery_seconds_bucket{owner=\"fanout-0\",le=\"1.0\"}", "0")
            .containsEntry("penstock_delivery_seconds_bucket{owner=\"fanout-0\",le=\"2.0\"}", "1")
            .containsEntry("penstock_delivery_seconds_bucket{owner=\"fanout-0\",le=\"+Inf\"}", "1")
            .containsEntry("penstock_delivery_seconds_sum{owner=\"fanout-0\"}", "1.5")
            .containsEntry("penstock_delivery_seconds_count{owner=\"fanout-0\"}", "1")
            .containsEntry("penstock_errors_total", "1.0")
            .containsEntry("penstock_errors_distinct", "1.0");
    }

    @Test
    void shouldWriteTheFormatThatTheScraperAsksFor() {
        final MetricsPage.Body text = page.write("text/plain");
        final MetricsPage.Body open = page.write("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(text.type()).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(open.type()).isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(new String(open.bytes(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }

    @Test
    void shouldHaveNoSampleOfAnUnknownCount() {
        telemetry.count("penstock_gaps_total", "Gaps.", () -> Telemetry.UNKNOWN, "channel", "quote");
        telemetry.count("penstock_gaps_total", "Gaps.", () -> 4, "channel", "trade");

        assertThat(parse(page.text())).containsEntry("penstock_gaps_total{channel=\"trade\"}", "4.0")
            .doesNotContainKey("penstock_gaps_total{channel=\"quote\"}");
    }

    @Test
    void shouldOmitCountersThatAnOwnerNeverWrites() {
        telemetry.counters("feed");
        telemetry.counters("fanout-0");

        assertThat(parse(page.text()))
            .doesNotContainKeys("penstock_writes_total{owner=\"feed\"}",
            "penstock_feed_frames_total{owner=\"fanout-0\"}")
            .containsKeys("penstock_ring_full_total{owner=\"feed\"}",
            "penstock_updates_stored_total{owner=\"fanout-0\"}");
    }

    @Test
    void shouldReturnTheSameObjectForTheSameName() {
        assertThat(telemetry.counters("feed")).isSameAs(telemetry.counters("feed"));
        assertThat(telemetry.latency("penstock_x_seconds", "X.", "a"))
            .isSameAs(telemetry.latency("penstock_x_seconds", "X.", "a"))
            .isNotSameAs(telemetry.latency("penstock_x_seconds", "X.", "b"));
        telemetry.gauge("penstock_y", "Y.", () -> 1);
        telemetry.gauge("penstock_y", "Y.", () -> 2);
        assertThat(parse(page.text())).containsEntry("penstock_y", "2.0");
    }

    @Test
    void shouldSumACounterOverItsOwners() {
        telemetry.counters("fanout-0").add(Counter.WRITES, 2);
        telemetry.counters("fanout-1").add(Counter.WRITES, 3);

        assertThat(telemetry.sum(Counter.WRITES)).isEqualTo(5);
    }

    @Test
    void shouldWriteTheOtherGaugesIfOneFails() {
        telemetry.gauge("penstock_a", "Fails.", () -> {
            throw new IllegalStateException("gauge of this test");
        });
        telemetry.gauge("penstock_b", "Works.", () -> 1);

        assertThat(parse(page.text())).containsEntry("penstock_b", "1.0").doesNotContainKey("penstock_a");
        assertThat(telemetry.errors().distinctCount()).isEqualTo(1);
    }

    @Test
    void shouldRejectANameThatPrometheusRejects() {
        assertThatIllegalArgumentException().isThrownBy(() -> telemetry.gauge("a-b", "X.", () -> 1))
            .withMessageContaining("a-b");
        assertThatIllegalArgumentException().isThrownBy(() -> telemetry.count("a", "X.", () -> 1))
            .withMessageContaining("_total");
    }

    @Test
    void shouldDescribeEveryCounterInASentence() {
        for (final Counter counter : Counter.values()) {
            assertThat(counter.sentence()).as(counter.name()).matches("[A-Z].*\\.");
        }
    }

    @Test
    void shouldMeasureTheProcess() {
        final Map<String, String> samples = parse(page.text());

        for (final String name : List.of("jvm_memory_used_bytes{area=\"heap\"}", "jvm_threads_current",
                "process_open_fds", "process_cpu_seconds_total", "process_resident_memory_bytes")) {
            assertThat(samples).containsKey(name);
            assertThat(Double.parseDouble(samples.get(name))).as(name).isPositive();
        }
    }

    /** Checks the format: help and type once, before the samples of their metric, which stand together. */
    private static Map<String, String> parse(final String text) {
        final String labels = "\\{[a-z]+=\"(?:[^\"\\\\]|\\\\[\"\\\\n])*\"(?:,[a-z]+=\"[^\"]*\")*}";
        final Pattern sample = Pattern.compile("([a-z_]+)(" + labels + ")? (-?[0-9.]+(?:E-?[0-9]+)?|NaN)");
        final Map<String, String> samples = new LinkedHashMap<>();
        final Set<String> metrics = new HashSet<>();
        String metric = "";
        String type = "";
        assertThat(text).endsWith("\n");
        for (final String line : text.split("\n")) {
            final String[] words = line.split(" ", 4);
            if (line.startsWith("# HELP ")) {
                metric = words[2];
                type = "";
                assertThat(metrics.add(metric)).as("one block for " + metric).isTrue();
                assertThat(words[3]).isNotBlank();
            } else if (line.startsWith("# TYPE ")) {
                assertThat(words[2]).isEqualTo(metric);
                type = words[3];
                assertThat(type).isIn("counter", "gauge", "summary", "histogram");
            } else {
                final Matcher matcher = sample.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                final String base = type.equals("summary") || type.equals("histogram")
                    ? matcher.group(1).replaceAll("_(sum|count|bucket)$", "") : matcher.group(1);
                assertThat(base).isEqualTo(metric);
                assertThat(type).isNotEmpty();
                assertThat(samples.put(line.substring(0, line.lastIndexOf(' ')), matcher.group(3))).as(line).isNull();
            }
        }
        return samples;
    }
}
