package penstock.bench.load.server;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Reads figures of a running relay from /proc and its metrics: threads and latencies. Stateless. */
public final class ServerInspection {
    private static final long NS_PER_TICK = 10_000_000;
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

    /** A quantile of a latency since the relay started, of the owner for which it is largest. */
    public static double latencyMs(final ServerProcess relay, final String name, final String quantile)
            throws IOException {
        final String text =
            new String(URI.create("http://127.0.0.1:" + relay.port() + "/metrics").toURL().openStream().readAllBytes(),
            StandardCharsets.UTF_8);
        return text.lines()
            .filter(line -> line.startsWith(name + "_seconds{") && line.contains("quantile=\"" + quantile + "\""))
            .mapToDouble(line -> 1e3 * Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).max()
            .orElseThrow();
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
