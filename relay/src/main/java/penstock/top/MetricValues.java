package penstock.top;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The relay's own metrics at one moment, from the text that Prometheus reads. Immutable after it was filled. */
final class MetricValues {
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String BUCKET = "_bucket";

    private final Map<String, Double> sums = new HashMap<>();
    private final Map<String, Map<String, Double>> byOwner = new HashMap<>();
    /** What the relay is among others; null = it is not known. */
    private String role;
    private final Map<String, NavigableMap<Double, Double>> buckets = new HashMap<>();

    /** Those of a page of {@code /metrics}. */
    static MetricValues parse(final String page) {
        final MetricValues values = new MetricValues();
        page.lines().filter(line -> !line.isEmpty() && line.charAt(0) != '#').forEach(line -> {
            final int end = line.lastIndexOf(' ');
            values.add(line.substring(0, end), Double.parseDouble(line.substring(end + 1)));
        });
        return values;
    }

    /** Adds one; {@code sample} is its name and its labels in braces. */
    void add(final String sample, final double value) {
        final int brace = sample.indexOf('{');
        final String name = brace < 0 ? sample : sample.substring(0, brace);
        final Map<String, String> labels = brace < 0 ? Map.of() : labels(sample.substring(brace));
        sums.merge(name, value, Double::sum);
        final String owner = labels.getOrDefault("owner", labels.get("edge"));
        if (owner != null) {
            final String feed = labels.getOrDefault("feed", "");
            byOwner.computeIfAbsent(name, key -> new TreeMap<>())
                .merge(owner + (feed.isEmpty() ? "" : "/" + feed), value, Double::sum);
        }
        if (name.equals("penstock_role") && value > 0) {
            role = labels.get("role");
        }
        if (name.endsWith(BUCKET)) {
            final String bound = labels.get("le");
            buckets.computeIfAbsent(name.substring(0, name.length() - BUCKET.length()), key -> new TreeMap<>())
                .merge(bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound), value, Double::sum);
        }
    }

    /** The sum of all samples of a metric; NaN if there is none. */
    double sum(final String name) {
        return sums.getOrDefault(name, Double.NaN);
    }

    /** What the relay is among others; standalone if that is not known. */
    String role() {
        return role == null ? "standalone" : role;
    }

    /** A metric of each thread, or each edge, that has it. */
    Map<String, Double> byOwner(final String name) {
        return byOwner.getOrDefault(name, Map.of());
    }

    /** The buckets of a histogram over all threads: how many were at most that long. */
    NavigableMap<Double, Double> buckets(final String name) {
        return buckets.getOrDefault(name, new TreeMap<>());
    }

    private static Map<String, String> labels(final String text) {
        final Map<String, String> labels = new HashMap<>();
        final Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }
}
