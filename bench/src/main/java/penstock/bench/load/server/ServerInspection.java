package penstock.bench.load.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads figures of a running relay from /proc and its metrics: threads and latencies. Stateless. */
public final class ServerInspection {
    private static final long NS_PER_TICK = 10_000_000;
    private static final Pattern BUCKET =
        Pattern.compile("(?m)^(\\w+)_bucket\\{.*le=\"([^\"]+)\".*} (\\S+)$");
    private static final int NAME_LENGTH = 15; // the system keeps no more

    private ServerInspection() {
    }

    /** Processor time, user and system, of the threads whose names have this prefix. */
    public static long threadCpuNs(final ServerProcess server, final String name) throws IOException {
        long ticks = 0;
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(server.pid()), "task"))) {
            for (final Path task : tasks.toList()) {
                ticks += ticks(task.resolve("stat"), "(" + name.substring(0, Math.min(NAME_LENGTH, name.length())));
            }
        }
        return ticks * NS_PER_TICK;
    }

    /**
     * A quantile of a latency since the relay started, over all its threads: interpolated within a bucket of the
     * histogram, as Prometheus does it.
     */
    public static double latencyMs(final ServerProcess relay, final String name, final double quantile)
            throws IOException {
        final String text =
            new String(URI.create("http://127.0.0.1:" + relay.port() + "/metrics").toURL().openStream().readAllBytes(),
            StandardCharsets.UTF_8);
        final NavigableMap<Double, Double> latencies = new TreeMap<>();
        BUCKET.matcher(text).results().filter(found -> found.group(1).equals(name)).forEach(found ->
            latencies.merge(Double.valueOf(found.group(2).replace("+Inf", "Infinity")),
                Double.valueOf(found.group(3)), Double::sum));
        return 1e3 * quantile(latencies, quantile);
    }

    /** By the upper bound of each bucket: the latencies up to it. */
    static double quantile(final NavigableMap<Double, Double> latencies, final double quantile) {
        final double rank = quantile * latencies.lastEntry().getValue();
        double bound = 0;
        double count = 0;
        for (final Map.Entry<Double, Double> bucket : latencies.entrySet()) {
            if (bucket.getValue() >= rank && bucket.getValue() > count) {
                return bucket.getKey().isInfinite() ? bound
                    : bound + (bucket.getKey() - bound) * (rank - count) / (bucket.getValue() - count);
            }
            bound = bucket.getKey();
            count = bucket.getValue();
        }
        throw new IllegalStateException("the relay measured no latency");
    }

    private static long ticks(final Path stat, final String name) throws IOException {
        try {
            final String text = Files.readString(stat);
            final String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return text.startsWith(name, text.indexOf('(')) ? Long.parseLong(fields[11]) + Long.parseLong(fields[12])
                : 0;
        } catch (final NoSuchFileException e) {
            return 0; // it has just ended
        }
    }
}
