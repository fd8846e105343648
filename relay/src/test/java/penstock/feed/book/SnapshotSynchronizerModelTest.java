package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.upstream.LossReason;
import penstock.venue.PlayedBook;
import penstock.venue.PlayedBook.Shape;

/**
 * A venue whose snapshots are late, old or refused, whose stream is behind or loses frames, and whose connection
 * breaks: every published state is a state of the venue's book, never an earlier one than before; in the end it is the
 * newest.
 */
@Tag("slow")
class SnapshotSynchronizerModelTest {
    private static final int STEPS = 4_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @EnumSource(Shape.class)
    void shouldPublishOnlyStatesOfTheVenuesBook(final Shape shape) {
        for (final long seed : seeds.rounds(8)) {
            new Run(shape, seed).run();
        }
    }

    private static final class Run {
        private final String place;
        private final SplittableRandom random;
        private final PlayedBook venue;
        private final SynchronizerRig rig;
        private final Deque<String> underWay = new ArrayDeque<>();
        private final Deque<String> earlier = new ArrayDeque<>();
        private final boolean showsLoss;
        private int answered;
        private int seen;
        private int state;

        Run(final Shape shape, final long seed) {
            place = shape.toString();
            random = new SplittableRandom(seed);
            venue = new PlayedBook(shape, random);
            showsLoss = shape != Shape.BITSTAMP;
            rig = new SynchronizerRig(switch (shape) {
                case BITSTAMP -> "bitstamp";
                case HTX -> "huobi";
                case OKX -> "okx";
                case MEXC -> "mexc";
                default -> "binance";
            }, "book", name -> null);
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step(random.nextInt(1_000));
                check();
            }
            // longer than the longest back-off, which is a minute
            for (int i = 0; i < 200; i++) {
                step(0);
                deliverAll();
                answer(venue.snapshot());
                rig.clock.advance(500);
                rig.poll();
                check();
            }
            assertThat(rig.book()).as(place).isEqualTo(venue.newest());
            assertThat(rig.count(Counter.FEED_SNAPSHOTS)).as(place).isGreaterThan(5);
            assertThat(rig.ring.telemetry.errors().entries()).as(place).isEmpty();
        }

        private void step(final int dice) {
            if (rig.session.state() == SessionState.BACKING_OFF) {
                reconnect();
            }
            if (!showsLoss) {
                rig.text("{\"event\":\"bts:heartbeat\"}");
            }
            if (dice < 400) {
                change();
            } else if (dice < 750) {
                if (!underWay.isEmpty()) {
                    rig.text(underWay.poll());
                }
            } else if (dice < 765) {
                if (showsLoss) {
                    underWay.poll();
                }
            } else if (dice < 770) {
                reconnect();
            } else if (dice < 850) {
                rig.clock.advance(random.nextInt(1_000));
                rig.poll();
            } else if (dice < 900) {
                answer(venue.snapshot());
            } else if (dice < 930) {
                answer(earlier.peek());
            } else if (dice < 940 && answered < rig.asked.size()) {
                rig.asked.get(answered++).status(random.nextBoolean() ? 429 : 502, random.nextInt(3_000) - 1);
            }
        }

        private void change() {
            earlier.add(venue.snapshot());
            if (earlier.size() > 10) {
                earlier.poll();
            }
            underWay.add(venue.change());
        }

        private void deliverAll() {
            while (!underWay.isEmpty()) {
                rig.text(underWay.poll());
            }
        }

        private void answer(final String body) {
            if (answered < rig.asked.size() && body != null) {
                rig.asked.get(answered++).body(body);
            }
        }

        /** Messages on their way are lost; the new connection starts with later changes. */
        private void reconnect() {
            underWay.clear();
            // the new connection does not know what the old one has sent
            state = 0;
            if (rig.session.state() != SessionState.BACKING_OFF) {
                rig.upstreams.last().lose(LossReason.DISCONNECTED, true);
            }
            while (rig.session.state() == SessionState.BACKING_OFF) {
                rig.clock.advance(1_000);
            }
            rig.upstreams.last().open();
        }

        private void check() {
            for (; seen < rig.books.size(); seen++) {
                final String book = rig.books.get(seen);
                while (state < venue.states.size() && !venue.states.get(state).equals(book)) {
                    state++;
                }
                assertThat(state).as("%s: %s number %d is no state of the venue's book, or an earlier one: %s", place,
                    rig.kinds.get(seen), seen, book).isLessThan(venue.states.size());
            }
        }
    }
}
