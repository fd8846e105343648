package penstock.telemetry;

import java.util.List;

/** The labels of an owner, and a sample's name with them, as {@code relay stat} and Prometheus show it. Stateless. */
final class SampleName {
    private SampleName() {
    }

    /** {@code penstock_writes_total{owner="fanout-0"}}. */
    static String of(final String name, final String owner) {
        final List<String> labels = labels(owner);
        final StringBuilder text = new StringBuilder(name);
        for (int i = 0; i < labels.size(); i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"")
                .append(labels.get(i + 1).replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"")).append('"');
        }
        return labels.isEmpty() ? name : text.append('}').toString();
    }

    /** {@code feed/kraken}, the thread and the feed that it works for, are two labels. Each name precedes its value. */
    static List<String> labels(final String owner) {
        if (owner.isEmpty()) {
            return List.of();
        }
        final int slash = owner.indexOf('/');
        if (slash < 0) {
            return List.of("owner", owner);
        }
        return slash == owner.length() - 1 ? List.of("owner", owner.substring(0, slash))
            : List.of("owner", owner.substring(0, slash), "feed", owner.substring(slash + 1));
    }
}
