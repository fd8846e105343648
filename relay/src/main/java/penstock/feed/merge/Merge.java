package penstock.feed.merge;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/**
 * A feed made of other feeds: each of its topics shows the value of one of them, and says of which in the field
 * {@code from}. It follows what they publish, and publishes behind it. Owned by the feed thread.
 */
public final class Merge implements TickPublisher.Tap {
    /** The field that says of which feed a value is; the values of the feeds have none of this name. */
    public static final String FROM = "from";
    private static final long NO_RETRY = -1;

    private final TickPublisher publisher;
    private final int feed;
    /** By channel. */
    private final int[] feedOfChannel;
    private final Source[] sources;
    /** By feed. */
    private final boolean[] isSource;
    private final boolean[] isLive;
    /** By topic of a source. */
    private MergedTopic[] topics = new MergedTopic[64];
    private int[] sourceOf = new int[64];
    private byte[] text = new byte[256];
    private final UpdateSlice value = new UpdateSlice();
    private FeedState state = FeedState.STARTING;

    /** One channel of a feed, as a source of a merged one. */
    private record Source(MergedChannel channel, int number, byte[] end, Map<String, MergedTopic> topics) {
    }

    /**
     * Publishes with {@code publisher} as the feed of that number.
     *
     * @param feedOfChannel by channel, of all feeds
     */
    public Merge(final TickPublisher publisher, final int feed, final int[] feedOfChannel,
            final List<MergedChannel> channels) {
        this.publisher = publisher;
        this.feed = feed;
        this.feedOfChannel = feedOfChannel.clone();
        sources = new Source[feedOfChannel.length];
        isSource = new boolean[feed];
        isLive = new boolean[feed];
        for (final MergedChannel channel : channels) {
            final Map<String, MergedTopic> bySymbol = new HashMap<>();
            for (int i = 0; i < channel.sources().size(); i++) {
                final int number = channel.sources().get(i);
                final byte[] end = ("\"" + FROM + "\":\"" + channel.names().get(i) + "\"}").getBytes(StandardCharsets.UTF_8);
                sources[number] = new Source(channel, i, end, bySymbol);
                isSource[feedOfChannel[number]] = true;
            }
        }
    }

    @Override
    public void onUpdate(final int topic, final int channel, final byte[] symbol, final long timeUs,
            final long receivedNs, final UpdateSlice update) {
        final Source source = channel < sources.length ? sources[channel] : null;
        if (source == null) {
            return;
        }
        final MergedTopic merged = topic(topic, source, symbol);
        final int length = value(update, source.end());
        if (length > 0 && merged.accepts(source.number(), timeUs, receivedNs)) {
            publisher.publish(merged.number, timeUs, receivedNs, value.set(text, 0, length, 0, length));
        }
    }

    @Override
    public void onTopicState(final int topic, final TopicState changed, final String reason, final long sinceUs) {
        final MergedTopic merged = topic < topics.length ? topics[topic] : null;
        if (merged == null) {
            return;
        }
        final boolean isShown = changed == TopicState.LIVE ? merged.shown() == sourceOf[topic]
            : merged.lose(sourceOf[topic]);
        if (isShown) {
            publisher.topicState(merged.number, changed, reason, sinceUs);
        }
    }

    @Override
    public void onFeedState(final int changed, final FeedState now, final String reason, final long sinceUs) {
        if (changed >= isSource.length || !isSource[changed]) {
            return;
        }
        isLive[changed] = now == FeedState.LIVE;
        final FeedState next = isAnyLive() ? FeedState.LIVE : now;
        if (!isLive[changed]) {
            loseAll(changed, next == FeedState.LIVE, reason, sinceUs);
        }
        if (next != state) {
            state = next;
            publisher.feedState(feed, next, next == FeedState.LIVE ? null : reason, sinceUs, NO_RETRY);
        }
        publisher.flush();
    }

    /** Its feed begins again, which was reported. */
    @Override
    public void onForgotten(final int topic) {
        final MergedTopic merged = topic < topics.length ? topics[topic] : null;
        if (merged != null) {
            merged.lose(sourceOf[topic]);
            topics[topic] = null;
        }
    }

    /** The topics that show a value of a feed that is lost are stale by themselves, while others are live. */
    private void loseAll(final int lost, final boolean isReported, final String reason, final long sinceUs) {
        for (final Source source : sources) {
            if (source != null && feedOfChannel[source.channel().sources().get(source.number())] == lost) {
                for (final MergedTopic merged : source.topics().values()) {
                    if (merged.lose(source.number()) && isReported) {
                        publisher.topicState(merged.number, TopicState.STALE, reason, sinceUs);
                    }
                }
            }
        }
    }

    private boolean isAnyLive() {
        for (final boolean each : isLive) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    private MergedTopic topic(final int topic, final Source source, final byte[] symbol) {
        if (topic >= topics.length) {
            topics = Arrays.copyOf(topics, Math.max(topics.length * 2, topic + 1));
            sourceOf = Arrays.copyOf(sourceOf, topics.length);
        }
        if (topics[topic] == null) {
            topics[topic] = source.topics().computeIfAbsent(new String(symbol, StandardCharsets.UTF_8),
                name -> new MergedTopic(publisher.addTopic(source.channel().channel(), symbol, 0, symbol.length),
                source.channel()));
            sourceOf[topic] = source.number();
        }
        return topics[topic];
    }

    /** Writes the object with the name of its feed; returns its length, 0 if the value is no object. */
    private int value(final UpdateSlice update, final byte[] end) {
        final byte[] source = update.publishedBuffer();
        int from = update.publishedOffset();
        int to = from + update.publishedLength();
        while (to > from && source[to - 1] <= ' ') {
            to--;
        }
        while (from < to && source[from] <= ' ') {
            from++;
        }
        if (to - from < 2 || source[from] != '{' || source[to - 1] != '}') {
            return 0;
        }
        int last = to - 2;
        while (source[last] <= ' ') {
            last--;
        }
        final int length = last + 1 - from;
        if (text.length < length + 1 + end.length) {
            text = new byte[Math.max(2 * text.length, length + 1 + end.length)];
        }
        System.arraycopy(source, from, text, 0, length);
        int at = length;
        if (last > from) {
            text[at++] = ',';
        }
        System.arraycopy(end, 0, text, at, end.length);
        return at + end.length;
    }
}
