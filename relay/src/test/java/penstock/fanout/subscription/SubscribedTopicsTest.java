package penstock.fanout.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.memory.MemoryShare;
import penstock.ring.TopicState;

class SubscribedTopicsTest {
    private record Entry(long sent, TopicState notified, boolean named) {
    }

    /** Slots move when topics come and go: the state of a topic moves with it. */
    @Test
    void shouldKeepTheStateOfEachTopicWhileOthersComeAndGo() {
        for (long seed = 1; seed <= 200; seed++) {
            final Random random = new Random(seed);
            final SubscribedTopics topics = new SubscribedTopics(new TopicLayouts(MemoryShare.unlimited()));
            final Map<Integer, Entry> expected = new HashMap<>();
            for (int step = 0; step < 400; step++) {
                final int topic = random.nextInt(60);
                final int slot = topics.slot(topic);
                assertThat(slot != SubscribedTopics.NONE).as("seed " + seed).isEqualTo(expected.containsKey(topic));
                if (slot == SubscribedTopics.NONE) {
                    final boolean named = random.nextBoolean();
                    topics.add(topic, named, step);
                    expected.put(topic, new Entry(step, TopicState.LIVE, named));
                } else if (random.nextInt(3) == 0) {
                    topics.remove(slot);
                    expected.remove(topic);
                } else {
                    final Entry before = expected.get(topic);
                    final TopicState state = TopicState.values()[random.nextInt(3)];
                    topics.onNotified(slot, state);
                    assertThat(topics.markNamed(slot)).isEqualTo(!before.named);
                    expected.put(topic, new Entry(before.sent, state, true));
                }
                expected.forEach((id, entry) -> {
                    final int at = topics.slot(id);
                    assertThat(new Entry(topics.sentQ(at), topics.notifiedState(at), topics.isNamed(at)))
                        .isEqualTo(entry);
                });
                assertThat(topics.size()).isEqualTo(expected.size());
                assertThat(topics.named()).isEqualTo((int) expected.values().stream().filter(Entry::named).count());
            }
        }
    }
}
