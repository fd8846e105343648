package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.testkit.VenueSpelling;
import penstock.text.Address;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;

/** A book with a level that is no number is wrong: it is stale until a snapshot is whole. */
class UnreadableLevelsTest {
    private static final String SNAPSHOT =
        "{\"type\":\"snapshot\",\"product_id\":\"A-USD\",\"bids\":[[\"1.10\",\"2\"]],\"asks\":[[%s,\"4.0\"]]}";
    private static final String CHANGE =
        "{\"type\":\"l2update\",\"product_id\":\"A-USD\",\"changes\":[[\"buy\",%s,%s]],\"time\":\"2026-01-01T00:00:00Z\"}";

    private final ManualClock clock = new ManualClock();
    private final FakeUpstreams upstreams = new FakeUpstreams(clock);
    private final RecordedRing ring = new RecordedRing(1024);
    private final SubscriberBooks books = new SubscriberBooks();
    private final Venue venue = VenueSpelling.load("coinbase-exchange", name -> "x");

    @BeforeEach
    void open() {
        final FeedPlan plan = FeedPlan.of(venue, new FeedConfig(new FeedConfig.Identity("test", "coinbase-exchange"),
            List.of(new Address("ws://one.invalid/")), new FeedConfig.Topics(List.of("book"), List.of("A-USD")),
            new FeedConfig.Access(Map.of(), null),
            new FeedConfig.OnDemand(1_000, 100, 100, 0), false, VenueSettings.DEFAULT));
        FeedProxy.of(plan, upstreams, clock, new SplittableRandom(1), ring.publisher, ring.telemetry, fatal -> { })
            .start();
        upstreams.last().open();
    }

    @Test
    void shouldMarkTheBookStaleAndSubscribeAgain() {
        send(SNAPSHOT.formatted("\"1.20\""));
        assertThat(books.of("A-USD").isStale).isFalse();
        final int requests = upstreams.last().sent.size();
        send(CHANGE.formatted("\"abc\"", "\"1\""));
        assertThat(books.of("A-USD").isStale).isTrue();
        clock.advance(1_000);
        assertThat(upstreams.last().sent.size()).isGreaterThan(requests);
        send(CHANGE.formatted("\"1.10\"", "\"7\""));
        assertThat(books.of("A-USD").isStale).as("a change without the snapshot").isTrue();
        send(SNAPSHOT.formatted("\"1.30\""));
        assertThat(books.of("A-USD").isStale).isFalse();
        assertThat(venue.counts().badLevels()).isOne();
    }

    @Test
    void shouldKeepALevelWhoseNewSizeIsNoNumber() {
        send(SNAPSHOT.formatted("\"1.20\""));
        send(CHANGE.formatted("\"1.10\"", "\"abc\""));
        assertThat(books.of("A-USD").book.levels()).as("not deleted").hasSize(2);
        assertThat(books.of("A-USD").isStale).isTrue();
    }

    @Test
    void shouldKeepTheConnectionThoughEverySnapshotIsUnreadable() {
        send(SNAPSHOT.formatted("\"1.20\""));
        for (int i = 0; i < 20; i++) {
            send(SNAPSHOT.formatted("\"abc\""));
            clock.advance(1_000);
        }
        assertThat(ring.count(Counter.FEED_DISCONNECTS)).isZero();
        assertThat(upstreams.all).hasSize(1);
        assertThat(books.of("A-USD").isStale).isTrue();
        send(SNAPSHOT.formatted("\"1.30\""));
        assertThat(books.of("A-USD").isStale).isFalse();
    }

    private void send(final String frame) {
        upstreams.last().text(frame);
        ring.poll(books);
    }
}
