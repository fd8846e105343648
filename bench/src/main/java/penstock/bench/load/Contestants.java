package penstock.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The servers that are compared: the relay by its raw and its enveloped endpoint, our floor, the naive relay, and those
 * of {@code --against}. Stateless.
 */
final class Contestants {
    /** The relay, the venue's payloads and nothing else. */
    static final String RELAY_RAW = "relay-raw";
    /** The relay, in its envelope. */
    static final String RELAY = "relay";
    /** A bare fan-out in plain Java NIO: the yardstick. */
    static final String FLOOR = "floor";
    /** Undertow as its tutorials use it. */
    static final String NAIVE = "naive";

    private static final List<String> KNOWN = List.of(RELAY_RAW, RELAY, FLOOR, NAIVE);

    private Contestants() {
    }

    /** Those of {@code names} that the plan asks for, in their order, and those of {@code --against}. */
    static List<Contestant> of(final Plan plan, final String... names) {
        final Map<String, Contestant> all = new LinkedHashMap<>();
        Arrays.stream(names).forEach(name -> all.put(name, known(name)));
        plan.against().forEach((name, command) -> all.put(name, against(name, command)));
        plan.only().forEach(name ->
            plan.require(all.containsKey(name), "--only " + name + ": there are " + all.keySet()));
        final List<Contestant> chosen = new ArrayList<>(all.values());
        chosen.removeIf(contestant -> !plan.only().isEmpty() && !plan.only().contains(contestant.name()));
        return chosen;
    }

    /** One of ours by name. */
    static Contestant known(final String name) {
        final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        final String main = java + " -XX:+UseSerialGC -cp " + System.getProperty("java.class.path")
            + " penstock.bench.floor.";
        switch (name) {
            case RELAY_RAW:
                return relay(name, RelayProcess.RAW);
            case RELAY:
                return relay(name, RelayProcess.ENVELOPE);
            case FLOOR:
                return against(name, main.replace(" -cp ", " -Xms128m -Xmx128m -cp ") + "Floor {port} {feed}");
            case NAIVE:
                return against(name, main.replace(" -cp ", " -Xms128m -Xmx1g -cp ") + "NaiveRelay {port} {feed}");
            default:
                throw new IllegalArgumentException("no server is called " + name + "; there are " + KNOWN);
        }
    }

    /** The words of a command, its placeholders replaced. */
    static List<String> words(final String command, final int port, final int feedPort) {
        return Arrays.stream(command.strip().split("\\s+"))
            .map(word -> word.replace("{port}", Integer.toString(port)).replace("{feed}", Integer.toString(feedPort)))
            .toList();
    }

    private static Contestant relay(final String name, final String endpoint) {
        return new Named(name, (feed, plan) -> new RelayProcess(name, endpoint, plan, feed, ""));
    }

    private static Contestant against(final String name, final String command) {
        return new Named(name, (feed, plan) -> {
            final int port = freePort();
            return new ServerProcess(name, plan, new ProcessBuilder(words(command, port, feed.port())), port);
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** How one is started. */
    private interface Starter {
        ServerProcess start(PacedFeed feed, Plan plan) throws IOException;
    }

    private record Named(String name, Starter starter) implements Contestant {
        @Override
        public ServerProcess start(final PacedFeed feed, final Plan plan) throws IOException {
            return starter.start(feed, plan);
        }
    }
}
