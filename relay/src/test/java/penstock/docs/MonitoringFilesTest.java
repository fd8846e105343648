package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard ask for metrics that there are, and the page explains each alert. */
class MonitoringFilesTest {
    private static final String PAGE = Pages.text("relay/docs/how-to/monitoring.md");

    /** A wrong name is no error for Prometheus: the alert never fires. */
    @Test
    void shouldNameMetricsOfThePageOnly() throws IOException {
        final String metrics = Pages.text("relay/docs/reference/metrics.md");
        final Set<String> known = Pages.rows(metrics, "| metric | type | meaning |").stream()
            .map(row -> Pages.plain(row.get(0))).collect(Collectors.toSet());

        for (final String file : List.of(MonitoringFiles.ALERTS, MonitoringFiles.ALERTS_TEST)) {
            assertThat(MonitoringFiles.metrics(Pages.text(file))).as(file).hasSizeGreaterThan(20).isSubsetOf(known);
        }
        assertThat(MonitoringFiles.metrics(String.join("\n", MonitoringFiles.panels()))).hasSizeGreaterThan(40)
            .isSubsetOf(known);
        assertThat(MonitoringFiles.metrics(PAGE)).isSubsetOf(known);
    }

    @Test
    void shouldExplainEachAlertInTheirOrder() {
        assertThat(Pages.rows(PAGE, "| alert | when | what to do |").stream().map(row -> Pages.plain(row.get(0))))
            .isEqualTo(MonitoringFiles.alerts());
    }

    @Test
    void shouldTestThatEachAlertFires() {
        final String tests = Pages.text(MonitoringFiles.ALERTS_TEST);

        assertThat(MonitoringFiles.alerts()).hasSizeGreaterThan(20)
            .allSatisfy(alert -> assertThat(tests).contains("exp_samples: [{labels: '{alertname=\"" + alert + "\"}'"));
    }
}
