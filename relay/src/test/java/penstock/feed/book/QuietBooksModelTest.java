package penstock.feed.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import penstock.feed.FakeUpstreams;
import penstock.feed.tick.SessionState;
import penstock.testkit.Seeds;
import penstock.testkit.VenueSpelling;
import penstock.upstream.LossReason;
import penstock.venue.PlayedBook;
import penstock.venue.PlayedBook.Shape;
import penstock.venue.replay.ReplaySpec;

/**
 * A market that stands still for a while, moves, and stands still again, on connections that break and lose frames; its
 * snapshots may be late, and old. Each published state is a state of the venue's book, and never an earlier one than
 * before on the same connection. A market that stands still has its book, too.
 */
@Tag("slow")
class QuietBooksModelTest {
    private static final int STEPS = 2_000;
    /** Steps of a market that stands still, or moves. */
    private static final int PHASE = 60;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = {"OKX", "MEXC"})
    void shouldHaveTheBookOfAMarketThatStandsStill(final Shape shape) {
        for (final long seed : seeds.rounds(4)) {
            new Run(shape, seed).run();
        }
    }

    private static final class Run {
        private final boolean isOkx;
        private final SplittableRandom random;
        private final PlayedBook venue;
        private final SynchronizerRig rig;
        private final ReplaySpec server;
        private final Deque<String> underWay = new ArrayDeque<>();
        private final Deque<String> earlier = new ArrayDeque<>();
        private FakeUpstreams.Server connection;
        private int read;
        private int answered;
        private int seen;
        private int state;
        private int quietImages;

        Run(final Shape shape, final long seed) {
            isOkx = shape == Shape.OKX;
            random = new SplittableRandom(seed);
            venue = new PlayedBook(shape, random);
            final String name = isOkx ? "okx" : "mexc";
            server = VenueSpelling.load(name, variable -> null).replay();
            rig = new SynchronizerRig(name, "book", variable -> null, List.of(isOkx ? "BTC-USDT" : "BTC_USDT"));
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                final boolean isStill = i / PHASE % 2 == 0;
                step(random.nextInt(1_000), isStill);
                if (isStill && i % PHASE == PHASE / 2) {
                    reconnect();
                }
                if (isStill && i % PHASE == PHASE - 1) {
                    assertHasBook();
                }
            }
            assertThat(quietImages).as("books without a change").isPositive();
            assertThat(rig.ring.telemetry.errors().entries()).isEmpty();
        }

        private void step(final int dice, final boolean isStill) {
            serve();
            if (!isStill && dice < 400) {
                earlier.add(venue.snapshot());
                if (earlier.size() > 3) {
                    earlier.poll();
                }
                underWay.add(venue.change());
            } else if (dice < 750) {
                if (!underWay.isEmpty()) {
                    rig.text(underWay.poll());
                }
            } else if (dice < 760) {
                underWay.poll();
            } else if (dice < 765) {
                reconnect();
            } else if (dice < 850) {
                pass(random.nextInt(6_000));
            } else if (dice < 900) {
                answer(venue.snapshot());
            } else if (dice < 930) {
                answer(earlier.peek());
            }
            check();
        }

        /** A new connection, on which no change comes: snapshots are answered, and time passes. */
        private void assertHasBook() {
            reconnect();
            for (int i = 0; i < 120 && !isNewest(); i++) {
                pass(1_000);
                answer(venue.snapshot());
                check();
            }
            assertThat(isNewest()).as("the venue's book %s, and not %s", venue.newest(), rig.book()).isTrue();
            quietImages++;
        }

        private boolean isNewest() {
            return !rig.books.isEmpty() && state > 0 && rig.book().equals(venue.newest());
        }

        private void pass(final long ms) {
            rig.clock.advance(ms);
            rig.poll();
            serve();
        }

        /** Answers what the relay asks for on the connection, and sends something else, so that it is live. */
        private void serve() {
            while (rig.session.state() == SessionState.BACKING_OFF) {
                rig.clock.advance(1_000);
            }
            if (connection != rig.upstreams.last()) {
                connection = rig.upstreams.last();
                read = 0;
                // the new connection does not know what the old one has sent
                state = 0;
                underWay.clear();
                if (rig.session.state() == SessionState.CONNECTING) {
                    connection.open();
                }
            }
            for (; read < connection.sent.size(); read++) {
                final byte[] sent = connection.sent.get(read).getBytes(StandardCharsets.UTF_8);
                server.answer(sent, 0, sent.length).texts().forEach(rig::text);
            }
            rig.text(isOkx ? "{\"arg\":{\"channel\":\"tickers\",\"instId\":\"X-Y\"},\"data\":[{\"instId\":\"X-Y\",\"last\":\"1\",\"ts\":\"1700000000123\"}]}"
                : "{\"channel\":\"push.ticker\",\"symbol\":\"X_USDT\",\"data\":{\"lastPrice\":1,\"timestamp\":1700000000123}}");
        }

        private void answer(final String body) {
            if (answered < rig.asked.size() && body != null) {
                rig.asked.get(answered++).body(body);
            }
        }

        private void reconnect() {
            if (rig.session.state() != SessionState.BACKING_OFF) {
                rig.upstreams.last().lose(LossReason.DISCONNECTED, true);
            }
            serve();
        }

        private void check() {
            for (; seen < rig.books.size(); seen++) {
                final String book = rig.books.get(seen);
                while (state < venue.states.size() && !venue.states.get(state).equals(book)) {
                    state++;
                }
                assertThat(state).as("%s number %d is no state of the venue's book, or an earlier one: %s",
                    rig.kinds.get(seen), seen, book).isLessThan(venue.states.size());
            }
        }
    }
}
