package penstock.bench.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.RigClock;

/** A swarm on the feed itself, over real sockets: nothing is lost, late or conflated in between. */
class ClientSwarmTest {
    private static final int SECONDS = 10;

    @Test
    void shouldGetWhatTheFeedSendsInOrder() throws Exception {
        final UpdateStats stats = new UpdateStats();
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(2_000, 5).withBytes(300)); ClientSwarm swarm =
                new ClientSwarm("swarm")) {
            swarm.openWindows(0, Long.MAX_VALUE, stats);
            final List<SwarmSession> clients = swarm.open(feed.port(), 20, i -> ClientOptions.of("/", null, stats));
            RigClock.await("updates", SECONDS, () -> clients.stream().allMatch(session -> session.updates > 200));
            feed.rest(true);
            RigClock.await("the newest of each symbol", SECONDS,
                () -> swarm.ask(() -> clients.stream().allMatch(session ->
                session.newest(4) == feed.newestQuote(4) && session.newest(0) == feed.newestQuote(0))));
            assertThat(swarm.failures()).isEmpty();
            assertThat(swarm.ask(stats::updates)).isGreaterThan(20 * 200);
            assertThat(swarm.ask(stats::skipped)).isZero();
            assertThat(swarm.ask(stats::disordered)).isZero();
        }
    }

    @Test
    void shouldReadSlowlyWhenItShould() throws Exception {
        final UpdateStats stats = new UpdateStats();
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(1_000, 5)); ClientSwarm swarm = new ClientSwarm("swarm")) {
            final List<SwarmSession> slow =
                swarm.open(feed.port(), 1, i -> ClientOptions.of("/", null, stats).reading(2_000));
            final List<SwarmSession> healthy = swarm.open(feed.port(), 1, i -> ClientOptions.of("/", null, stats));
            // on a busy machine the healthy one comes late, too, but it gets ahead
            RigClock.await("updates", SECONDS, () -> slow.get(0).updates > 0
                && healthy.get(0).updates > Math.max(500, 5 * slow.get(0).updates));
        }
    }

    @Test
    void shouldReportSessionsThatTheServerCutsButNotThoseItDrops() throws Exception {
        final UpdateStats stats = new UpdateStats();
        final PacedFeed feed = new PacedFeed(FeedShape.quotes(100, 5));
        try (ClientSwarm swarm = new ClientSwarm("swarm")) {
            final List<SwarmSession> clients = swarm.open(feed.port(), 3, i -> ClientOptions.of("/", null, stats));
            swarm.drop(clients.subList(0, 1));
            assertThat(swarm.goneCount()).isZero();
            feed.close();
            RigClock.await("the cut", SECONDS, () -> swarm.goneCount() == 2);
            assertThat(swarm.failures()).hasSize(2);
        }
    }

    @Test
    void shouldCountRejectedSessions() throws Exception {
        final int port;
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(1, 1))) {
            port = feed.port();
        }
        try (ClientSwarm swarm = new ClientSwarm("swarm")) {
            swarm.open(port, 3, i -> ClientOptions.of("/", null, new UpdateStats()));
            assertThat(swarm.goneCount()).isEqualTo(3);
            assertThat(swarm.failures().get(0)).contains("refused");
        }
    }
}
