package penstock.ring;

/** A link of the {@link ConflationQueue} of its feed. Owned by the feed thread. */
abstract class PendingEntry {
    /** A topic that is forgotten; its number is free once this is published. */
    static final class Forgotten extends PendingEntry {
        final int topic;

        Forgotten(final int feed, final int topic) {
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

    final int feed;
    PendingEntry previous;
    PendingEntry next;

    PendingEntry(final int feed) {
        this.feed = feed;
    }

    boolean isQueued() {
        return next != null;
    }
}
