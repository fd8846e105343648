package penstock.link;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/** Keeps what a link publishes, in words, and lets another relay publish the same. */
public final class MirrorTarget implements LinkTarget {
    final List<String> log = new ArrayList<>();
    final SmallRelay edge = new SmallRelay();
    /** When the first relay had received the newest update. */
    long receivedNs;
    public List<String> hops = List.of();
    /** The shard does not read the ring. */
    boolean isShardStill;
    /** Of all that was published. */
    final List<Long> positions = new ArrayList<>();
    private final Map<Integer, String> names = new HashMap<>();

    /** What was published since the last call. */
    public List<String> take() {
        final List<String> taken = List.copyOf(log);
        log.clear();
        return taken;
    }

    /** The numbers and the state of all topics with values, by channel and symbol. */
    public Map<String, String> numbers() {
        return edge.numbers();
    }

    @Override
    public void hops(final List<String> relays) {
        hops = relays;
    }

    @Override
    public void relay(final RelayedEpoch begun) {
        edge.publisher.relay(begun);
        names.clear();
        log.add("epoch " + begun.epoch());
        begun.feeds().forEach(feed -> log.add("feed " + feed.number() + ' ' + feed.name() + ' '
            + feed.channels().stream().map(channel -> channel.number() + "=" + channel.name()).toList()
            + (feed.maxDemand() > 0 ? " on demand" : "")));
    }

    @Override
    public int addTopic(final int channel, final byte[] symbol) {
        final String name = new String(symbol, StandardCharsets.UTF_8);
        final int topic = edge.topic(channel, name);
        names.put(topic, channel + "/" + name);
        return topic;
    }

    @Override
    public void forgetTopic(final int topic, final long p) {
        edge.publisher.forgetTopic(topic, p);
        log.add("forget " + names.remove(topic));
    }

    @Override
    public void refuse(final int channel, final byte[] name, final String reason, final long sinceUs) {
        log.add("refuse " + channel + '/' + new String(name, StandardCharsets.UTF_8) + ' ' + reason);
    }

    @Override
    public void publish(final int topic, final long q, final long p, final long missed, final long timeUs,
            final long received, final UpdateSlice update) {
        edge.publisher.publish(topic, q, p, missed, timeUs, received, update);
        receivedNs = received;
        positions.add(p);
        log.add(names.get(topic) + " q" + q + " p" + p + (missed > 0 ? " missed " + missed : ""));
    }

    @Override
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        edge.publisher.topicState(topic, state, reason, sinceUs, p);
        positions.add(p);
        log.add(names.get(topic) + ' ' + state + ' ' + reason + " p" + p);
    }

    @Override
    public void confirm(final int topic) {
        edge.publisher.confirm(topic);
        log.add(names.get(topic) + " confirmed");
    }

    @Override
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        edge.publisher.feedState(feed, state, reason, sinceUs, retryInMs, p);
        log.add("feed " + feed + ' ' + state + ' ' + reason + " p" + p);
    }

    @Override
    public void complete(final long p) {
        edge.publisher.complete(p);
    }

    @Override
    public void flush() {
        if (isShardStill) {
            edge.publisher.flush();
        } else {
            edge.turn();
        }
    }

    @Override
    public boolean isBehind() {
        return edge.publisher.isBehind();
    }
}
