package penstock.ring;

/** A topic that is forgotten; its number is free once this is published. Owned by the feed thread. */
final class PendingForgotten extends PendingEntry {
    final int topic;

    PendingForgotten(final int feed, final int topic) {
        super(feed);
        this.topic = topic;
    }
}
