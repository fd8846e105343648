package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.ring.TopicState;

class SubscribedTopicsTest {
    private record Entry(long sent, TopicState told, boolean named) {
    }

    /** Slots move when topics come and go: what is known of a topic goes with it. */
    @Test
    void shouldKeepWhatItKnowsOfEachTopicWhateverComesAndGoes() {
        for (long seed = 1; seed <= 200; seed++) {
            final Random random = Seeds.random(seed);
            final SubscribedTopics held = new SubscribedTopics();
            final Map<Integer, Entry> expected = new HashMap<>();
            for (int step = 0; step < 400; step++) {
                final int topic = random.nextInt(60);
                final int slot = held.slot(topic);
                assertThat(slot != SubscribedTopics.NONE).as("seed " + seed).isEqualTo(expected.containsKey(topic));
                if (slot == SubscribedTopics.NONE) {
                    final boolean named = random.nextBoolean();
                    held.add(topic, named, step);
                    expected.put(topic, new Entry(step, TopicState.LIVE, named));
                } else if (random.nextInt(3) == 0) {
                    held.remove(slot);
                    expected.remove(topic);
                } else {
                    final Entry before = expected.get(topic);
                    final TopicState state = TopicState.values()[random.nextInt(3)];
                    held.told(slot, state);
                    assertThat(held.byName(slot)).isEqualTo(!before.named);
                    expected.put(topic, new Entry(before.sent, state, true));
                }
                expected.forEach((id, entry) -> {
                    final int at = held.slot(id);
                    assertThat(new Entry(held.sent(at), held.told(at), held.isByName(at))).isEqualTo(entry);
                });
                assertThat(held.size()).isEqualTo(expected.size());
                assertThat(held.named()).isEqualTo((int) expected.values().stream().filter(Entry::named).count());
            }
        }
    }
}
