package penstock.feed.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.feed.FakeVenue;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.time.RateSpec;
import penstock.upstream.SendQueue;
import penstock.venue.VenueReader;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/** Random subscriptions against a venue that answers late, twice, never, or with a rejection. */
@Tag("slow")
class SubscriptionReconcilerRandomTest {
    private static final int ROUNDS = Integer.getInteger("penstock.requests.rounds", 60);
    private static final int MAX_ITEMS = 12;
    /** Less than the time within which the venue answers. */
    private static final int MOST_WORK_MS = 4_500;
    private static final String BY_ID = """
        ack { match { "$/is" = "*" }, ok { "$/is" = yes }, correlate = "$/id", timeout = 5s, retries = 12 }
        """;
    private static final String BY_LIST = """
        ack { match { "$/is" = "*" }, correlate = "$/id", refused = "$/no/*/name", timeout = 5s, retries = 12 }
        """;
    private static final String BY_TOPIC = """
        ack { match { "$/is" = [yes, no] }, ok { "$/is" = yes }, unsubscribed { "$/is" = gone }, topic = "{$/channel}-{$/s}",
          timeout = 5s, retries = 4 }
        """;
    private static final String NO_ANSWERS = "ack { mode = none }";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @ValueSource(strings = {BY_ID, BY_LIST, BY_TOPIC, NO_ANSWERS})
    void shouldReachTheDesiredSubscriptions(final String ack) {
        for (final long seed : seeds.rounds(ROUNDS)) {
            new Play(ack, seed).run();
        }
    }

    /** Without answers nothing shows when the venue has done something: requests rely on the order then. */
    @ParameterizedTest
    @ValueSource(strings = {BY_ID, BY_LIST, BY_TOPIC})
    void shouldReachTheDesiredSubscriptionsOfAVenueThatWorksInAnyOrder(final String ack) {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Play play = new Play(ack, seed);
            play.venue.reorders(MOST_WORK_MS);
            play.run();
        }
    }

    private static final class Play implements SubscriptionListener {
        private final ManualClock clock = new ManualClock();
        private final SplittableRandom random;
        private final SubscribeSpec spec;
        private final SubscriptionReconciler requests;
        private final FakeVenue venue;
        private final List<Item> items;
        private final Set<Item> desired = new LinkedHashSet<>();
        private final Set<Item> rejected = new HashSet<>();

        Play(final String ack, final long seed) {
            random = new SplittableRandom(seed);
            final String text = """
                name = x
                channels { quote { default = true }, trade {} }
                subscribe {
                  topic { quote = "quote-{symbol}", trade = "trade-{symbol}" }
                  message { quote = "sub {id} quote {symbols}", trade = "sub {id} trade {symbols}" }
                  unsubscribe { quote = "unsub {id} quote {symbols}", trade = "unsub {id} trade {symbols}" }
                  batch = 5
                  max-bytes = 64
                """ + ack
                + "}\nmessages { rules = [ { name = a, match { \"$/s\" = \"*\" }, key = \"$/s\" } ] }";
            spec = VenueReader.read(new StringReader(text), "x.conf", name -> null).subscribe();
            venue = new FakeVenue(clock, random, ack.equals(BY_TOPIC), ack.equals(BY_LIST), ack.equals(NO_ANSWERS),
                MAX_ITEMS);
            final RateSpec rate = random.nextBoolean() ? null : new RateSpec(5, 1000, 200);
            final SendQueue queue = new SendQueue(clock, venue, rate, null);
            requests = new SubscriptionReconciler(spec, MAX_ITEMS, new LineContext("feed", clock, queue),
                new LearnedAnswers("feed"), this, what -> {
                throw new AssertionError(what);
            });
            venue.answerTo(requests);
            items = spec.items(List.of("quote", "trade"), symbols());
        }

        /** Some are long, so that max-bytes divides batches; some are bad. */
        private static List<String> symbols() {
            final List<String> symbols = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                symbols.add((i % 5 == 0 ? "bad" : "S") + i + "x".repeat(i));
            }
            return symbols;
        }

        void run() {
            for (int step = 0; step < 80; step++) {
                act();
                clock.advance(random.nextInt(4) == 0 ? random.nextInt(12_000) : random.nextInt(20));
            }
            clock.advance(600_000);
            final Set<Item> expected = new HashSet<>(desired);
            expected.removeAll(rejected);
            assertThat(requests.isSettled()).isTrue();
            assertThat(clock.timerCount()).isZero();
            assertThat(desired).allMatch(requests::isDesired);
            assertThat(venue.subscribed).isEqualTo(names(expected));
        }

        private void act() {
            final List<Item> some = new ArrayList<>();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                some.add(items.get(random.nextInt(items.size())));
            }
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    desired.addAll(some);
                    requests.subscribe(some);
                }
                case 2, 3 -> {
                    some.forEach(desired::remove);
                    some.forEach(rejected::remove);
                    requests.unsubscribe(some);
                }
                default -> some.forEach(requests::resubscribe);
            }
        }

        private static Set<String> names(final Collection<Item> items) {
            final Set<String> names = new HashSet<>();
            items.forEach(item -> names.add(item.topic()));
            return names;
        }

        @Override
        public void onRejected(final Collection<Item> answered, final String words) {
            assertThat(answered).isNotEmpty().allMatch(desired::contains).noneMatch(rejected::contains);
            rejected.addAll(answered);
        }

        @Override
        public void onAccepted(final Collection<Item> answered) {
            assertThat(answered).isNotEmpty().noneMatch(rejected::contains);
        }

        @Override
        public void onNoRoom(final Collection<Item> answered, final String words) {
            assertThat(words).isEqualTo("connection.max-subscriptions is 12");
            assertThat(answered).isNotEmpty().allMatch(desired::contains);
            desired.removeAll(answered);
        }
    }
}
