package penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A fleet on the feed itself, over real sockets: nothing between them is lost, late or folded. */
class FleetTest {
    private static final int SECONDS = 10;

    @Test
    void shouldGetWhatTheFeedSendsInOrder() throws Exception {
        final Tally tally = new Tally();
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(2_000, 5).withBytes(300)); Fleet fleet =
                new Fleet("fleet")) {
            fleet.openWindows(0, Long.MAX_VALUE, tally);
            final List<FleetSession> crowd = fleet.open(feed.port(), 20, i -> Terms.of("/", null, tally));
            Clock.await("updates", SECONDS, () -> crowd.stream().allMatch(session -> session.updates > 200));
            feed.rest(true);
            Clock.await("the newest of each symbol", SECONDS, () -> fleet.ask(() -> crowd.stream().allMatch(session ->
                session.newest(4) == feed.newestQuote(4) && session.newest(0) == feed.newestQuote(0))));
            assertThat(fleet.failures()).isEmpty();
            assertThat(fleet.ask(tally::updates)).isGreaterThan(20 * 200);
            assertThat(fleet.ask(tally::skipped)).isZero();
            assertThat(fleet.ask(tally::disordered)).isZero();
        }
    }

    @Test
    void shouldReadSlowlyWhenItShould() throws Exception {
        final Tally tally = new Tally();
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(1_000, 5)); Fleet fleet = new Fleet("fleet")) {
            final List<FleetSession> slow = fleet.open(feed.port(), 1, i -> Terms.of("/", null, tally).reading(2_000));
            final List<FleetSession> healthy = fleet.open(feed.port(), 1, i -> Terms.of("/", null, tally));
            Clock.await("updates", SECONDS, () -> healthy.get(0).updates > 500);
            assertThat(slow.get(0).updates).isBetween(1L, 100L);
        }
    }

    @Test
    void shouldTellThoseThatAreCutButNotThoseItDrops() throws Exception {
        final Tally tally = new Tally();
        final PacedFeed feed = new PacedFeed(FeedShape.quotes(100, 5));
        try (Fleet fleet = new Fleet("fleet")) {
            final List<FleetSession> crowd = fleet.open(feed.port(), 3, i -> Terms.of("/", null, tally));
            fleet.drop(crowd.subList(0, 1));
            assertThat(fleet.goneCount()).isZero();
            feed.close();
            Clock.await("the cut", SECONDS, () -> fleet.goneCount() == 2);
            assertThat(fleet.failures()).hasSize(2);
        }
    }

    @Test
    void shouldCountThoseThatAreRefused() throws Exception {
        final int port;
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(1, 1))) {
            port = feed.port();
        }
        try (Fleet fleet = new Fleet("fleet")) {
            fleet.open(port, 3, i -> Terms.of("/", null, new Tally()));
            assertThat(fleet.goneCount()).isEqualTo(3);
            assertThat(fleet.failures().get(0)).contains("refused");
        }
    }
}
