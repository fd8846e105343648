package penstock.ring;

/** A link of the {@link ConflationQueue} of its feed. Owned by the feed thread. */
abstract class PendingEntry {
    /**
     * The conflated updates of a topic while they are pending. It remains for the next time: most topics are never
     * pending.
     */
    static final class Updates extends PendingEntry {
        final PublishedTopic topic;
        private final Conflator conflator;
        private long timeUs;
        private long receivedNs;
        private long count;

        Updates(final PublishedTopic topic, final Conflator conflator) {
            super(topic.feed);
            this.topic = topic;
            this.conflator = conflator;
        }

        /** How many updates it stands for. */
        long count() {
            return count;
        }

        /** The venue's time of the newest one. */
        long timeUs() {
            return timeUs;
        }

        /** When that was received. */
        long receivedNs() {
            return receivedNs;
        }

        /** Whether an update that is replaced is lost. */
        boolean dropsReplaced() {
            return conflator.dropsReplaced();
        }

        void add(final UpdateSlice update, final long itsTimeUs, final long itsReceivedNs) {
            timeUs = itsTimeUs;
            receivedNs = itsReceivedNs;
            count++;
            conflator.add(update);
        }

        boolean fits(final int bytes) {
            return conflator.fits(bytes);
        }

        void writeTo(final UpdateSlice target) {
            conflator.writeTo(target);
        }

        /** It is larger than the ring can carry: an empty change that reports the loss goes instead. */
        void drop() {
            topic.missed += count;
            clear();
        }

        void clear() {
            conflator.clear();
            count = 0;
        }
    }

    /** A topic that is forgotten; its number is free once this is published. */
    static final class Forgotten extends PendingEntry {
        final int topic;

        Forgotten(final int feed, final int topic, final long p) {
            super(feed, p);
            this.topic = topic;
        }
    }

    /** The value of a topic is good though its feed was lost after it. */
    static final class Confirmed extends PendingEntry {
        final int topic;

        Confirmed(final int feed, final int topic) {
            super(feed);
            this.topic = topic;
        }
    }

    /** A feed that comes, in front of everything that it publishes. */
    static final class Introduction extends PendingEntry {
        final FeedIntroduction introduced;

        Introduction(final FeedIntroduction introduced) {
            super(introduced.number());
            this.introduced = introduced;
        }
    }

    /** The numbers of another relay begin, in front of everything that has them. */
    static final class Epoch extends PendingEntry {
        final RelayedEpoch begun;

        Epoch(final RelayedEpoch begun) {
            super(0);
            this.begun = begun;
        }
    }

    /** A change of a feed's state: rare, and never conflated, since each is published. */
    static final class FeedStatus extends PendingEntry {
        final FeedState state;
        final String reason;
        final long sinceUs;
        final long retryInMs;

        FeedStatus(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            super(feed, p);
            this.state = state;
            this.reason = reason;
            this.sinceUs = sinceUs;
            this.retryInMs = retryInMs;
        }
    }

    /** A change of one topic's state. Only the newest one of a topic is pending, behind the updates before it. */
    static final class TopicStatus extends PendingEntry {
        final PublishedTopic topic;
        final TopicState state;
        final String reason;
        final long sinceUs;

        TopicStatus(final PublishedTopic topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            super(topic.feed, p);
            this.topic = topic;
            this.state = state;
            this.reason = reason;
            this.sinceUs = sinceUs;
        }
    }

    /** A name that cannot be served and has no topic. */
    static final class Refusal extends PendingEntry {
        final int channel;
        final byte[] name;
        final String reason;
        final long sinceUs;

        Refusal(final int feed, final int channel, final byte[] name, final String reason, final long sinceUs) {
            super(feed);
            this.channel = channel;
            this.name = name;
            this.reason = reason;
            this.sinceUs = sinceUs;
        }
    }

    /** It happened at the position of the newest update in front of it. */
    private static final long BEHIND_UPDATES = -1;

    final int feed;
    /** The position at which it happened; negative: that of the newest update in front of it. */
    final long p;
    PendingEntry previous;
    PendingEntry next;

    PendingEntry(final int feed) {
        this(feed, BEHIND_UPDATES);
    }

    PendingEntry(final int feed, final long p) {
        this.feed = feed;
        this.p = p;
    }

    boolean isQueued() {
        return next != null;
    }
}
