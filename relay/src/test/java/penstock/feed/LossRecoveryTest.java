package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.testkit.VenueSpelling;
import penstock.venue.BookFormat;
import penstock.venue.RecordedBooks;
import penstock.venue.RecordedFeed;
import penstock.venue.RecordedRing;
import penstock.venue.Recordings;
import penstock.venue.TrueBook.Level;

/**
 * One message of a hundred is lost, snapshots too: every loss that the venue's numbers show is counted, reported and
 * recovered from, none is invented, and no live book differs from the venue's. If the venue can send one book again, a
 * recovery costs no connection.
 */
@Tag("slow")
class LossRecoveryTest {
    private static final List<String> SYMBOLS = List.of("AAA-USD", "BBB-USD", "CCC-USD", "DDD-USD");
    private static final int STEPS = 6_000;
    private static final long STEP_MS = 500;
    private static final int MOST_ROUNDS = 1_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @EnumSource(BookFormat.class)
    void shouldRecoverFromEveryDetectableLoss(final BookFormat format) {
        final Map<String, Integer> stale = new HashMap<>();
        for (final long seed : seeds.rounds(3)) {
            final Run run = new Run(format, seed, SYMBOLS);
            for (int i = 0; i < STEPS; i++) {
                run.change(SYMBOLS.get(i % SYMBOLS.size()));
                run.step();
            }
            run.end();
            assertThat(run.venue.lost).as(run.place).isGreaterThan(20);
            assertThat(run.venue.gaps).as(run.place).isGreaterThan(20);
            SYMBOLS.forEach(symbol -> stale.merge(symbol, run.subscriber.of(symbol).staleCount, Integer::sum));
        }
        assertThat(stale.values()).hasSize(SYMBOLS.size()).allMatch(count -> count > 3);
    }

    /** Recorded books, sent by a venue that loses some of the messages. */
    @ParameterizedTest
    @CsvSource({"KRAKEN_V1, 1", "KRAKEN_V2, 3", "BITFINEX, 1", "OKX, 6"})
    void shouldRecoverFromLossesInARecording(final BookFormat format, final int rounds) {
        for (final RecordedFeed feed : Recordings.of(format.venue)) {
            final List<RecordedBooks.Change> changes = RecordedBooks.of(format, feed);
            if (!changes.isEmpty()) {
                assertThat(recover(format, changes, rounds)).as(feed.name()).isPositive();
            }
        }
    }

    /** The number of gaps; a short recording is played until there is one. */
    private int recover(final BookFormat format, final List<RecordedBooks.Change> changes, final int rounds) {
        final List<String> symbols = changes.stream().map(RecordedBooks.Change::symbol).distinct().toList();
        int gaps = 0;
        int played = 0;
        for (final long seed : seeds.rounds(MOST_ROUNDS)) {
            if (played++ >= rounds && gaps > 0) {
                break;
            }
            final Run run = new Run(format, seed, symbols);
            for (final RecordedBooks.Change change : changes) {
                run.venue.change(run.lines, change.symbol(), change.isWhole(), change.levels());
                run.step();
            }
            run.end();
            gaps += run.venue.gaps;
        }
        return gaps;
    }

    private static final class Run {
        private final String place;
        private final BookFormat format;
        private final SplittableRandom random;
        private final List<String> symbols;
        private final ManualClock clock = new ManualClock();
        private final RecordedRing ring = new RecordedRing(4096);
        private final FakeUpstreams upstreams = new FakeUpstreams(clock);
        private final SubscriberBooks subscriber = new SubscriberBooks();
        private final LossyVenue venue;
        private final List<LossyVenue.Line> lines = new ArrayList<>();
        private final Set<FakeUpstreams.Server> known = new HashSet<>();
        private final FeedProxy session;

        Run(final BookFormat format, final long seed, final List<String> symbols) {
            place = format.toString();
            this.format = format;
            this.symbols = symbols;
            random = new SplittableRandom(seed);
            venue = new LossyVenue(format, random, symbols);
            final FeedConfig config =
                new FeedConfig("test", format.venue, List.of("ws://one.invalid/"), List.of("book"), symbols, Map.of());
            final FeedPlan plan = FeedPlan.of(VenueSpelling.load(format.venue, name -> null), config);
            session = FeedProxy.of(plan, upstreams, clock,
                new SplittableRandom(seed), ring.publisher, ring.telemetry, text -> { });
            session.start();
        }

        /** At most ten levels of a side: the part that a checksum covers. */
        void change(final String symbol) {
            final List<Level> levels = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                final boolean isBid = random.nextBoolean();
                levels.add(new Level(isBid, String.format(Locale.ROOT, "%d.%d0", isBid ? 99 : 101, random.nextInt(10)),
                    random.nextInt(4) == 0 ? "0.00" : random.nextInt(1, 1_000) + ".50"));
            }
            venue.change(lines, symbol, false, levels);
        }

        void step() {
            venue.onStep();
            if (known.add(upstreams.last())) {
                lines.add(venue.new Line(upstreams.last().open()));
            }
            for (final LossyVenue.Line line : lines) {
                line.step(subscriber, () -> ring.poll(subscriber), place);
            }
            lines.removeIf(LossyVenue.Line::isOver);
            clock.advance(STEP_MS);
            ring.poll(subscriber);
        }

        /** No further losses, for longer than the longest back-off. */
        void end() {
            venue.loseNothingMore();
            for (int i = 0; i < Math.max(250, 10 * symbols.size()); i++) {
                change(symbols.get(i % symbols.size()));
                step();
            }
            for (int i = 0; i < 10; i++) {
                step();
            }
            check();
        }

        private void check() {
            final boolean isWhole = format == BookFormat.BITFINEX;
            assertThat(ring.count(format.lossSign == BookFormat.LossSign.CHECKSUM ? Counter.FEED_CHECKSUMS_WRONG
                : Counter.FEED_GAPS)).as(place)
                .isEqualTo(venue.gaps);
            assertThat(ring.count(format.lossSign == BookFormat.LossSign.CHECKSUM ? Counter.FEED_GAPS
                : Counter.FEED_CHECKSUMS_WRONG)).as(place)
                .isZero();
            assertThat(upstreams.all).as("%s: connections", place).hasSize(isWhole ? 1 + venue.gaps : 1);
            for (final String symbol : symbols) {
                final SubscriberBooks.Entry book = subscriber.of(symbol);
                assertThat(book.isStale).as("%s: %s is stale", place, symbol).isFalse();
                assertThat(book.book.state(venue.visible())).as("%s: %s", place, symbol).isEqualTo(venue.state(symbol));
                assertThat(book.staleCount).as("%s: %s was stale", place, symbol).isLessThanOrEqualTo(venue.gaps);
            }
            assertThat(session.state()).as(place).isEqualTo(SessionState.LIVE);
            assertThat(ring.count(Counter.FEED_UNMATCHED)).as(place).isZero();
            assertThat(ring.telemetry.errors().entries()).as(place).isEmpty();
        }
    }
}
