package penstock.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The alerts and the dashboard that are shipped, and the test of the alerts. Stateless. */
public final class MonitoringFiles {
    public static final String ALERTS = "config/prometheus/alerts.yml";
    public static final String DASHBOARD = "config/grafana/penstock.json";
    public static final String ALERTS_TEST = "relay/src/test/resources/prometheus/alerts-test.yml";

    private static final Pattern ALERT = Pattern.compile("(?m)^ +- alert: (\\w+)$");
    private static final Pattern METRIC = Pattern.compile("\\b(?:penstock|jvm|process)_[a-z_]+");

    private MonitoringFiles() {
    }

    /** The names of the alerts, in their order. */
    public static List<String> alerts() {
        return ALERT.matcher(Pages.text(ALERTS)).results().map(found -> found.group(1)).toList();
    }

    /** The file of the alerts, and the one that tests them. */
    public static List<Path> ofAlerts() {
        return List.of(Pages.path(ALERTS), Pages.path(ALERTS_TEST));
    }

    /** What the panels of the dashboard ask for, with the variables of Grafana replaced. */
    public static List<String> panels() throws IOException {
        final JsonNode panels = new ObjectMapper().readTree(Pages.text(DASHBOARD)).get("panels");
        return panels.findValuesAsText("expr").stream()
            .map(text -> text.replace("$__rate_interval", "1m").replace("$instance", ".*")).toList();
    }

    /** The metrics that a text names, without the endings that a histogram adds. */
    static Set<String> metrics(final String text) {
        final Set<String> metrics = new TreeSet<>();
        METRIC.matcher(text).results().map(MatchResult::group)
            .forEach(name -> metrics.add(name.replaceAll("(?<=_seconds)_(bucket|sum|count)$", "")));
        return metrics;
    }
}
