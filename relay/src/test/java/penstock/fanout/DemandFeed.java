package penstock.fanout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import penstock.fanout.subscription.Interest;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/**
 * The feed's side of a model on demand: it learns of interest late, forgets topics without interest at random, uses
 * their numbers again, and refuses names that begin with X. Symbols are {@code channel/name}.
 */
final class DemandFeed implements Interest {
    static final String REFUSAL = "no such symbol";

    /** One value, and where it belongs: a topic that was forgotten and returned is another generation. */
    record Value(String symbol, int generation, long q) {
    }

    /** The life of one topic. */
    static final class Life {
        final int generation;
        final int topic;
        long q;
        long newest = -1;

        Life(final int generation, final int topic) {
            this.generation = generation;
            this.topic = topic;
        }
    }

    final Map<String, Life> lives = new TreeMap<>();
    private final TickPublisher publisher;
    private final Random random;
    private final Queue<Runnable> reports = new ArrayDeque<>();
    private final Map<String, Integer> interest = new HashMap<>();
    private final List<Value> values = new ArrayList<>();
    private final UpdateSlice slices = new UpdateSlice();
    private int generations;

    DemandFeed(final TickPublisher publisher, final Random random) {
        this.publisher = publisher;
        this.random = random;
    }

    /** The value with that number. */
    Value value(final int number) {
        return values.get(number);
    }

    int generations() {
        return generations;
    }

    @Override
    public void onAdded(final int channel, final List<String> symbols, final String client) {
        reports.add(() -> symbols.forEach(symbol -> add(channel, symbol)));
    }

    @Override
    public void onRemoved(final int channel, final List<String> symbols) {
        reports.add(() -> symbols.forEach(symbol -> interest.merge(channel + "/" + symbol, -1, Integer::sum)));
    }

    /** Learns of some interest. */
    void learn(final int most) {
        for (int i = 0; i < most && !reports.isEmpty(); i++) {
            reports.remove().run();
        }
    }

    /** Forgets topics without interest: all of them, or some. */
    void forget(final boolean all) {
        lives.entrySet().removeIf(each -> {
            final boolean goes = interest.getOrDefault(each.getKey(), 0) == 0 && (all || random.nextInt(3) == 0);
            if (goes) {
                publisher.forgetTopic(each.getValue().topic);
            }
            return goes;
        });
    }

    void tick(final int most, final long nowNs) {
        for (final Map.Entry<String, Life> each : lives.entrySet()) {
            for (int i = random.nextInt(most + 1); i > 0; i--) {
                final Life life = each.getValue();
                life.q++;
                life.newest = values.size();
                values.add(new Value(each.getKey(), life.generation, life.q));
                final byte[] frame = Long.toString(life.newest).getBytes(StandardCharsets.UTF_8);
                publisher.publish(life.topic, TickPublisher.NO_TIME, nowNs,
                    slices.set(frame, 0, frame.length, 0, frame.length));
            }
        }
    }

    /** The state of some topic changes. */
    void disturb() {
        lives.values().stream().skip(random.nextInt(lives.size() + 1)).findFirst().ifPresent(
            life -> publisher.topicState(life.topic, TopicState.STALE, "upstream_gap", 1));
    }

    private void add(final int channel, final String name) {
        final String symbol = channel + "/" + name;
        interest.merge(symbol, 1, Integer::sum);
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (name.startsWith("X")) {
            publisher.refuse(channel, bytes, REFUSAL, 1);
        } else {
            lives.computeIfAbsent(symbol,
                s -> new Life(generations++, publisher.addTopic(channel, bytes, 0, bytes.length)));
        }
    }
}
