package penstock.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import penstock.config.relay.BusConfig;
import penstock.config.relay.RelayConfig;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.finding.OperatorFinding;
import penstock.nats.NatsConnection;
import penstock.nats.NatsHealth;
import penstock.nats.NatsSettings;
import penstock.telemetry.Telemetry;
import penstock.topic.Feed;

/**
 * Publishes the feeds of a relay on NATS, if {@code bus.nats.url} says so. Started and stopped by one thread; what is
 * wrong with it may be asked by any.
 */
public final class NatsBus {
    private static final String KEY = "bus.nats.tls.";
    /** What readers may make it hold: requests that wait for a thread. */
    private static final NatsConnection.Waiting WAITING = new NatsConnection.Waiting(1_024, 1 << 20);
    private static final NatsHealth.Words WORDS = new NatsHealth.Words("bus",
        "it is not connected: its readers are sent nothing, and what they miss is conflated",
        "look at bus.nats.credentials-file, user, password-file or token-file, and at the users in the configuration "
        + "of the server", "look at bus.nats.tls, and whether bus.nats.url begins with tls:// and has the name in the "
        + "certificate of the server",
        "look at the servers in bus.nats.url, and at the network between; it connects again by itself",
        "give the user of the relay the permissions of the page \"the feeds on a NATS bus\"");

    private final NatsHealth health =
        new NatsHealth(WORDS, () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
    private final BusCounts counts = new BusCounts();
    private final BusRequests requests = new BusRequests(counts);
    private final String subject;
    /** Null = there is no bus. */
    private final NatsConnection connection;
    private final List<BusShard> parts = new ArrayList<>();

    private NatsBus(final BusConfig.Nats nats) {
        subject = nats.subject();
        connection = nats.isOn() ? new NatsConnection(new NatsSettings(nats.url(), nats.name(), nats.login(),
            NatsSettings.tls(KEY, nats.tls())), health, requests, WAITING) : null;
    }

    /**
     * As configured; not started.
     *
     * @throws IllegalArgumentException if a file of {@code bus.nats.tls} is of no use, with the key and a remedy
     */
    public static NatsBus of(final RelayConfig config, final Telemetry telemetry) {
        final NatsBus bus = new NatsBus(config.bus().nats());
        bus.counts.register(telemetry, bus.connection);
        return bus;
    }

    /**
     * Connects, and publishes what the shards have; once.
     *
     * @param hops     the relays between the venue and here, this one the last
     * @param shards   by their threads
     * @param name     of a feed, as subjects have it
     * @param isActive whether this relay publishes now: of several that share a lease, one does
     */
    public void start(final Supplier<List<String>> hops, final Map<ShardThread, Shard> shards,
            final Telemetry telemetry, final Function<Feed, String> name, final BooleanSupplier isActive) {
        if (connection == null) {
            return;
        }
        final BusShared shared = new BusShared(hops, connection, counts, telemetry.errors(),
            feed -> subject(name.apply(feed)), isActive);
        shards.forEach((thread, shard) -> parts.add(
            new BusShard(shard, thread, shared, new BusShard.Part(parts.size(), shards.size()))));
        requests.ask(parts, new BusAnswers(connection, counts));
        connection.start();
        parts.forEach(BusShard::start);
    }

    /** The subject of a feed of that name; in a subject a dot would part words. */
    private String subject(final String feed) {
        return subject.replace("{feed}", feed.replace('.', '-'));
    }

    /** Publishes nothing any more. */
    public void close() {
        parts.forEach(BusShard::close);
        if (connection != null) {
            connection.close();
        }
    }

    /** What is wrong with it; empty if all is well, or there is no bus. */
    public List<OperatorFinding> findings() {
        return connection == null ? List.of() : health.find();
    }
}
