package penstock.bench.load.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.bench.load.client.ClientSecurity;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadPlan;

/**
 * The servers that are compared: the relay by its raw and its enveloped endpoint, our floor, the naive relay, and those
 * of {@code --against}. Stateless.
 */
public final class CandidateServers {
    /** The relay, the venue's payloads and nothing else. */
    public static final String RELAY_RAW = "relay-raw";
    /** The relay, in its envelope. */
    public static final String RELAY = "relay";
    /** The relay in its envelope, for clients that show a token and see the topics of their products. */
    public static final String RELAY_JWT = "relay-jwt";
    /** The relay in its envelope, while its operator asks it once a second. */
    public static final String RELAY_WATCHED = "relay-watched";
    /** The relay in its envelope, through TLS. */
    public static final String RELAY_TLS = "relay-tls";
    /** The floor through TLS. */
    public static final String FLOOR_TLS = "floor-tls";
    /** A bare fan-out in plain Java NIO: the yardstick. */
    public static final String FLOOR = "floor";
    /** Undertow as its tutorials use it. */
    public static final String NAIVE = "naive";

    private static final List<String> KNOWN =
        List.of(RELAY_RAW, RELAY, RELAY_JWT, RELAY_WATCHED, RELAY_TLS, FLOOR, FLOOR_TLS, NAIVE);

    private CandidateServers() {
    }

    /** Those of {@code names} that the plan asks for, in their order, and those of {@code --against}. */
    public static List<Candidate> of(final LoadPlan plan, final String... names) {
        final Map<String, Candidate> all = new LinkedHashMap<>();
        Arrays.stream(names).forEach(name -> all.put(name, known(name)));
        plan.against().forEach((name, command) -> all.put(name, against(name, command)));
        plan.only().forEach(name ->
            plan.require(all.containsKey(name), "--only " + name + ": there are " + all.keySet()));
        final List<Candidate> chosen = new ArrayList<>(all.values());
        chosen.removeIf(candidate -> !plan.only().isEmpty() && !plan.only().contains(candidate.name()));
        return chosen;
    }

    /** Whether a server of ours reports conflated updates. */
    public static boolean hasEnvelope(final String name) {
        return List.of(RELAY, RELAY_JWT, RELAY_WATCHED, RELAY_TLS).contains(name);
    }

    /** One of ours by name. */
    public static Candidate known(final String name) {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final String main = java + " -XX:+UseSerialGC -cp " + System.getProperty("java.class.path")
            + " penstock.bench.floor.";
        switch (name) {
            case RELAY_RAW:
                return relay(name, RelayProcess.RAW);
            case RELAY:
                return relay(name, RelayProcess.ENVELOPE);
            case RELAY_JWT:
                return new Named(name, (feed, plan) -> {
                    final LoadCredentials credentials = new LoadCredentials(plan.folder());
                    return new RelayProcess(name, RelayProcess.ENVELOPE, plan, feed, credentials.products(),
                        credentials.byToken());
                });
            case RELAY_WATCHED:
                return new Named(name, (feed, plan) -> WatchedRelay.start(name, plan, feed));
            case RELAY_TLS:
                return new Named(name, (feed, plan) -> {
                    final LoadCredentials credentials = new LoadCredentials(plan.folder());
                    return new RelayProcess(name, RelayProcess.ENVELOPE, plan, feed, credentials.tls(),
                        credentials.byTls());
                });
            case FLOOR:
                return against(name, floor(main));
            case FLOOR_TLS:
                return new Named(name, (feed, plan) -> {
                    final LoadCredentials credentials = new LoadCredentials(plan.folder());
                    return against(name, floor(main) + " " + credentials.floorArguments(), feed, plan,
                        credentials.byTls());
                });
            case NAIVE:
                return against(name, main.replace(" -cp ", " -Xms128m -Xmx1g -cp ") + "NaiveRelay {port} {feed}");
            default:
                throw new IllegalArgumentException("no server is called " + name + "; there are " + KNOWN);
        }
    }

    /** The words of a command, its placeholders replaced. */
    public static List<String> words(final String command, final int port, final int feedPort) {
        return Arrays.stream(command.strip().split("\\s+"))
            .map(word -> word.replace("{port}", Integer.toString(port)).replace("{feed}", Integer.toString(feedPort)))
            .toList();
    }

    private static Candidate relay(final String name, final String endpoint) {
        return new Named(name, (feed, plan) -> new RelayProcess(name, endpoint, plan, feed, ""));
    }

    private static Candidate against(final String name, final String command) {
        return new Named(name, (feed, plan) -> against(name, command, feed, plan, ClientSecurity.NONE));
    }

    private static ServerProcess against(final String name, final String command, final PacedFeed feed,
            final LoadPlan plan, final ClientSecurity security) throws IOException {
        final int port = freePort();
        return new ServerProcess(name, plan, new ProcessBuilder(words(command, port, feed.port())), port, security);
    }

    private static String floor(final String main) {
        return main.replace(" -cp ", " -Xms128m -Xmx128m -cp ") + "FloorServer {port} {feed}";
    }

    /** A port of loopback that is free at the moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How one is started. */
    private interface Starter {
        ServerProcess start(PacedFeed feed, LoadPlan plan) throws IOException;
    }

    private record Named(String name, Starter starter) implements Candidate {
        @Override
        public ServerProcess start(final PacedFeed feed, final LoadPlan plan) throws IOException {
            return starter.start(feed, plan);
        }
    }
}
