package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualClock;
import penstock.venue.spec.SubscribeSpec;

/** Topics are wanted by counting, and let go after a while. */
class InterestTrackerTest {
    private static final long LINGER_MS = 1_000;
    private static final int MOST = 40;

    private final ManualClock clock = new ManualClock();
    private final List<String> said = new ArrayList<>();
    private final Set<InterestTracker.Wish> wanted = new HashSet<>();
    private final Set<SubscribeSpec.Item> items = new HashSet<>();
    private final InterestTracker wishes = new InterestTracker(clock, LINGER_MS, MOST, new InterestTracker.Owner() {
        @Override
        public SubscribeSpec.Item item(final InterestTracker.Wish wish) {
            return wish.symbol().startsWith("?") ? null : new SubscribeSpec.Item("", wish.symbol(), wish.symbol());
        }

        @Override
        public void onTooMany(final InterestTracker.Wish wish) {
            said.add("!" + wish.symbol());
        }

        @Override
        public void onWanted(final Collection<InterestTracker.Wish> topics,
                final Collection<SubscribeSpec.Item> asked) {
            said.add("+" + topics.size() + "/" + asked.size());
            assertThat(topics).noneMatch(wanted::contains);
            assertThat(asked).noneMatch(items::contains);
            wanted.addAll(topics);
            items.addAll(asked);
        }

        @Override
        public void onUnwanted(final Collection<InterestTracker.Wish> topics,
                final Collection<SubscribeSpec.Item> dropped) {
            said.add("-" + topics.size() + "/" + dropped.size());
            assertThat(wanted).containsAll(topics);
            assertThat(items).containsAll(dropped);
            wanted.removeAll(topics);
            items.removeAll(dropped);
        }
    });

    @Test
    void shouldBeginWhatThereWasNoRoomForWhenOthersEnd() {
        for (int i = 0; i < MOST; i++) {
            wishes.want(List.of(wish(0, "S" + i)));
        }
        said.clear();
        wishes.want(List.of(wish(0, "LATE")));
        wishes.want(List.of(wish(0, "LATE"), wish(0, "LEFT")));
        wishes.unwant(List.of(wish(0, "LATE"), wish(0, "LEFT")));
        assertThat(said).containsExactly("!LATE", "!LEFT");
        wishes.unwant(List.of(wish(0, "S1"), wish(0, "S2")));
        clock.advance(LINGER_MS);
        assertThat(said).containsExactly("!LATE", "!LEFT", "-2/2", "+1/1");
        assertThat(wanted).contains(wish(0, "LATE")).doesNotContain(wish(0, "LEFT"));
        wishes.unwant(List.of(wish(0, "LATE")));
        clock.advance(LINGER_MS);
        assertThat(wanted).doesNotContain(wish(0, "LATE")).hasSize(MOST - 2);
    }

    @Test
    void shouldAskForATopicOnceAndLetItGoAWhileAfterTheLast() {
        wishes.want(List.of(wish(0, "A"), wish(0, "B")));
        wishes.want(List.of(wish(0, "A")));
        wishes.unwant(List.of(wish(0, "A"), wish(0, "B")));
        clock.advance(LINGER_MS);
        wishes.unwant(List.of(wish(0, "A")));
        clock.advance(LINGER_MS - 1);
        assertThat(said).containsExactly("+2/2", "-1/1");
        clock.advance(1);
        assertThat(said).containsExactly("+2/2", "-1/1", "-1/1");
        assertThat(wishes.size()).isZero();
    }

    @Test
    void shouldKeepWhatIsWantedAgainWhileItLingers() {
        wishes.want(List.of(wish(0, "A")));
        wishes.unwant(List.of(wish(0, "A")));
        clock.advance(LINGER_MS - 1);
        wishes.want(List.of(wish(0, "A")));
        wishes.unwant(List.of(wish(0, "A")));
        clock.advance(LINGER_MS - 1);
        assertThat(said).containsExactly("+1/1");
        clock.advance(1);
        assertThat(said).containsExactly("+1/1", "-1/1");
    }

    @Test
    void shouldKeepASubscriptionThatAnotherTopicNeeds() {
        wishes.want(List.of(wish(0, "A"), wish(1, "A")));
        wishes.unwant(List.of(wish(0, "A")));
        clock.advance(LINGER_MS);
        assertThat(said).containsExactly("+2/1", "-1/0");
        wishes.unwant(List.of(wish(1, "A")));
        clock.advance(LINGER_MS);
        assertThat(said).last().isEqualTo("-1/1");
    }

    @Test
    void shouldNotCountWhatCannotBeHad() {
        wishes.want(List.of(wish(0, "?")));
        wishes.unwant(List.of(wish(0, "?"), wish(0, "never wanted")));
        clock.advance(LINGER_MS);
        assertThat(said).isEmpty();
    }

    @Test
    void shouldWantWhatIsCountedWhateverTheOrder() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<InterestTracker.Wish, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final InterestTracker.Wish wish = wish(random.nextInt(2), "S" + random.nextInt(20));
            final int count = counts.getOrDefault(wish, 0);
            if (count == 0 || random.nextInt(3) == 0) {
                counts.put(wish, count + 1);
                wishes.want(List.of(wish));
            } else {
                counts.put(wish, count - 1);
                wishes.unwant(List.of(wish));
            }
            if (random.nextInt(4) == 0) {
                clock.advance(random.nextInt(700));
            }
            counts.forEach((each, n) -> assertThat(n == 0 || wanted.contains(each)).as("%s, seed %d", each, seed)
                .isTrue());
        }
        clock.advance(LINGER_MS);
        counts.values().removeIf(n -> n == 0);
        assertThat(wanted).as("seed %d", seed).isEqualTo(counts.keySet());
    }

    private static InterestTracker.Wish wish(final int channel, final String symbol) {
        return new InterestTracker.Wish(channel, symbol);
    }
}
