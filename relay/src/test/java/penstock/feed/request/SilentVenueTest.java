package penstock.feed.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.upstream.SendQueue;
import penstock.upstream.SendOnly;
import penstock.venue.VenueReader;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.SubscribeSpec.Item;

/** A venue that ignores messages above a limit that it does not tell, and messages with certain symbols. */
class SilentVenueTest {
    private static final int ROUNDS = 200;
    private static final SubscribeSpec SPEC = VenueReader.read(new StringReader("""
        name = x
        channels { quote { default = true } }
        subscribe { message = "sub {id} {symbols}", unsubscribe = "unsub {id} {symbols}", batch = 200
          ack { match { "$/id" = "*" }, correlate = "$/id", timeout = 5s, retries = 2 } }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ] }
        """), "x.conf", name -> null).subscribe();

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldFindTheSizeThatPassesAndTheSymbolsThatNeverPass() {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Play play = new Play(new SplittableRandom(seed), 1 + seed % 300);
            play.run();
            assertThat(play.subscribed).isEqualTo(play.good);
            assertThat(play.closed).isEqualTo(play.bad);
            assertThat(play.clock.timerCount()).isZero();
            assertThat(play.connections).isLessThanOrEqualTo(4);
        }
    }

    @Test
    void shouldAskInMessagesThatPassOnTheNextConnection() {
        final Play play = new Play(new SplittableRandom(1), 400);
        play.bad.clear();
        play.good.clear();
        play.good.addAll(play.items.stream().map(Item::symbol).toList());
        play.limit = 1_000;
        play.run();
        assertThat(play.subscribed).hasSize(400);
        play.ignored = 0;
        play.connect();
        play.clock.advance(60_000);
        assertThat(play.subscribed).hasSize(400);
        assertThat(play.ignored).as("messages without an answer").isZero();
    }

    @Test
    void shouldLoseAConnectionThatAnswersNothing() {
        final Play play = new Play(new SplittableRandom(1), 8);
        play.limit = 0;
        play.connect();
        play.clock.advance(14_999);
        assertThat(play.connections).isEqualTo(1);
        play.clock.advance(1);
        assertThat(play.connections).isEqualTo(2);
    }

    private static final class Play implements SubscriptionListener, SendOnly {
        private final ManualClock clock = new ManualClock();
        private final LearnedAnswers learned = new LearnedAnswers("feed");
        private final List<Item> items;
        private final Set<String> good = new TreeSet<>();
        private final Set<String> bad = new TreeSet<>();
        private final Set<String> subscribed = new TreeSet<>();
        private final Set<String> closed = new TreeSet<>();
        private SubscriptionReconciler requests;
        private int limit;
        private int connections;
        private int ignored;

        Play(final SplittableRandom random, final long count) {
            final List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add("S" + i + "x".repeat(random.nextInt(8)));
            }
            items = SPEC.items(List.of("quote"), names);
            // something passes: a venue without any answer is not alive
            names.forEach(name -> (random.nextInt(20) == 0 && !good.isEmpty() ? bad : good).add(name));
            limit = 30 + random.nextInt(random.nextBoolean() ? 200 : 4_000);
        }

        void run() {
            connect();
            clock.advance(900_000);
        }

        void connect() {
            connections++;
            subscribed.clear();
            final SendQueue queue = new SendQueue(clock, this, null, null);
            final SubscriptionReconciler[] mine = new SubscriptionReconciler[1];
            mine[0] = new SubscriptionReconciler(SPEC, 1_000, new LineContext("feed", clock, queue),
                learned, this, what -> {
                mine[0].stop();
                queue.stop();
                connect();
            });
            requests = mine[0];
            requests.subscribe(items);
        }

        @Override
        public void sendText(final byte[] utf8) {
            final String[] words = new String(utf8, StandardCharsets.UTF_8).split(" ");
            final List<String> symbols = Arrays.asList(words[2].split(","));
            if (utf8.length > limit || symbols.stream().anyMatch(bad::contains)) {
                ignored++;
                return;
            }
            final SubscriptionReconciler asking = requests;
            subscribed.addAll(symbols);
            clock.executeAfter(() -> {
                final byte[] answer = ("{\"id\":" + words[1] + "}").getBytes(StandardCharsets.UTF_8);
                asking.onMessage(ControlKind.ACK, answer, 0, answer.length);
            }, 100);
        }

        @Override
        public void onAccepted(final Collection<Item> accepted) {
            accepted.forEach(item -> closed.remove(item.symbol()));
        }

        @Override
        public void onRejected(final Collection<Item> answered, final String words) {
            assertThat(words).startsWith("the venue does not answer the subscription");
            answered.forEach(item -> closed.add(item.symbol()));
        }

        @Override
        public void onNoRoom(final Collection<Item> excess, final String words) {
            throw new AssertionError(words);
        }
    }
}
