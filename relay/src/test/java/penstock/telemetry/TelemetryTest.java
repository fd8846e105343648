package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TelemetryTest {
    private final Telemetry telemetry = new Telemetry();

    @Test
    void shouldWritePrometheusText() {
        telemetry.counters("feed").add(Counter.FEED_FRAMES, 7);
        telemetry.counters("fanout-0").increment(Counter.WRITES);
        telemetry.counters("fanout-1").add(Counter.WRITES, 2);
        telemetry.gauge("penstock_sessions", "Sessions open now.", "fanout-0", () -> 3);
        telemetry.gauge("penstock_start", "Back\\slash and\nnew line.", "", () -> -4);
        telemetry.gauge("penstock_odd", "Odd owner.", "a\"b\\c\nd", () -> 5);
        telemetry.latency("penstock_delivery", "From received to written.", "fanout-0").recordNs(1_500_000_000);
        telemetry.errors().record(new IllegalStateException("seen in this test only"));

        final Map<String, String> samples = parse(text());
        assertThat(samples).containsEntry("penstock_feed_frames_total{owner=\"feed\"}", "7")
            .containsEntry("penstock_writes_total{owner=\"fanout-0\"}", "1")
            .containsEntry("penstock_writes_total{owner=\"fanout-1\"}", "2")
            .containsEntry("penstock_requests_total{owner=\"fanout-1\"}", "0")
            .containsEntry("penstock_sessions{owner=\"fanout-0\"}", "3")
            .containsEntry("penstock_start", "-4")
            .containsEntry("penstock_odd{owner=\"a\\\"b\\\\c\\nd\"}", "5")
            .containsEntry("penstock_delivery_seconds_sum{owner=\"fanout-0\"}", "1.500000000")
            .containsEntry("penstock_delivery_seconds_count{owner=\"fanout-0\"}", "1")
            .containsEntry("penstock_errors_total", "1")
            .containsEntry("penstock_errors_distinct", "1");
        final String quantile = samples.get("penstock_delivery_seconds{owner=\"fanout-0\",quantile=\"0.99\"}");
        assertThat(Double.parseDouble(quantile)).isBetween(1.49, 1.52);
    }

    @Test
    void shouldOmitCountersThatAnOwnerNeverWrites() {
        telemetry.counters("feed");
        telemetry.counters("fanout-0");

        assertThat(parse(text()))
            .doesNotContainKeys("penstock_writes_total{owner=\"feed\"}",
            "penstock_feed_frames_total{owner=\"fanout-0\"}")
            .containsKeys("penstock_ring_full_total{owner=\"feed\"}",
            "penstock_updates_stored_total{owner=\"fanout-0\"}");
    }

    @Test
    void shouldReturnTheSameObjectForTheSameName() {
        assertThat(telemetry.counters("feed")).isSameAs(telemetry.counters("feed"));
        assertThat(telemetry.latency("penstock_x", "X.", "a"))
            .isSameAs(telemetry.latency("penstock_x_seconds", "X.", "a"))
            .isNotSameAs(telemetry.latency("penstock_x", "X.", "b"));
        telemetry.gauge("penstock_y", "Y.", "", () -> 1);
        telemetry.gauge("penstock_y", "Y.", "", () -> 2);
        assertThat(parse(text())).containsEntry("penstock_y", "2");
    }

    @Test
    void shouldSumACounterOverItsOwners() {
        telemetry.counters("fanout-0").add(Counter.WRITES, 2);
        telemetry.counters("fanout-1").add(Counter.WRITES, 3);

        assertThat(telemetry.sum(Counter.WRITES)).isEqualTo(5);
    }

    @Test
    void shouldWriteTheOtherGaugesIfOneFails() {
        telemetry.gauge("penstock_a", "Fails.", "", () -> {
            throw new IllegalStateException("gauge of this test");
        });
        telemetry.gauge("penstock_b", "Works.", "", () -> 1);

        assertThat(parse(text())).containsEntry("penstock_b", "1").doesNotContainKey("penstock_a");
        assertThat(telemetry.errors().distinctCount()).isEqualTo(1);
    }

    @Test
    void shouldRejectANameThatPrometheusRejects() {
        assertThatIllegalArgumentException().isThrownBy(() -> telemetry.gauge("a-b", "X.", "", () -> 1))
            .withMessageContaining("a-b");
    }

    @Test
    void shouldDescribeEveryCounterInASentence() {
        for (final Counter counter : Counter.values()) {
            assertThat(counter.sentence()).as(counter.name()).matches("[A-Z].*\\.");
        }
    }

    @Test
    void shouldMeasureTheProcess() {
        JvmGauges.register(telemetry);

        assertThat(Long.parseLong(parse(text()).get("jvm_heap_used_bytes"))).isPositive();
        assertThat(Long.parseLong(parse(text()).get("jvm_threads"))).isPositive();
    }

    private String text() {
        final StringBuilder text = new StringBuilder();
        telemetry.writeTo(text);
        return text.toString();
    }

    /** Checks the format: help and type once, before the samples of their metric, which stand together. */
    private static Map<String, String> parse(final String text) {
        final String labels = "\\{[a-z]+=\"(?:[^\"\\\\]|\\\\[\"\\\\n])*\"(?:,[a-z]+=\"[^\"]*\")?}";
        final Pattern sample = Pattern.compile("([a-z_]+)(" + labels + ")? (-?[0-9.]+)");
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
                assertThat(type).isIn("counter", "gauge", "summary");
            } else {
                final Matcher matcher = sample.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                final String base = type.equals("summary") ? matcher.group(1).replaceAll("_(sum|count)$", "")
                    : matcher.group(1);
                assertThat(base).isEqualTo(metric);
                assertThat(type).isNotEmpty();
                assertThat(samples.put(line.substring(0, line.lastIndexOf(' ')), matcher.group(3))).as(line).isNull();
            }
        }
        return samples;
    }
}
