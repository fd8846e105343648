package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.system.WholeRelay;
import penstock.telemetry.Counter;
import penstock.testkit.FaultProxy;
import penstock.testkit.NatsServers;
import penstock.testkit.Seeds;

/**
 * Relays behind another one over a bus, and one over a link behind one of them: the connections to the bus are cut,
 * half-open and late, the venue is lost, and subscribers change relays all the time. The checkers of the simulation
 * judge every message; at the end all relays have the same bytes.
 */
@Tag("slow")
@Tag("gate")
class BusSocketsTest {
    private static final int STEPS = Integer.getInteger("penstock.oracle.steps", 1_200);
    private static final int STEPS_PER_FAULT = 60;
    private static final int STEPS_PER_UPSTREAM_CUT = 150;
    private static final long PAUSE_NS = 10_000_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    private final RelayClients clients = new RelayClients(seeds.fresh());
    private final List<FaultProxy> ways = new ArrayList<>();
    private int faults;

    @Test
    void shouldBreakNoInvariantOverABusWhileConnectionsAreCutAndSubscribersChangeRelays() throws Exception {
        final Random random = seeds.random();
        final MarketScript venue = new MarketScript(clients.market, Seeds.random(random.nextLong()));
        try (NatsServers nats = NatsServers.one(folder); FeedServer server = FeedServer.start(0, venue);
                WholeRelay ingest = RelayClients.ingest(folder, server, "bus.nats.url = \"" + way(nats, random) + "\"\n");
                WholeRelay left = onBus(way(nats, random)); WholeRelay right = onBus(way(nats, random));
                WholeRelay behind = WholeRelay.behind(folder, left.port(), RelayClients.MANY_CLIENTS)) {
            final List<WholeRelay> relays = List.of(ingest, left, right, behind);
            for (final WholeRelay relay : relays) {
                await("live").atMost(RelayClients.LIMIT).until(relay::isReady);
            }
            clients.start(relays, random, false);
            for (int i = 1; i <= STEPS; i++) {
                LockSupport.parkNanos(PAUSE_NS);
                if (random.nextInt(3) == 0) {
                    clients.cut(random);
                }
                if (i % STEPS_PER_FAULT == 0) {
                    fault(ways.get(random.nextInt(ways.size())), random);
                }
                if (i % STEPS_PER_UPSTREAM_CUT == 0) {
                    server.dropConnections();
                }
            }
            for (final FaultProxy way : ways) {
                way.up.clear();
                way.down.clear();
            }
            await("the last connection of the relay").atMost(RelayClients.LIMIT).until(() -> server.clientCount() == 1);
            LockSupport.parkNanos(100 * PAUSE_NS);
            venue.isSending = false;
            clients.end(relays);
            System.out.printf("seed %d: %d faults of the bus, %d numbers missing, %d snapshots, %s%n", seeds.fresh(),
                faults, sum(relays, Counter.LINK_BUS_GAPS), sum(relays, Counter.LINK_BUS_SNAPSHOTS), clients.report());
            assertThat(sum(relays, Counter.LINK_BUS_GAPS)).isPositive();
        } finally {
            for (final FaultProxy way : ways) {
                way.close();
            }
        }
        clients.judge();
    }

    private static long sum(final List<WholeRelay> relays, final Counter counter) {
        return relays.stream().mapToLong(relay -> relay.relay.telemetry().sum(counter)).sum();
    }

    /** Resets, ends, silence without an end, single bytes, delays; some of them heal by themselves, with the next. */
    private void fault(final FaultProxy way, final Random random) throws IOException {
        faults++;
        way.up.clear();
        way.down.clear();
        switch (random.nextInt(6)) {
            case 0, 1 -> way.reset();
            case 2 -> way.finish();
            case 3 -> way.down.isStalled = true;
            case 4 -> way.up.isStalled = true;
            default -> {
                way.down.delayMs = random.nextInt(50);
                way.down.jitterMs = random.nextInt(50);
            }
        }
    }

    private String way(final NatsServers nats, final Random random) throws IOException {
        final FaultProxy way =
            new FaultProxy(URI.create(nats.url(0)).getPort(), Seeds.random(random.nextLong()));
        ways.add(way);
        return "nats://127.0.0.1:" + way.port();
    }

    private WholeRelay onBus(final String url) throws IOException {
        return new WholeRelay(folder, "feed { venue = penstock, url = \"" + url
            + "\", bus.subject = penstock.oracle }\n" + RelayClients.MANY_CLIENTS);
    }
}
