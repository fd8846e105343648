package penstock.feed;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;

/**
 * Notices topics that the venue accepted, or did not refuse, and of which it has never sent a value, while it sends
 * others of their channel: a subscriber must not take silence for a price that is on its way. A book that the relay
 * asks for itself is judged without others. Checked once a second, and only while such topics are awaited. Owned by the
 * feed thread.
 */
final class AwaitedTopics {
    private static final Logger LOG = LoggerFactory.getLogger(AwaitedTopics.class);
    private static final long CHECK_INTERVAL_MS = 1_000;
    private static final int MAX_NAMES = 50;
    private static final int MAX_LOGGED_CHARS = 4_000;
    private static final long REPORTED = Long.MAX_VALUE;

    /** How the log calls the feed. */
    private final String title;
    private final Venue venue;
    private final FeedClock clock;
    private final Source source;
    private final SingleTimer timer;
    /** Since when, or {@link #REPORTED}. */
    private final Map<TopicKey, Long> sinceNs = new LinkedHashMap<>();
    private boolean isStopped;

    /** What is known of the awaited topics. */
    interface Source {
        /** The feed sends data. */
        boolean isLive();

        /** The market of the channel is open. */
        boolean isOpen(ChannelSpec channel);

        /** The topic has had a value. */
        boolean hasValue(TopicKey key);

        /** The topic cannot be served, and its subscribers know it. */
        boolean isClosed(TopicKey key);

        /** The topic has no value. */
        void onNoValue(TopicKey key);

        /** The end of a check that found such topics. */
        void onChecked();
    }

    AwaitedTopics(final String title, final Venue venue, final FeedClock clock, final Source source) {
        this.title = title;
        this.venue = venue;
        this.clock = clock;
        this.source = source;
        timer = new SingleTimer(clock);
    }

    /** These topics are requested from the venue. */
    void add(final Iterable<TopicKey> keys) {
        for (final TopicKey key : keys) {
            if (limitMs(key) > 0 && !isStopped) {
                sinceNs.put(key, clock.nowNs());
            }
        }
        if (!sinceNs.isEmpty() && !timer.isSet()) {
            timer.set(this::onTimer, CHECK_INTERVAL_MS);
        }
    }

    /** The topic is not requested any more. */
    void remove(final TopicKey key) {
        if (sinceNs.remove(key) != null) {
            count();
        }
    }

    void stop() {
        isStopped = true;
        timer.cancel();
        sinceNs.clear();
    }

    private void onTimer() {
        sinceNs.keySet().removeIf(source::hasValue);
        if (sinceNs.isEmpty()) {
            count();
            return;
        }
        timer.set(this::onTimer, CHECK_INTERVAL_MS);
        final long nowNs = clock.nowNs();
        if (!source.isLive()) {
            sinceNs.replaceAll((key, since) -> nowNs);
        } else {
            check(nowNs);
        }
        count();
    }

    private void check(final long nowNs) {
        final List<String> late = new ArrayList<>();
        final Iterator<Map.Entry<TopicKey, Long>> each = sinceNs.entrySet().iterator();
        // a book that the relay asks for comes without a change, too
        final Predicate<TopicKey> isQuiet = key -> venue.counts().updates(key.channel()) == 0
            && venue.quietSnapshot(key.channel()) == null || source.isClosed(key)
            || !source.isOpen(venue.channels().get(key.channel()));
        while (each.hasNext()) {
            final Map.Entry<TopicKey, Long> awaited = each.next();
            if (isQuiet.test(awaited.getKey())) {
                awaited.setValue(nowNs);
            } else if (awaited.getValue() != REPORTED
                    && nowNs - awaited.getValue() > limitMs(awaited.getKey()) * 1_000_000) {
                awaited.setValue(REPORTED);
                late.add(name(awaited.getKey()));
                source.onNoValue(awaited.getKey());
            }
        }
        if (!late.isEmpty()) {
            source.onChecked();
            LOG.warn("{}: accepted, and no value yet: {}{}", title, PrintableText.escape(String.join(", ",
                late.subList(0, Math.min(late.size(), MAX_NAMES))), MAX_LOGGED_CHARS),
                late.size() > MAX_NAMES ? " and " + (late.size() - MAX_NAMES) + " more" : "");
        }
    }

    private void count() {
        final long[] counts = new long[venue.channels().size()];
        sinceNs.forEach((key, since) -> counts[key.channel()] += since == REPORTED ? 1 : 0);
        for (int channel = 0; channel < counts.length; channel++) {
            venue.counts().onWithoutValue(channel, counts[channel]);
        }
        venue.counts().onNamesWithoutValue(sinceNs.entrySet().stream().filter(each -> each.getValue() == REPORTED)
            .limit(MAX_NAMES).map(each -> name(each.getKey())).toList());
    }

    private String name(final TopicKey key) {
        return venue.channels().get(key.channel()).name() + " " + key.symbol();
    }

    private long limitMs(final TopicKey key) {
        final ChannelSpec channel = venue.channels().get(key.channel());
        return channel.firstValueMs();
    }
}
