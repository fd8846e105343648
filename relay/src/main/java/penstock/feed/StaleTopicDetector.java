package penstock.feed;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntUnaryOperator;
import penstock.time.FeedClock;
import penstock.time.WeeklyHours;
import penstock.venue.spec.ChannelSpec;

/**
 * Notices topics that have fallen silent while others of their channel, on the same connection, go on: their
 * subscription is lost, though nobody said so. An update costs one store; four times a second the times are looked
 * through, and only where a channel has a limit.
 *
 * <p>A topic is watched from its first update on, until something else is told of its state, or the feed is lost; its
 * next update begins anew. When all of a channel is silent that is for the watchdogs of the connection. Owned by the
 * feed thread.
 */
final class StaleTopicDetector {
    private static final long EVERY_MS = 250;
    /** A look that comes so late says more about this thread than about the venue: its messages wait to be read. */
    private static final long LATE_NS = 2_000_000_000L;
    private static final long UNWATCHED = Long.MIN_VALUE;

    private final FeedClock clock;
    private final WeeklyHours open;
    private final long[] limitNs;
    private final boolean isOff;
    private final IntUnaryOperator shareOf;
    private final IntConsumer onSilent;
    private long[] lastNs = new long[64];
    private int[] channelOf = new int[64];
    /** By channel and share: the newest update of any topic. */
    private long[] newestNs = new long[0];
    private long lookedNs;
    private FeedClock.Timer timer;

    /**
     * Not started.
     *
     * @param channels with their limits
     * @param open     when else, silence is as it should be
     * @param shareOf  by topic: the number of the share that told its newest update
     * @param onSilent hears of each topic once, until its next update
     */
    StaleTopicDetector(final FeedClock clock, final List<ChannelSpec> channels, final WeeklyHours open,
        final IntUnaryOperator shareOf,
            final IntConsumer onSilent) {
        this.clock = clock;
        this.open = open;
        this.shareOf = shareOf;
        this.onSilent = onSilent;
        limitNs = channels.stream().mapToLong(channel -> channel.silenceMs() * 1_000_000).toArray();
        isOff = Arrays.stream(limitNs).allMatch(limit -> limit == 0);
        Arrays.fill(lastNs, UNWATCHED);
    }

    void start() {
        if (!isOff) {
            lookedNs = clock.nowNs();
            timer = clock.executeAfter(this::look, EVERY_MS);
        }
    }

    void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** An update of the topic goes out. */
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

    /** Something else is told of the topic's state: its next update begins anew. */
    void forget(final int topic) {
        if (topic < lastNs.length) {
            lastNs[topic] = UNWATCHED;
        }
    }

    /** The whole feed is lost. */
    void forgetAll() {
        Arrays.fill(lastNs, UNWATCHED);
    }

    /** The channel that a silent topic belongs to. */
    int channel(final int topic) {
        return channelOf[topic];
    }

    private void look() {
        timer = clock.executeAfter(this::look, EVERY_MS);
        final long nowNs = clock.nowNs();
        final boolean isLate = nowNs - lookedNs > LATE_NS;
        lookedNs = nowNs;
        if (isLate || !open.isOpen(clock.epochUs())) {
            for (int topic = 0; topic < lastNs.length; topic++) {
                lastNs[topic] = lastNs[topic] == UNWATCHED ? UNWATCHED : nowNs;
            }
            return;
        }
        Arrays.fill(newestNs, UNWATCHED);
        for (int topic = 0; topic < lastNs.length; topic++) {
            if (lastNs[topic] != UNWATCHED) {
                final int place = place(topic);
                newestNs[place] = Math.max(newestNs[place], lastNs[topic]);
            }
        }
        for (int topic = 0; topic < lastNs.length; topic++) {
            if (lastNs[topic] != UNWATCHED) {
                final long limit = limitNs[channelOf[topic]];
                // others of late, not just within the limit: when all end at once, the first of them is not told for an
                // exception
                if (nowNs - lastNs[topic] > limit && nowNs - newestNs[place(topic)] <= limit / 2) {
                    lastNs[topic] = UNWATCHED;
                    onSilent.accept(topic);
                }
            }
        }
    }

    private int place(final int topic) {
        final int place = shareOf.applyAsInt(topic) * limitNs.length + channelOf[topic];
        if (place >= newestNs.length) {
            final int had = newestNs.length;
            newestNs = Arrays.copyOf(newestNs, Math.max(place + 1, had * 2));
            Arrays.fill(newestNs, had, newestNs.length, UNWATCHED);
        }
        return place;
    }

    private void grow(final int topic) {
        final int had = lastNs.length;
        lastNs = Arrays.copyOf(lastNs, Math.max(had * 2, topic + 1));
        channelOf = Arrays.copyOf(channelOf, lastNs.length);
        Arrays.fill(lastNs, had, lastNs.length, UNWATCHED);
    }
}
