package penstock.feed.tick;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import penstock.time.FeedClock;
import penstock.time.Hours;
import penstock.time.SingleTimer;
import penstock.venue.spec.ChannelSpec;

/**
 * Notices topics without updates while other topics of their channel, from the same connection group, go on: their
 * subscription is lost, although the venue did not say so. An update costs one store. Four times a second the times are
 * checked, and only if a channel has a limit.
 *
 * <p>A topic is watched from its first update until its state changes in another way, or the feed is lost; its next
 * update starts the watch again. If all topics of a channel are silent, that is for the watchdogs of the connection.
 * Owned by the feed thread.
 */
public final class StaleTopicDetector {
    private static final long CHECK_INTERVAL_MS = 250;
    /** A check that comes this late says more about this thread than about the venue: unread messages wait. */
    private static final long LATE_NS = 2_000_000_000L;
    private static final long UNWATCHED = Long.MIN_VALUE;

    private final FeedClock clock;
    private final Hours[] hours;
    private final boolean[] isClosed;
    private final long[] limitNs;
    private final boolean isOff;
    private final IntUnaryOperator groupOf;
    private final IntConsumer onSilent;
    private long[] lastNs = new long[64];
    private int[] channelOf = new int[64];
    /** By group and channel: the newest update of any topic. */
    private long[] newestNs = new long[0];
    private long checkedNs;
    private final SingleTimer timer;

    /**
     * Not started.
     *
     * @param channels with their limits
     * @param open     the hours in which silence means something, unless the channel has hours of its own
     * @param groupOf  by topic: the connection group that sent its newest update
     * @param onSilent called with each silent topic, once until its next update
     */
    public StaleTopicDetector(final FeedClock clock, final List<ChannelSpec> channels, final Hours open,
            final IntUnaryOperator groupOf, final IntConsumer onSilent) {
        this.clock = clock;
        timer = new SingleTimer(clock);
        hours = channels.stream().map(channel -> channel.hours(open)).toArray(Hours[]::new);
        isClosed = new boolean[hours.length];
        this.groupOf = groupOf;
        this.onSilent = onSilent;
        limitNs = channels.stream().mapToLong(channel -> channel.silenceMs() * 1_000_000).toArray();
        isOff = Arrays.stream(limitNs).allMatch(limit -> limit == 0);
        Arrays.fill(lastNs, UNWATCHED);
    }

    public void start() {
        if (!isOff) {
            checkedNs = clock.nowNs();
            timer.set(this::onTimer, CHECK_INTERVAL_MS);
        }
    }

    public void stop() {
        timer.cancel();
    }

    /** The state of the topic changes in another way: its next update starts the watch again. */
    public void forget(final int topic) {
        if (topic < lastNs.length) {
            lastNs[topic] = UNWATCHED;
        }
    }

    /** The feed is lost. */
    public void forgetAll() {
        Arrays.fill(lastNs, UNWATCHED);
    }

    /** The channel of a silent topic. */
    public int channel(final int topic) {
        return channelOf[topic];
    }

    /** An update of the topic is published. */
    void onUpdate(final int channel, final int topic, final long nowNs) {
        if (limitNs[channel] == 0) {
            return;
        }
        if (topic >= lastNs.length) {
            grow(topic);
        }
        lastNs[topic] = nowNs;
        channelOf[topic] = channel;
    }

    private void onTimer() {
        timer.set(this::onTimer, CHECK_INTERVAL_MS);
        final long nowNs = clock.nowNs();
        final boolean isLate = nowNs - checkedNs > LATE_NS;
        checkedNs = nowNs;
        final long epochUs = clock.epochUs();
        for (int channel = 0; channel < hours.length; channel++) {
            isClosed[channel] = isLate || !hours[channel].isOpen(epochUs);
        }
        Arrays.fill(newestNs, UNWATCHED);
        for (int topic = 0; topic < lastNs.length; topic++) {
            if (lastNs[topic] != UNWATCHED) {
                if (isClosed[channelOf[topic]]) {
                    lastNs[topic] = nowNs;
                }
                final int slot = slot(topic);
                newestNs[slot] = Math.max(newestNs[slot], lastNs[topic]);
            }
        }
        for (int topic = 0; topic < lastNs.length; topic++) {
            if (lastNs[topic] != UNWATCHED) {
                final long limit = limitNs[channelOf[topic]];
                // other topics within half the limit: if all end at once, the first of them is not an exception
                if (nowNs - lastNs[topic] > limit && nowNs - newestNs[slot(topic)] <= limit / 2) {
                    lastNs[topic] = UNWATCHED;
                    onSilent.accept(topic);
                }
            }
        }
    }

    private int slot(final int topic) {
        final int slot = groupOf.applyAsInt(topic) * limitNs.length + channelOf[topic];
        if (slot >= newestNs.length) {
            final int size = newestNs.length;
            newestNs = Arrays.copyOf(newestNs, Math.max(slot + 1, size * 2));
            Arrays.fill(newestNs, size, newestNs.length, UNWATCHED);
        }
        return slot;
    }

    private void grow(final int topic) {
        final int size = lastNs.length;
        lastNs = Arrays.copyOf(lastNs, Math.max(size * 2, topic + 1));
        channelOf = Arrays.copyOf(channelOf, lastNs.length);
        Arrays.fill(lastNs, size, lastNs.length, UNWATCHED);
    }
}
