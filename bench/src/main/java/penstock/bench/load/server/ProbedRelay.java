package penstock.bench.load.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.hold.FirstRequest;
import penstock.bench.load.hold.HoldProbe;
import penstock.bench.load.rig.LoadPlan;
import penstock.bench.load.rig.RigClock;
import penstock.telemetry.TelemetryReader;

/**
 * A relay in a process of its own that says how long its io thread was held: with the shipped options of the Java
 * machine, and a log of its pauses. Owned by the scenario's thread.
 */
public final class ProbedRelay extends ServerProcess implements FirstRequest.Probe {
    /** How clients come. */
    public enum Way {
        /** Without anything more. */
        PLAIN,
        /** With permessage-deflate. */
        DEFLATE,
        /** Through TLS. */
        TLS,
        /** With a token, for all products. */
        TOKEN
    }

    /**
     * What the io thread did between two looks.
     *
     * @param cpuNs   the longest hold in CPU time
     * @param clockNs the longest hold by the clock, with pauses and waits for a core
     * @param bytes   that it allocated
     * @param pauseNs the longest pause of the Java machine
     */
    public record Held(long cpuNs, long clockNs, long bytes, long pauseNs) {
    }

    private static final Pattern ADDRESS = Pattern.compile("(ws|wss)://localhost:(\\d+)/v1/ws");
    private static final Pattern PAUSE = Pattern.compile("Total: +(\\d+) ns");
    private static final String LIMITS =
        "fanout.limits.symbols = 20000\nlimits.work-per-second = 0\nserver.io-threads = 1\nadmin.enabled = false\n";
    private static final double START_SECONDS = 60;
    private static final double SETTLE_SECONDS = 0.7;
    private static final String STORED = "penstock_updates_stored_total";

    private final BufferedReader out;
    private final Path pauses;
    private long read;
    private Held held;

    /** On this feed of that many topics. */
    public ProbedRelay(final LoadPlan plan, final String feedUrl, final int topics, final Way way) throws IOException {
        this(plan, feedUrl, topics, way, new LoadCredentials(plan.folder()));
    }

    private ProbedRelay(final LoadPlan plan, final String feedUrl, final int topics, final Way way,
            final LoadCredentials credentials) throws IOException {
        super("relay-probed", plan, builder(plan, feedUrl, settings(way, credentials)), way == Way.TLS
            ? credentials.byTls() : way == Way.TOKEN ? credentials.byToken() : ClientSecurity.NONE);
        out = process().inputReader(StandardCharsets.UTF_8);
        pauses = plan.folder().resolve("safepoints.log");
        final Matcher address = line(ADDRESS);
        listensOn(Integer.parseInt(address.group(2)));
        RigClock.await("values of all topics", START_SECONDS, () -> stored(plan) >= topics);
        RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
        end();
    }

    /** From here on. */
    @Override
    public void begin() {
        look();
    }

    /** Up to here. */
    @Override
    public void end() {
        held = look();
    }

    /** Between the last {@link #begin} and {@link #end}; of the start before the first. */
    public Held held() {
        return held;
    }

    /** Sends one request and returns what it made the io thread do. */
    public Held ask(final FirstRequest request, final Way way) throws IOException {
        request.ask(port(), security(), way == Way.DEFLATE, this);
        return held;
    }

    private Held look() {
        try {
            final OutputStream in = process().getOutputStream();
            in.write('\n');
            in.flush();
            final Matcher figures = line(Pattern.compile("^" + HoldProbe.ANSWER + " (\\d+) (-?\\d+) (\\d+)$"));
            return new Held(Long.parseLong(figures.group(1)), Math.max(0, Long.parseLong(figures.group(2))),
                Long.parseLong(figures.group(3)), longestPauseNs());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long longestPauseNs() throws IOException {
        long longest = 0;
        final byte[] log = Files.readAllBytes(pauses);
        final Matcher pause = PAUSE.matcher(new String(log, (int) read, (int) (log.length - read),
            StandardCharsets.UTF_8));
        while (pause.find()) {
            longest = Math.max(longest, Long.parseLong(pause.group(1)));
        }
        read = log.length;
        return longest;
    }

    private Matcher line(final Pattern pattern) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            final Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher;
            }
        }
        throw new IllegalStateException("the relay has ended; see " + name() + ".log in the folder of the results");
    }

    private static long stored(final LoadPlan plan) {
        try {
            return TelemetryReader.open(plan.folder().resolve("telemetry")).samples().stream()
                .filter(sample -> sample.label().startsWith(STORED)).mapToLong(TelemetryReader.Sample::value).sum();
        } catch (final IOException e) {
            return 0;
        }
    }

    private static String settings(final Way way, final LoadCredentials credentials) {
        return LIMITS + switch (way) {
            case PLAIN -> "";
            case DEFLATE -> "server.deflate = true";
            case TLS -> credentials.tls();
            case TOKEN -> credentials.products();
        };
    }

    private static ProcessBuilder builder(final LoadPlan plan, final String feedUrl, final String settings)
            throws IOException {
        final Path folder = plan.folder();
        Files.writeString(folder.resolve("load-venue.conf"), PacedFeed.VENUE);
        Files.writeString(folder.resolve("relay.conf"), "feed { name = load, venue = \"load-venue.conf\", url = \""
            + feedUrl + "\", max-topics = 50000 }\nserver.port = 0\ntelemetry.dir = \""
            + folder.resolve("telemetry") + "\"\n" + settings + "\n");
        final List<String> command =
            new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        try (Stream<String> options = Files.lines(plan.home().resolve("config/jvm.options"))) {
            options.map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(command::add);
        }
        command.add("-Xlog:safepoint:file=" + folder.resolve("safepoints.log") + "::filecount=0");
        final String more = System.getenv().getOrDefault("JAVA_OPTS", "").strip();
        command.addAll(more.isEmpty() ? List.of() : List.of(more.split("\\s+")));
        command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-cp", plan.home().resolve("relay/target/penstock-all.jar") + ":"
            + System.getProperty("java.class.path"), HoldProbe.class.getName(), "run", "-c",
            folder.resolve("relay.conf").toString()));
        plan.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new ProcessBuilder(command);
    }
}
