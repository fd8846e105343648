package penstock.feed.tick;

import penstock.feed.book.BookRecovery;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.Venue;
import penstock.venue.spec.GapAction;

/**
 * What a duplicate or a gap in the venue's numbers means: the one place that counts it and acts on it. Owned by the
 * feed thread.
 */
final class SequenceGate {
    private final Counters counters;
    private final FrameLog log;
    private final TopicIndex topics;
    private final Venue rules;
    private final BookRecovery books;

    SequenceGate(final FeedStages stages, final Venue rules, final BookRecovery books) {
        counters = stages.counters();
        log = stages.log();
        topics = stages.topics();
        this.rules = rules;
        this.books = books;
    }

    /** Nothing shows whether messages are missing before this one. */
    void onBadNumber(final byte[] frame, final int offset, final int length) {
        log.sample(FrameLog.Kind.NUMBER, "", frame, offset, length);
    }

    /** The message has arrived before; it is dropped. */
    void onDuplicate() {
        counters.increment(Counter.FEED_DUPLICATES);
    }

    /**
     * Messages are missing before the one with number {@code got}: of any topic of the channel if there is no symbol,
     * and of the whole line if {@code channel} is negative.
     */
    void onGap(final int channel, final byte[] symbol, final int offset, final int length, final GapAction action,
            final long expected, final long got) {
        counters.increment(Counter.FEED_GAPS);
        rules.counts().onGap(channel);
        final String numbers = ": expected number " + expected + ", got " + got;
        log.sample(FrameLog.Kind.GAP, numbers, symbol, offset, length);
        if (action == GapAction.MARK) {
            return;
        }
        if (length == 0) {
            books.onLineGap("messages of " + (channel < 0 ? "the connection" : "channel "
                + rules.channels().get(channel).name()) + " are missing" + numbers);
            return;
        }
        final int topic = topics.topic(channel, symbol, offset, length);
        if (topic != TopicIndex.NONE) {
            books.onGap(channel, topic, action, numbers);
        }
    }
}
