package penstock.bus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import penstock.config.relay.RelayConfig;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.finding.OperatorFinding;
import penstock.telemetry.Telemetry;
import penstock.topic.Feed;

/**
 * Publishes the feeds of a relay on NATS, if {@code bus.nats.url} says so. Started and stopped by one thread; what is
 * wrong with it may be asked by any.
 */
public final class NatsBus {
    private final BusHealth health = new BusHealth(() -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
    private final BusCounts counts = new BusCounts();
    private final BusRequests requests = new BusRequests(counts);
    /** Null = there is no bus. */
    private final BusSettings settings;
    /** Null = there is no bus. */
    private final BusConnection connection;
    private final List<BusShard> parts = new ArrayList<>();

    private NatsBus(final BusSettings settings) {
        this.settings = settings;
        connection = settings == null ? null : new BusConnection(settings, counts, health, requests);
    }

    /**
     * As configured; not started.
     *
     * @throws IllegalArgumentException if a file of {@code bus.nats.tls} is of no use, with the key and a remedy
     */
    public static NatsBus of(final RelayConfig config, final Telemetry telemetry) {
        final NatsBus bus =
            new NatsBus(config.bus().nats().isOn() ? BusSettings.of(config.bus().nats()) : null);
        bus.counts.register(telemetry, bus.connection);
        return bus;
    }

    /**
     * Connects, and publishes what the shards have; once.
     *
     * @param shards   by their threads
     * @param name     of a feed, as subjects have it
     * @param isActive whether this relay publishes now: of several that share a lease, one does
     */
    public void start(final Map<ShardThread, Shard> shards, final Telemetry telemetry,
            final Function<Feed, String> name, final BooleanSupplier isActive) {
        if (connection == null) {
            return;
        }
        final BusShard.Shared shared = new BusShard.Shared(connection, counts, telemetry.errors(),
            feed -> settings.subject(name.apply(feed)), isActive);
        shards.forEach((thread, shard) -> parts.add(
            new BusShard(shard, thread, shared, new BusShard.Part(parts.size(), shards.size()))));
        requests.ask(parts, new BusAnswers(connection, counts));
        connection.start();
        parts.forEach(BusShard::start);
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
