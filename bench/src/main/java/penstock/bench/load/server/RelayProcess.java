package penstock.bench.load.server;

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadPlan;
import penstock.bench.load.rig.RigClock;

/** The relay as its users start it, by {@code scripts/relay}. Owned by the scenario's thread. */
public final class RelayProcess extends ServerProcess {
    /** The protocol's envelope. */
    public static final String ENVELOPE = "/v1/ws";
    /** The venue's payloads and nothing else. */
    public static final String RAW = "/v1/raw";

    private static final Pattern ADDRESS = Pattern.compile("wss?://localhost:(\\d+)/v1/ws");
    private static final double START_SECONDS = 180; // with a build

    private final String endpoint;
    private final HttpClient http;
    private Runnable beforeEnd = () -> { };

    /**
     * Starts the relay with these settings (HOCON) in addition to those of the plan, and waits until it knows all
     * topics.
     */
    public RelayProcess(final LoadPlan plan, final PacedFeed feed, final String settings) throws IOException {
        this("relay", ENVELOPE, plan, feed, settings);
    }

    /** A relay whose sessions use {@link #ENVELOPE} or {@link #RAW}. */
    public RelayProcess(final String name, final String endpoint, final LoadPlan plan, final PacedFeed feed,
            final String settings) throws IOException {
        this(name, endpoint, plan, feed, settings, ClientSecurity.NONE);
    }

    /** A relay that its sessions reach like this. */
    public RelayProcess(final String name, final String endpoint, final LoadPlan plan, final PacedFeed feed,
            final String settings, final ClientSecurity security)
        throws IOException {
        super(name, plan, builder(plan, feed.url(), PacedFeed.VENUE, settings), security);
        this.endpoint = endpoint;
        http = http();
        awaitAddress();
        RigClock.await("data of the relay's feed", START_SECONDS,
            () -> metric("penstock_topics") >= feed.shape().topics());
    }

    /**
     * A relay with another feed, by the rules of a built-in venue or the text of a venue file; waits only for its
     * address.
     */
    public RelayProcess(final LoadPlan plan, final String feedUrl, final String venue, final String settings)
            throws IOException {
        super("relay", plan, builder(plan, feedUrl, venue, settings), ClientSecurity.NONE);
        endpoint = ENVELOPE;
        http = http();
        awaitAddress();
    }

    @Override
    public ClientOptions options(final Collection<String> symbols, final String query, final UpdateStats stats) {
        final String names = symbols.isEmpty() ? "*" : String.join(",", symbols);
        return ClientOptions.of(endpoint + "?symbols=" + names + (query.isEmpty() ? "" : "&" + query), null, stats)
            .with(security());
    }

    /**
     * Heap in use after a full collection, plus direct buffers. Stops the relay for a moment, so do not call it while
     * measuring.
     */
    public long liveBytes() throws IOException, InterruptedException {
        final Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        final Process collection = new ProcessBuilder(jcmd.toString(), Long.toString(pid()), "GC.run")
            .redirectErrorStream(true).start();
        try (InputStream out = collection.getInputStream()) {
            out.readAllBytes();
        }
        if (collection.waitFor() != 0) {
            throw new IllegalStateException(jcmd
                + " cannot reach the relay; run the rig on a JDK, as the user of the relay");
        }
        return metric("jvm_memory_used_bytes{area=\"heap\"}") + metric("jvm_buffer_pool_used_bytes{pool=\"direct\"}");
    }

    /** The same relay; {@code task} runs before it is ended. */
    RelayProcess beforeEnd(final Runnable task) {
        beforeEnd = task;
        return this;
    }

    @Override
    public void close() {
        try {
            beforeEnd.run();
        } finally {
            super.close();
        }
    }

    /** The sum over all owners of a metric. */
    public long metric(final String name) {
        try {
            final URI metrics = URI.create((security().tls() == null ? "http" : "https")
                + "://localhost:" + port() + "/metrics");
            final HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
            return answer.body().lines().filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
        } catch (final IOException e) {
            throw new IllegalStateException("the relay does not answer on port " + port(), e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static ProcessBuilder builder(final LoadPlan plan, final String feedUrl, final String venue,
            final String settings)
        throws IOException {
        final boolean isBuiltIn = venue.indexOf('\n') < 0;
        if (!isBuiltIn) {
            Files.writeString(plan.folder().resolve("load-venue.conf"), venue);
        }
        final Path config = plan.folder().resolve("relay.conf");
        // another relay gives its feeds their names
        final String name = venue.equals("penstock") ? "" : "name = load, ";
        Files.writeString(config, "feed { " + name + "venue = \"" + (isBuiltIn ? venue : "load-venue.conf")
            + "\", url = \"" + feedUrl
            + "\" }\nserver { port = 0, public-metrics = true }\nadmin.enabled = false\n" + settings + "\n");
        final List<String> command = new ArrayList<>(List.of(plan.home().resolve("scripts/relay").toString(), "run"));
        command.addAll(List.of("-c", config.toString()));
        plan.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new ProcessBuilder(command);
    }

    private HttpClient http() {
        final HttpClient.Builder builder = HttpClient.newBuilder();
        return (security().tls() == null ? builder : builder.sslContext(security().tls())).build();
    }

    private void awaitAddress() throws IOException {
        final BufferedReader out = process().inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            final Matcher address = ADDRESS.matcher(line);
            if (address.find()) {
                listensOn(Integer.parseInt(address.group(1)));
                return;
            }
        }
        throw new IllegalStateException("the relay did not start; see " + name() + ".log in the folder of the results");
    }
}
