package penstock.oracle.relays;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.oracle.Timeline;

/**
 * What lies between processes, the venue and etcd: who runs at which address, who cannot reach whom, and which
 * connections there are. Keeps the last faults, for a failure. One thread.
 */
final class Network {
    static final String VENUE = "venue";
    static final String ETCD = "etcd";
    static final int FRAME_BYTES = 1 << 18;
    private static final int LOG_LINES = 80;

    final Timeline timeline;
    final Random random;
    /** What happens outside of processes. */
    final Timeline.Actor world;
    final Deque<String> faults = new ArrayDeque<>();
    /** Room for a message of any connection. */
    final byte[] scratch = new byte[FRAME_BYTES];
    /** By address: the relay that runs there, or ran there last. */
    private final Map<String, SimulatedRelay> relays = new LinkedHashMap<>();
    /** By the two sides: until when nothing passes. */
    private final Map<String, Long> cuts = new HashMap<>();
    private final List<Connection> connections = new ArrayList<>();

    /** A connection between a process, or a client, and a relay. */
    interface Connection {
        /** Whose it is; the address of a relay, or the name of a client. */
        String near();

        /** The relay that it leads to. */
        SimulatedRelay far();

        /** One side is gone; the other one learns it, or not if {@code isSilent}. */
        void reset(boolean isSilent);

        /** The bytes that wait stay where they are, or pass again. */
        void block(boolean isBlocked);

        /** That many bytes pass at a time. */
        void slow(int bytes);
    }

    Network(final Timeline timeline, final Random random) {
        this.timeline = timeline;
        this.random = random;
        world = timeline.newActor();
    }

    void log(final String what) {
        if (faults.size() == LOG_LINES) {
            faults.remove();
        }
        faults.add(timeline.nowNs() / 1_000_000 + " ms: " + what);
    }

    /** A relay starts at its address. */
    void add(final SimulatedRelay relay) {
        relays.put(relay.address(), relay);
    }

    /** The relay at an address, which may be dead. */
    SimulatedRelay at(final String address) {
        return relays.get(address);
    }

    void open(final Connection connection) {
        connections.add(connection);
        connection.block(isCut(connection.near(), connection.far().address()));
    }

    void close(final Connection connection) {
        connections.remove(connection);
    }

    /** Any of the connections between relays; null if there is none. */
    Connection anyLink() {
        final List<Connection> links = connections.stream().filter(each -> relays.containsKey(each.near())).toList();
        return links.isEmpty() ? null : links.get(random.nextInt(links.size()));
    }

    /** Nothing passes between the two for so long. */
    void cut(final String one, final String other, final long ns) {
        log(one + " and " + other + " apart for " + ns / 1_000_000 + " ms");
        final long untilNs = Math.max(passesNs(one, other), timeline.nowNs() + ns);
        cuts.put(key(one, other), untilNs);
        block(one, other, true);
        world.executeAfter(() -> {
            if (!isCut(one, other)) {
                block(one, other, false);
            }
        }, untilNs - timeline.nowNs());
    }

    private void block(final String one, final String other, final boolean isBlocked) {
        for (final Connection each : List.copyOf(connections)) {
            if (each.near().equals(one) && each.far().address().equals(other)
                    || each.near().equals(other) && each.far().address().equals(one)) {
                each.block(isBlocked);
            }
        }
    }

    /** Every connection of a process that is killed ends; whoever is cut off from it does not learn that. */
    void kill(final SimulatedRelay relay) {
        log(relay.address() + " killed");
        for (final Connection each : List.copyOf(connections)) {
            if (each.far() == relay || each.near().equals(relay.address())) {
                each.reset(isCut(each.near(), each.far().address()));
            }
        }
    }

    boolean isCut(final String one, final String other) {
        return passesNs(one, other) > timeline.nowNs();
    }

    /** When something passes that is sent now. */
    long passesNs(final String one, final String other) {
        return Math.max(timeline.nowNs(), cuts.getOrDefault(key(one, other), 0L));
    }

    private static String key(final String one, final String other) {
        return one.compareTo(other) < 0 ? one + ' ' + other : other + ' ' + one;
    }

    /** How long a packet takes. */
    long latencyNs() {
        return 50_000 + random.nextInt(random.nextInt(20) == 0 ? 20_000_000 : 500_000);
    }
}
