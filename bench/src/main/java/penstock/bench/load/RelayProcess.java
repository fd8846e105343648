package penstock.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The relay as its users start it, by {@code scripts/relay}, and what the system tells of its process. Owned by the scenario's thread. */
final class RelayProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("ws://localhost:(\\d+)/v1/ws");
    private static final double START_SECONDS = 180; // with a build
    private static final int MICROS_PER_TICK = 10_000;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private int port;

    RelayProcess(final Plan plan, final PacedFeed feed, final String settings) throws IOException {
        Files.writeString(plan.folder().resolve("load-venue.conf"), PacedFeed.VENUE);
        final Path config = plan.folder().resolve("relay.conf");
        Files.writeString(config, "feed { name = load, venue = \"load-venue.conf\", url = \"" + feed.url() + "\" }\n"
            + "server { port = 0, public-metrics = true }\nadmin.enabled = false\n" + settings + "\n");
        process = new ProcessBuilder(plan.home().resolve("scripts/relay").toString(), "run", "-c", config.toString())
            .redirectError(plan.folder().resolve("relay.log").toFile()).start();
        final BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && port == 0) {
            final Matcher address = ADDRESS.matcher(line);
            port = address.find() ? Integer.parseInt(address.group(1)) : 0;
            line = port == 0 ? out.readLine() : null;
        }
        if (port == 0) {
            throw new IllegalStateException("the relay did not start; see " + plan.folder().resolve("relay.log"));
        }
        Clock.await("data of the relay's feed", START_SECONDS, () -> metric("penstock_topics") >= 2 * plan.symbols());
    }

    int port() {
        return port;
    }

    /** The memory that the system has given it, in bytes. */
    long residentBytes() {
        for (final String line : read("status").split("\n")) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
            }
        }
        throw new IllegalStateException("no VmRSS in /proc/" + process.pid() + "/status; the rig needs Linux");
    }

    /** The processor time that it has used, user and system. */
    long cpuMicros() {
        final String stat = read("stat");
        final String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }

    /** What of the heap is in use after a full collection, and of direct buffers. Halts the relay for a moment: not while measuring. */
    long liveBytes() throws IOException, InterruptedException {
        final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        final Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.run")
            .redirectErrorStream(true).start();
        try (InputStream out = collection.getInputStream()) {
            out.readAllBytes();
        }
        if (collection.waitFor() != 0) {
            throw new IllegalStateException(jcmd + " cannot reach the relay; run the rig on a JDK, as the user of the relay");
        }
        return metric("jvm_heap_used_bytes") + metric("jvm_buffers_used_bytes");
    }

    /** The sum over all owners of a metric. */
    long metric(final String name) {
        try {
            final URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
            final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
            return answer.body().lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
        } catch (final IOException e) {
            throw new IllegalStateException("the relay does not answer on port " + port, e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private String read(final String name) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), name));
        } catch (final IOException e) {
            throw new IllegalStateException("the relay has ended; see relay.log in the folder of the results", e);
        }
    }
}
