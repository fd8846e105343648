package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.ManualClock;
import penstock.testkit.Seeds;
import penstock.venue.spec.SubscribeSpec;

/** Interest in topics is counted, and lingers. */
class InterestTrackerTest {
    private static final long LINGER_MS = 1_000;
    private static final int MAX_TOPICS = 40;
    private static final int MAX_SHARE = 0;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private boolean hasAll;
    private final ManualClock clock = new ManualClock();
    private final List<String> changes = new ArrayList<>();
    private final Set<TopicKey> topics = new HashSet<>();
    private final Set<SubscribeSpec.Item> items = new HashSet<>();
    private final InterestTracker interest = new InterestTracker(clock, LINGER_MS, () -> MAX_TOPICS,
        new DemandShares(MAX_SHARE), key ->
        key.symbol().startsWith("?") && !hasAll ? InterestTracker.Supply.none("unknown")
            : InterestTracker.Supply.of(List.of(item(key))), this::onChange);

    @Test
    void shouldAddATopicOverTheLimitWhenOthersAreRemoved() {
        for (int i = 0; i < MAX_TOPICS; i++) {
            interest.add(List.of(key(0, "S" + i)), "client");
        }
        changes.clear();
        interest.add(List.of(key(0, "LATE")), "client");
        interest.add(List.of(key(0, "LATE"), key(0, "LEFT")), "client");
        interest.remove(List.of(key(0, "LATE"), key(0, "LEFT")));
        assertThat(changes).containsExactly("!LATE", "!LATE", "!LEFT");
        interest.remove(List.of(key(0, "S1"), key(0, "S2")));
        clock.advance(LINGER_MS);
        assertThat(changes).containsExactly("!LATE", "!LATE", "!LEFT", "-2/2", "+1/1");
        assertThat(topics).contains(key(0, "LATE")).doesNotContain(key(0, "LEFT"));
        interest.remove(List.of(key(0, "LATE")));
        clock.advance(LINGER_MS);
        assertThat(topics).doesNotContain(key(0, "LATE")).hasSize(MAX_TOPICS - 2);
    }

    @Test
    void shouldLeavePlacesForTheClientsOfOtherAddresses() {
        final InterestTracker shared = new InterestTracker(clock, LINGER_MS, () -> MAX_TOPICS, new DemandShares(30),
            key -> InterestTracker.Supply.of(List.of(item(key))), this::onChange);
        for (int i = 0; i < 35; i++) {
            shared.add(List.of(key(0, "S" + i)), "greedy");
        }
        assertThat(topics).hasSize(30);
        assertThat(changes.subList(30, 35)).containsExactly("!S30", "!S31", "!S32", "!S33", "!S34");

        shared.add(List.of(key(0, "A"), key(0, "S34"), key(0, "S1")), "modest");
        assertThat(topics).hasSize(32).contains(key(0, "A"), key(0, "S34"));

        shared.add(List.of(key(0, "S33")), "greedy");
        shared.remove(List.of(key(0, "S0"), key(0, "S1")));
        clock.advance(LINGER_MS);
        assertThat(topics).as("S1 is the other one's, too").hasSize(32).contains(key(0, "S1"), key(0, "S30"))
            .doesNotContain(key(0, "S0"), key(0, "S31"));

        shared.remove(List.of(key(0, "A"), key(0, "S34"), key(0, "S1")));
        shared.remove(List.of(key(0, "S34")));
        clock.advance(LINGER_MS);
        assertThat(topics).hasSize(30).contains(key(0, "S31")).doesNotContain(key(0, "S34"), key(0, "A"));
    }

    @Test
    void shouldAddATopicOnceAndRemoveItAfterTheLinger() {
        interest.add(List.of(key(0, "A"), key(0, "B")), "client");
        interest.add(List.of(key(0, "A")), "client");
        interest.remove(List.of(key(0, "A"), key(0, "B")));
        clock.advance(LINGER_MS);
        interest.remove(List.of(key(0, "A")));
        clock.advance(LINGER_MS - 1);
        assertThat(changes).containsExactly("+2/2", "-1/1");
        clock.advance(1);
        assertThat(changes).containsExactly("+2/2", "-1/1", "-1/1");
        assertThat(interest.size()).isZero();
    }

    @Test
    void shouldKeepALingeringTopicWithNewInterest() {
        interest.add(List.of(key(0, "A")), "client");
        interest.remove(List.of(key(0, "A")));
        clock.advance(LINGER_MS - 1);
        interest.add(List.of(key(0, "A")), "client");
        interest.remove(List.of(key(0, "A")));
        clock.advance(LINGER_MS - 1);
        assertThat(changes).containsExactly("+1/1");
        clock.advance(1);
        assertThat(changes).containsExactly("+1/1", "-1/1");
    }

    @Test
    void shouldKeepAnItemThatAnotherTopicNeeds() {
        interest.add(List.of(key(0, "A"), key(1, "A")), "client");
        interest.remove(List.of(key(0, "A")));
        clock.advance(LINGER_MS);
        assertThat(changes).containsExactly("+2/1", "-1/0");
        interest.remove(List.of(key(1, "A")));
        clock.advance(LINGER_MS);
        assertThat(changes).last().isEqualTo("-1/1");
    }

    @Test
    void shouldRefuseATopicThatTheVenueDoesNotHaveToEachSubscriber() {
        interest.add(List.of(key(0, "?")), "client");
        interest.add(List.of(key(0, "?")), "client");
        interest.remove(List.of(key(0, "?"), key(0, "?"), key(0, "never topics")));
        clock.advance(LINGER_MS);
        assertThat(changes).containsExactly("!?", "!?");
        assertThat(interest.size()).isZero();
    }

    @Test
    void shouldServeARefusedTopicOnceTheVenueHasIt() {
        interest.add(List.of(key(0, "?"), key(0, "?GONE")), "client");
        interest.remove(List.of(key(0, "?GONE")));
        hasAll = true;
        interest.reconsider();
        assertThat(changes).containsExactly("!?", "!?GONE", "+1/1");
        interest.remove(List.of(key(0, "?")));
        clock.advance(LINGER_MS);
        assertThat(topics).isEmpty();
    }

    @Test
    void shouldServeAKnownNameWhateverManyUnknownOnesCame() {
        for (int i = 0; i < 100 * MAX_TOPICS; i++) {
            interest.add(List.of(key(0, "?" + i)), "client");
            if (i % 2 == 0) {
                interest.remove(List.of(key(0, "?" + i)));
            }
        }
        changes.clear();
        interest.add(List.of(key(0, "A")), "client");
        assertThat(changes).containsExactly("+1/1");
    }

    @Test
    void shouldTrackInterestInAnyOrderOfEvents() {
        final Random random = seeds.random();
        final Map<TopicKey, Integer> counts = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final TopicKey key = key(random.nextInt(2), "S" + random.nextInt(20));
            final int count = counts.getOrDefault(key, 0);
            if (count == 0 || random.nextInt(3) == 0) {
                counts.put(key, count + 1);
                interest.add(List.of(key), "client");
            } else {
                counts.put(key, count - 1);
                interest.remove(List.of(key));
            }
            if (random.nextInt(4) == 0) {
                clock.advance(random.nextInt(700));
            }
            counts.forEach((each, n) -> assertThat(n == 0 || topics.contains(each)).as("%s", each)
                .isTrue());
        }
        clock.advance(LINGER_MS);
        counts.values().removeIf(n -> n == 0);
        assertThat(topics).isEqualTo(counts.keySet());
    }

    private void onChange(final InterestTracker.Change change) {
        change.refused().keySet().forEach(key -> changes.add("!" + key.symbol()));
        if (!change.removed().isEmpty()) {
            changes.add("-" + change.removed().size() + "/" + change.removedItems().size());
        }
        assertThat(topics).containsAll(change.removed());
        assertThat(items).containsAll(change.removedItems());
        change.removed().forEach(topics::remove);
        change.removedItems().forEach(items::remove);
        if (!change.added().isEmpty()) {
            changes.add("+" + change.added().size() + "/" + change.addedItems().size());
        }
        assertThat(change.added()).noneMatch(topics::contains);
        assertThat(change.addedItems()).noneMatch(items::contains);
        topics.addAll(change.added());
        items.addAll(change.addedItems());
    }

    private static SubscribeSpec.Item item(final TopicKey key) {
        return new SubscribeSpec.Item("", key.symbol(), key.symbol());
    }

    private static TopicKey key(final int channel, final String symbol) {
        return new TopicKey(channel, symbol);
    }
}
