package penstock.oracle;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
import penstock.testkit.FaultProxy;
import penstock.testkit.Seeds;

/**
 * Relays behind relays, three in a row and two side by side at the end, over real sockets: links are cut, half-open,
 * late and torn to single bytes, the venue is lost, and subscribers change relays all the time. The checkers of the
 * simulation judge every message; at the end all relays have the same bytes.
 */
@Tag("slow")
@Tag("gate")
class EdgeSocketsTest {
    private static final int STEPS = Integer.getInteger("penstock.oracle.steps", 1_200);
    private static final int STEPS_PER_FAULT = 8;
    private static final int STEPS_PER_UPSTREAM_CUT = 150;
    private static final long PAUSE_NS = 10_000_000;
    private static final Duration LIMIT = RelayClients.LIMIT;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    private final RelayClients clients = new RelayClients(seeds.fresh());
    private final List<FaultProxy> links = new ArrayList<>();
    private int faults;

    @Test
    void shouldBreakNoInvariantAfterThreeHopsWhileLinksAreCutAndSubscribersChangeRelays() throws Exception {
        final Random random = seeds.random();
        final MarketScript venue = new MarketScript(clients.market, Seeds.random(random.nextLong()));
        try (FeedServer server = FeedServer.start(0, venue);
                WholeRelay ingest = RelayClients.ingest(folder, server, "");
                WholeRelay middle = behind(ingest, random); WholeRelay left = behind(middle, random);
                WholeRelay right = behind(middle, random)) {
            final List<WholeRelay> relays = List.of(ingest, middle, left, right);
            for (final WholeRelay relay : relays) {
                await("live").atMost(LIMIT).until(relay::isReady);
            }
            clients.start(relays, random);
            for (int i = 1; i <= STEPS; i++) {
                LockSupport.parkNanos(PAUSE_NS);
                if (random.nextInt(3) == 0) {
                    clients.cut(random);
                }
                if (i % STEPS_PER_FAULT == 0) {
                    fault(links.get(random.nextInt(links.size())), random);
                }
                if (i % STEPS_PER_UPSTREAM_CUT == 0) {
                    server.dropConnections();
                }
            }
            for (final FaultProxy link : links) {
                link.up.clear();
                link.down.clear();
            }
            await("the last connection of the relay").atMost(LIMIT).until(() -> server.clientCount() == 1);
            LockSupport.parkNanos(100 * PAUSE_NS);
            venue.isSending = false;
            clients.end(relays);
        } finally {
            for (final FaultProxy link : links) {
                link.close();
            }
        }
        System.out.printf("seed %d: %d faults of links, %d connections of the venue lost, %s%n", seeds.fresh(), faults,
            venue.losses, clients.report());
        clients.judge();
    }

    /** Resets, ends, silence without an end, single bytes, delays; some of them heal by themselves, with the next. */
    private void fault(final FaultProxy link, final Random random) throws IOException {
        faults++;
        link.up.clear();
        link.down.clear();
        switch (random.nextInt(7)) {
            case 0 -> link.reset();
            case 1 -> link.finish();
            case 2 -> link.down.isStalled = true;
            case 3 -> link.up.isStalled = true;
            case 4 -> link.down.slice = 1 + random.nextInt(3);
            case 5 -> {
                link.down.delayMs = random.nextInt(50);
                link.down.jitterMs = random.nextInt(50);
            }
            default -> {
                link.down.slice = 100;
                link.down.bytesPerSecond = 50_000 + random.nextInt(100_000);
                link.up.delayMs = random.nextInt(100);
            }
        }
    }

    private WholeRelay behind(final WholeRelay other, final Random random) throws IOException {
        final FaultProxy link = new FaultProxy(other.port(), Seeds.random(random.nextLong()));
        links.add(link);
        return WholeRelay.behind(folder, link.port(), RelayClients.MANY_CLIENTS);
    }
}
